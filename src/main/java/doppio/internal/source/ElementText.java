package doppio.internal.source;

/**
 * The elementary functions of the kernels as Java text, operation by operation as they stand in
 * {@code scalar} and {@code layer}, where each is explained: the same operations give the same
 * bits.
 */
final class ElementText {
  static final String TEXT =
      """
      /** e^x: x = k ln 2 + r with |r| at most half of ln 2; e^r - 1 is a polynomial. */
      private static double exp(double x) {
        if (!FUSED) {
          return StrictMath.exp(x);
        }
        double bounded = Math.min(Math.max(x, -746), 710);
        // The sum with 1.5 * 2^52 has the nearest whole number in its low bits.
        double k = fma(bounded, 1.4426950408889634, 0x1.8p52);
        double whole = k - 0x1.8p52;
        double half = fma(whole, 0.5, 0x1.8p52);
        double s = powerOfTwo(half);
        double t = powerOfTwo((whole - (half - 0x1.8p52)) + 0x1.8p52);
        return (1 + expm1(bounded, k)) * s * t;
      }

      /** e^r - 1 for r = y - k ln 2 by its Taylor polynomial; k comes with 1.5 * 2^52 added. */
      private static double expm1(double y, double k) {
        double whole = k - 0x1.8p52;
        double high = fma(whole, -0x1.62e42fefa3000p-1, y);
        double r = fma(whole, -0x1.3de6af278ece6p-42, high);
        double rLow = fma(whole, -0x1.3de6af278ece6p-42, high - r);
        double p = fma(1.0 / 6227020800.0, r, 1.0 / 479001600);
        p = fma(p, r, 1.0 / 39916800);
        p = fma(p, r, 1.0 / 3628800);
        p = fma(p, r, 1.0 / 362880);
        p = fma(p, r, 1.0 / 40320);
        p = fma(p, r, 1.0 / 5040);
        p = fma(p, r, 1.0 / 720);
        p = fma(p, r, 1.0 / 120);
        p = fma(p, r, 1.0 / 24);
        p = fma(p, r, 1.0 / 6);
        p = fma(p, r, 1.0 / 2);
        return r + fma(r * r, p, rLow);
      }

      /** 2^k for a whole k, which comes with 1.5 * 2^52 added. */
      private static double powerOfTwo(double k) {
        return Double.longBitsToDouble((Double.doubleToRawLongBits(k) << 52) + (1023L << 52));
      }

      /** The hyperbolic tangent: -u / (u + 2) with u = e^(-2|x|) - 1, and the sign of x. */
      private static double tanh(double x) {
        if (!FUSED) {
          return StrictMath.tanh(x);
        }
        double bounded = -2 * Math.min(Math.abs(x), 300);
        double k = fma(bounded, 1.4426950408889634, 0x1.8p52);
        double p = expm1(bounded, k);
        double s = powerOfTwo(k);
        double base = s - 1;
        double u = fma(s, p, base);
        double uLow = fma(s, p, base - u);
        double d = u + 2;
        double dLow = (u - (d - 2)) + uLow;
        // The quotient of the leading parts, corrected by its remainder.
        double inverse = 1 / d;
        double q = (0 - u) * inverse;
        double remainder = fma(-q, dLow, fma(-q, d, 0 - u) - uLow);
        return Math.copySign(fma(remainder, inverse, q), x);
      }

      /** 1 / (1 + e^-x), out of e^-|x|, which cannot overflow. */
      private static double sigmoid(double x) {
        double e = exp(-Math.abs(x));
        double p = x >= 0 ? 1 : e;
        double d = 1 + e;
        if (!FUSED) {
          return p / d;
        }
        double dLow = e - (d - 1);
        double inverse = 1 / d;
        double q = p * inverse;
        double remainder = fma(-q, dLow, fma(-q, d, p));
        return fma(remainder, inverse, q);
      }

      /** x * sigmoid(linear * x + cubic * x^3). */
      private static double gate(double linear, double cubic, double x) {
        double z = Math.min(Math.abs(x), 750);
        double e = exp(-z * fma(cubic, z * z, linear));
        double q = e / (1 + e);
        return fma(-z, q, Math.max(x, 0));
      }

      /** x where it is positive, else alpha (e^x - 1), out of tanh(x / 2). */
      private static double elu(double alpha, double x) {
        double h = tanh(0.5 * Math.min(x, 0));
        return fma(alpha, 2 * h / (1 - h), Math.max(x, 0));
      }

      /** log(1 + e^x). */
      private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(exp(-Math.abs(x)));
      }

      /** x times the normal distribution's function at x, out of its upper tail. */
      private static double gelu(double x) {
        double z = Math.min(Math.abs(x), 40);
        double square = z * z;
        double e = exp(-0.5 * square);
        double exact = fma(-0.5 * fma(z, z, -square), e, e);
        double q = exact * tailRatio(z);
        return fma(-z, q, Math.max(x, 0));
      }

      /** (1/2 erfc(z / sqrt 2)) / e^(-z^2 / 2) for z from 0 to 40, by a polynomial. */
      private static double tailRatio(double z) {
        double u = (z - 5) / (z + 5);
        double p = fma(0x1.8cd6249c0f511p-31, u, 0x1.0c5d149847876p-28);
        p = fma(p, u, 0x1.b7507842726a6p-32);
        p = fma(p, u, -0x1.1058f2df47645p-25);
        p = fma(p, u, -0x1.773a0ead7dac9p-26);
        p = fma(p, u, 0x1.aa46814309d74p-23);
        p = fma(p, u, 0x1.0b44ea615861dp-23);
        p = fma(p, u, -0x1.5f91d56fc7009p-20);
        p = fma(p, u, -0x1.2738f541c4345p-24);
        p = fma(p, u, 0x1.300a1738dc316p-17);
        p = fma(p, u, -0x1.4c12ea3c1ebdfp-17);
        p = fma(p, u, -0x1.c1b2517ccf0cdp-15);
        p = fma(p, u, 0x1.7e61f207da2a8p-13);
        p = fma(p, u, 0x1.057213aaea8f4p-17);
        p = fma(p, u, -0x1.b75f4fc847535p-10);
        p = fma(p, u, 0x1.ab6d038660160p-8);
        p = fma(p, u, -0x1.f11aab02585f1p-7);
        p = fma(p, u, 0x1.92037bab64a5bp-6);
        p = fma(p, u, -0x1.b08e0007b8689p-6);
        p = fma(p, u, 0x1.47c1d03052c1fp-7);
        p = fma(p, u, 0x1.fc66cc64a14d0p-6);
        p = fma(p, u, -0x1.76ff86859eb0cp-4);
        p = fma(p, u, 0x1.d8979b0f2b39dp-2);
        return p / (1 + z);
      }

      /** a * b + c, rounded once where the processor does that in one instruction. */
      private static double fma(double a, double b, double c) {
        return FUSED ? Math.fma(a, b, c) : a * b + c;
      }

      // Otherwise Math.fma is a thousand times slower: 64 take 50 microseconds and not 3.
      private static final boolean FUSED = isFused();

      private static boolean isFused() {
        double x = 0.1;
        for (int trial = 0; trial < 20; trial++) {
          long start = System.nanoTime();
          for (int i = 0; i < 64; i++) {
            x = Math.fma(x, 0.7, 0.1);
          }
          if (System.nanoTime() - start < 12_000 && x > 0) {
            return true;
          }
        }
        return false;
      }
      """;

  private ElementText() {}
}
