package doppio.internal.scalar;

import doppio.internal.Chunk;

/**
 * {@link StrictMath#exp} over arrays, to the bit, for processors without fused multiply-add: the
 * operations that define it, in their order. Where they branch there are minima and maxima here,
 * because the JIT vectorises neither a branch nor a look at the bits of a double.
 *
 * <p>x = k·ln 2 + r with |r| ≤ ½ ln 2, r the difference of two numbers, high − low. With d = r − r²
 * (P1 + P2·r² + … + P5·r⁸) it is e^r = 1 + r + r·d / (2 − d).
 *
 * <p>Source: fdlibm's e_exp.c (Sun Microsystems, 1995), which {@link StrictMath} has to agree with.
 */
final class StrictExp extends Exp {
  static final double LN2_HIGH = 0x1.62e42feep-1;
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Up to here k is 0: ½ ln 2, of which fdlibm compares the upper 32 bits alone. */
  private static final double HALF_LN2 = Math.nextDown(0x1.62e43p-2);

  /** Up to here e^x is 1 + x. */
  private static final double TINY = Math.nextDown(0x1p-28);

  private static final double P1 = 0x1.555555555553ep-3;
  private static final double P2 = -0x1.6c16c16bebd93p-9;
  private static final double P3 = 0x1.1566aaf25de2cp-14;
  private static final double P4 = -0x1.bbd41c5d26bf1p-20;
  private static final double P5 = 0x1.6376972bea4dp-25;

  @Override
  protected void argument(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      double bounded = Math.min(Math.max(y[i], EXP_MIN), EXP_MAX);
      y[i] = bounded;
      k[i] = multiple(bounded) + ROUNDER;
    }
  }

  /** k, the integer next to x / ln 2: of two as near the one farther from 0. */
  static double multiple(double x) {
    double beyond = x - Math.min(Math.max(x, -HALF_LN2), HALF_LN2);
    double sign = Math.min(Math.max(beyond * STEEP, -1), 1);
    return sign * Math.floor(Math.abs(x) * LOG2_E + 0.5);
  }

  /** p = e^r, nothing subtracted, for r = y − k·ln 2. */
  @Override
  protected void expm1(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    double[] result = c.p;
    for (int i = 0; i < n; i++) {
      double whole = k[i] - ROUNDER;
      double high = y[i] - whole * LN2_HIGH;
      double low = whole * LN2_LOW;
      double r = high - low;
      double t = r * r;
      double d = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
      double q = Math.max(0, Math.min(r * d / (2 - d), (Math.abs(y[i]) - TINY) * STEEP));
      result[i] = 1 - ((low - q) - high);
    }
  }

  /** y = e^y = p · s · t. */
  @Override
  protected void scale(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    double[] s = c.s;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      y[i] = p[i] * s[i] * t[i];
    }
  }
}
