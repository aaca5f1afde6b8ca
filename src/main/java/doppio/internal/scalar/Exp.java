package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Chunk;
import doppio.internal.scalar.Passes.Pass;

/**
 * e^x over arrays, in operations that a vector unit does lane by lane with the same bits: fused
 * multiply-adds and a shift to build a power of two; tanh and the logistic function add a division.
 *
 * <p>x = n·ln 2 + r with |r| ≤ ½ ln 2 (Cody and Waite, "Software manual for the elementary
 * functions", 1980, in two parts of ln 2, the first short enough for an exact product), e^r − 1 by
 * its Taylor polynomial of degree 13, whose first omitted term is below 2⁻⁵⁷. Errors stay below 1
 * ulp, and 2 ulp for {@link Tanh} and {@link Sigmoid}. Subclasses do a pass in another way.
 */
public class Exp {
  public static final double LOG2_E = 1.4426950408889634;
  public static final double LN2_HIGH = 0x1.62e42fefa3000p-1;
  public static final double LN2_LOW = 0x1.3de6af278ece6p-42;

  /** Added to a number below 2⁵¹, leaves its nearest integer in the low bits of the sum. */
  public static final double ROUNDER = 0x1.8p52;

  public static final long EXPONENT_OF_ONE = 1023L << 52;

  /** Beyond these e^x is 0 or infinite. */
  public static final double EXP_MIN = -746;

  public static final double EXP_MAX = 710;

  /** So steep that a line through 0 is beyond ±1 at every other difference of two doubles here. */
  static final double STEEP = 0x1p1000;

  /** 1/k! for k = 2 … 13. */
  public static final double C2 = 1.0 / 2;

  public static final double C3 = 1.0 / 6;
  public static final double C4 = 1.0 / 24;
  public static final double C5 = 1.0 / 120;
  public static final double C6 = 1.0 / 720;
  public static final double C7 = 1.0 / 5040;
  public static final double C8 = 1.0 / 40320;
  public static final double C9 = 1.0 / 362880;
  public static final double C10 = 1.0 / 3628800;
  public static final double C11 = 1.0 / 39916800;
  public static final double C12 = 1.0 / 479001600;
  public static final double C13 = 1.0 / 6227020800.0;

  // Made when it is needed: a network without it starts faster. Two threads may both make one.
  private volatile Pass[] passes;

  /** y[y0 + i] = e^x[x0 + i] for the i &lt; length; x and y may be the same part of an array. */
  final void apply(double[] x, int x0, double[] y, int y0, int length) {
    if (passes == null) {
      passes = new Pass[] {Exp::copy, this::argument, this::expm1, this::powersOfTwo, this::scale};
    }
    Passes.run(passes, x, x0, y, y0, length);
  }

  private static void copy(Chunk c, int n) {
    System.arraycopy(c.x, 0, c.y, 0, n);
  }

  /** y within bounds, and k + ROUNDER, where k is the integer next to y / ln 2. */
  protected void argument(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      double bounded = Math.min(Math.max(y[i], EXP_MIN), EXP_MAX);
      y[i] = bounded;
      k[i] = fma(bounded, LOG2_E, ROUNDER);
    }
  }

  /** p = e^r − 1 = r + r² (1/2! + r/3! + … + r¹¹/13!) for r = y − k·ln 2 and its rounding error. */
  protected void expm1(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    double[] result = c.p;
    for (int i = 0; i < n; i++) {
      double whole = k[i] - ROUNDER;
      double high = fma(whole, -LN2_HIGH, y[i]);
      double r = fma(whole, -LN2_LOW, high);
      double rLow = fma(whole, -LN2_LOW, high - r);
      double p = fma(C13, r, C12);
      p = fma(p, r, C11);
      p = fma(p, r, C10);
      p = fma(p, r, C9);
      p = fma(p, r, C8);
      p = fma(p, r, C7);
      p = fma(p, r, C6);
      p = fma(p, r, C5);
      p = fma(p, r, C4);
      p = fma(p, r, C3);
      p = fma(p, r, C2);
      result[i] = r + fma(r * r, p, rLow);
    }
  }

  /** s · t = 2^k, in two factors, because it may be no normal number where e^x is one. */
  protected void powersOfTwo(Chunk c, int n) {
    double[] k = c.k;
    double[] s = c.s;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      double whole = k[i] - ROUNDER;
      double half = fma(whole, 0.5, ROUNDER);
      s[i] = powerOfTwo(half);
      t[i] = powerOfTwo((whole - (half - ROUNDER)) + ROUNDER);
    }
  }

  static double powerOfTwo(double k) {
    return Double.longBitsToDouble((Double.doubleToRawLongBits(k) << 52) + EXPONENT_OF_ONE);
  }

  /** y = e^y = (1 + p) · s · t. */
  protected void scale(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    double[] s = c.s;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      y[i] = (1 + p[i]) * s[i] * t[i];
    }
  }
}
