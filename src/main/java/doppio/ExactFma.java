package doppio;

/**
 * a · b + c, rounded once on every processor: random numbers are the same everywhere.
 *
 * <p>{@link Math#fma} gives the same, but takes a microsecond where the processor has no
 * instruction for it; a dozen operations take a few nanoseconds, little beside a draw.
 *
 * <p>Sources: Dekker, "A floating-point technique for extending the available precision" (1971);
 * Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using
 * rounding to odd" (2008).
 */
final class ExactFma {
  /** Splits 53 bits into 26 and 27. */
  private static final double SPLITTER = (1 << 27) + 1;

  /** Between these no intermediate result overflows and no rounding error is lost. */
  private static final double LARGE = 0x1p480;

  private static final double SMALL = 0x1p-480;

  private ExactFma() {}

  /** Sums whose last bit remembers what was cut off can be rounded again. */
  static double fma(double a, double b, double c) {
    if (!(isTame(a) && isTame(b) && isTame(c))) {
      return Math.fma(a, b, c);
    }
    double product = a * b;
    if (product == 0) {
      return product + c;
    }
    double aHigh = high(a);
    double aLow = a - aHigh;
    double bHigh = high(b);
    double bLow = b - bHigh;
    double productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    double low = c + productError;
    double lowError = sumError(c, productError, low);
    double sum = product + low;
    return sum + odd(sumError(product, low, sum), lowError);
  }

  /** The product of two floats is exact as a double. */
  static float fma(float a, float b, float c) {
    return (float) odd((double) a * b, c);
  }

  private static boolean isTame(double x) {
    double size = Math.abs(x);
    return size <= LARGE && (size >= SMALL || size == 0);
  }

  private static double high(double x) {
    double y = SPLITTER * x;
    return y - (y - x);
  }

  /** What the rounding of a + b to sum has cut off. */
  private static double sumError(double a, double b, double sum) {
    double bPart = sum - a;
    return (a - (sum - bPart)) + (b - bPart);
  }

  /** a + b, rounded to the neighbour whose last bit is 1 where it is no double. */
  private static double odd(double a, double b) {
    double sum = a + b;
    double error = sumError(a, b, sum);
    long bits = Double.doubleToRawLongBits(sum);
    if (error == 0 || Double.isNaN(error) || (bits & 1) == 1) {
      return sum;
    }
    return Double.longBitsToDouble(error > 0 == sum > 0 ? bits + 1 : bits - 1);
  }
}
