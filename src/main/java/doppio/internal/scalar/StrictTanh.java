package doppio.internal.scalar;

import doppio.internal.Chunk;
import doppio.internal.scalar.Passes.Pass;

/**
 * {@link StrictMath#tanh} over arrays, to the bit, as {@link StrictExp} has the exponential: with u
 * = e^(−2|x|) − 1 where |x| &lt; 1 it is −u / (u + 2), and 1 − 2 / (u + 2) with u = e^(2|x|) − 1
 * beyond; both times the sign of x.
 *
 * <p>u = 2^k (1 + r − e − 2^−k), where e^r − 1 = r − e. The three sums are taken in another order
 * for k ≤ −2, for k &lt; 20 and from there on; what an order leaves out is 0 in it.
 *
 * <p>Source: fdlibm's s_tanh.c and s_expm1.c (Sun Microsystems, 1995).
 */
final class StrictTanh extends Tanh {
  /** Long before it, tanh is ±1. */
  private static final double LIMIT = 20;

  private static final double BELOW_ONE = Math.nextDown(1.0);

  private static final double Q1 = -0x1.11111111110f4p-5;
  private static final double Q2 = 0x1.a01a019fe5585p-10;
  private static final double Q3 = -0x1.4ce199eaadbb7p-14;
  private static final double Q4 = 0x1.0cfca86e65239p-18;
  private static final double Q5 = -0x1.afdb76e09c32dp-23;

  StrictTanh(Exp exp) {
    super(exp);
  }

  @Override
  Pass[] passes() {
    return new Pass[] {
      this::argument,
      StrictTanh::reduce,
      StrictTanh::quotient,
      StrictTanh::error,
      this::powerOfTwo,
      StrictTanh::expm1,
      this::ratio,
      this::copySign
    };
  }

  /** t = 1 where |x| ≥ 1, else 0; y = ±2|x|, and k, the integer next to y / ln 2. */
  @Override
  protected void argument(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    double[] k = c.k;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      double size = Math.abs(x[i]);
      double isLarge = Math.max(0, Math.min((size - BELOW_ONE) * Exp.STEEP, 1));
      double argument = 2 * Math.min(size, LIMIT) * (2 * isLarge - 1);
      y[i] = argument;
      k[i] = StrictExp.multiple(argument);
      t[i] = isLarge;
    }
  }

  /** s = r = y − k·ln 2, and p, its rounding error. */
  private static void reduce(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    double[] s = c.s;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      double high = y[i] - k[i] * StrictExp.LN2_HIGH;
      double low = k[i] * StrictExp.LN2_LOW;
      double r = high - low;
      s[i] = r;
      p[i] = (high - r) - low;
    }
  }

  /** y = the part of e that is a quotient, over r. */
  private static void quotient(Chunk c, int n) {
    double[] y = c.y;
    double[] s = c.s;
    for (int i = 0; i < n; i++) {
      double r = s[i];
      double half = 0.5 * r;
      double h = r * half;
      double q = 1 + h * (Q1 + h * (Q2 + h * (Q3 + h * (Q4 + h * Q5))));
      double t = 3 - q * half;
      y[i] = h * ((q - t) / (6 - r * t));
    }
  }

  /** p = e. */
  private static void error(Chunk c, int n) {
    double[] y = c.y;
    double[] s = c.s;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      double r = s[i];
      p[i] = (r * (y[i] - p[i]) - p[i]) - r * (0.5 * r);
    }
  }

  /** k = 2^−k. */
  @Override
  protected void powerOfTwo(Chunk c, int n) {
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      k[i] = Exp.powerOfTwo(Exp.ROUNDER - k[i]);
    }
  }

  /** y = u, whose 2^−k is the sum of three numbers, two of them 0: large, small and the rest. */
  private static void expm1(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    double[] s = c.s;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      double unit = k[i];
      double large = 4 * Math.floor(0.25 * unit);
      double most = 0x1p-19 * Math.floor(0x1p19 * unit);
      double small = unit - most;
      y[i] = (((1 - (most - large)) + (s[i] - (p[i] + small))) - large) / unit;
    }
  }

  /** y = tanh |x|. */
  @Override
  protected void ratio(Chunk c, int n) {
    double[] y = c.y;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      y[i] = t[i] - Math.min(y[i], 2) / (y[i] + 2);
    }
  }
}
