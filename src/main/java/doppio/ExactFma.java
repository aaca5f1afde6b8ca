package doppio;

/**
 * a · b + c, rounded once on every processor: random numbers are the same everywhere.
 *
 * <p>{@link Math#fma} gives the same, but takes a microsecond and more where the processor has no
 * instruction for it; a few dozen operations take nanoseconds, little beside a draw. A sum whose
 * last bit remembers what was cut off can be rounded again.
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

  /** So many powers of two apart, the smaller number only says on which side of the other one. */
  private static final int APART = 110;

  private ExactFma() {}

  static double fma(double a, double b, double c) {
    if (!(isTame(a) && isTame(b) && isTame(c))) {
      return wild(a, b, c);
    }
    double product = a * b;
    if (product == 0) {
      return product + c;
    }
    double error = productError(a, b, product);
    double low = c + error;
    double sum = product + low;
    return sum + rest(c, product, error, low, sum);
  }

  private static double wild(double a, double b, double c) {
    boolean isPlain = a == 0 || b == 0 || !Double.isFinite(a) || !Double.isFinite(b);
    if (isPlain) {
      return a * b + c;
    }
    if (c == 0) {
      return a * b;
    }
    return Double.isFinite(c) ? scaled(a, b, c) : c;
  }

  /** The same of numbers of any size but 0, which are brought to sizes of about 1 first. */
  private static double scaled(double a, double b, double c) {
    int exponent = exponent(a) + exponent(b);
    int apart = exponent(c) - exponent;
    int shift = Math.max(-APART, Math.min(APART, apart));
    if (apart > shift) {
      exponent = exponent(c) - shift;
    }
    double x = Math.scalb(a, -exponent(a));
    double y = Math.scalb(b, -exponent(b));
    double z = Math.scalb(c, shift - exponent(c));
    double product = x * y;
    double error = productError(x, y, product);
    double low = z + error;
    double sum = product + low;
    double rest = rest(z, product, error, low, sum);
    double result = sum + rest;
    if (Math.getExponent(result) + exponent >= Double.MIN_EXPONENT) {
      return Math.scalb(result, exponent);
    }
    // It has fewer bits: added to the smallest number that has all, it is rounded where they end.
    double beside = Math.copySign(Math.scalb(1.0, Double.MIN_EXPONENT - exponent), result);
    double both = beside + sum;
    double rounded = both + odd(sumError(beside, sum, both), rest);
    return Math.copySign(Math.scalb(rounded - beside, exponent), result);
  }

  /** The product of two floats is exact as a double. */
  static float fma(float a, float b, float c) {
    return (float) odd((double) a * b, c);
  }

  private static boolean isTame(double x) {
    double size = Math.abs(x);
    return size <= LARGE && (size >= SMALL || size == 0);
  }

  /** Of the leading bit, which in the smallest numbers stands lower than the field says. */
  private static int exponent(double x) {
    int exponent = Math.getExponent(x);
    return exponent >= Double.MIN_EXPONENT ? exponent : Math.getExponent(x * 0x1p54) - 54;
  }

  /** What the rounding of a · b to product has cut off. */
  private static double productError(double a, double b, double product) {
    double aHigh = high(a);
    double aLow = a - aHigh;
    double bHigh = high(b);
    double bLow = b - bHigh;
    return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  }

  /** What is left of (product + error) + c beside sum: a sum whose last bit remembers. */
  private static double rest(double c, double product, double error, double low, double sum) {
    return odd(sumError(product, low, sum), sumError(c, error, low));
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
