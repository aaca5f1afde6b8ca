package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * e^x, tanh and the logistic function over arrays, in operations that a vector unit does lane by
 * lane with the same bits: fused multiply-adds, one division, and a shift to build a power of two.
 *
 * <p>x = n·ln 2 + r with |r| ≤ ½ ln 2 (Cody and Waite, "Software manual for the elementary
 * functions", 1980, in two parts of ln 2, the first short enough for an exact product), e^r − 1 by
 * its Taylor polynomial of degree 13, whose first omitted term is below 2⁻⁵⁷. Errors stay below 1
 * ulp for e^x and 2 ulp for the others.
 *
 * <p>Each function is a row of passes over a chunk that stays in the first-level cache, for the JIT
 * vectorises several small loops and not one large one. The passes are called through an array, at
 * one place for all of them, so that the JIT does not put them together again. Subclasses do a pass
 * in another way.
 */
class Elementary {
  /** One loop over the first n elements of a chunk's arrays. */
  interface Pass {
    void run(Chunk c, int n);
  }

  static final double LOG2_E = 1.4426950408889634;
  static final double LN2_HIGH = 0x1.62e42fefa3000p-1;
  static final double LN2_LOW = 0x1.3de6af278ece6p-42;

  /** Added to a number below 2⁵¹, leaves its nearest integer in the low bits of the sum. */
  static final double ROUNDER = 0x1.8p52;

  static final long EXPONENT_OF_ONE = 1023L << 52;

  /** Beyond these e^x is 0 or infinite; tanh is ±1 long before. */
  static final double EXP_MIN = -746;

  static final double EXP_MAX = 710;
  static final double TANH_MAX = 300;

  /** 1/k! for k = 2 … 13. */
  static final double C2 = 1.0 / 2;

  static final double C3 = 1.0 / 6;
  static final double C4 = 1.0 / 24;
  static final double C5 = 1.0 / 120;
  static final double C6 = 1.0 / 720;
  static final double C7 = 1.0 / 5040;
  static final double C8 = 1.0 / 40320;
  static final double C9 = 1.0 / 362880;
  static final double C10 = 1.0 / 3628800;
  static final double C11 = 1.0 / 39916800;
  static final double C12 = 1.0 / 479001600;
  static final double C13 = 1.0 / 6227020800.0;

  // Made when they are needed: a network without them starts faster. Two threads may both make one.
  private Pass[] exp;
  private Pass[] tanh;
  private Pass[] sigmoid;

  /** y = e^x on a part of the arrays. */
  final void exp(double[] x, double[] y, int from, int to) {
    if (Fma.FAST) {
      if (exp == null) {
        exp =
            new Pass[] {
              Elementary::copy, this::expArgument, this::expm1, this::powersOfTwo, this::scale
            };
      }
      run(exp, x, y, from, to);
    } else {
      for (int i = from; i < to; i++) {
        y[i] = StrictMath.exp(x[i]);
      }
    }
  }

  /** y = tanh x on a part of the arrays. */
  final void tanh(double[] x, double[] y, int from, int to) {
    if (Fma.FAST) {
      if (tanh == null) {
        tanh =
            new Pass[] {
              this::tanhArgument, this::expm1, this::powerOfTwo, this::tanhRatio, this::copySign
            };
      }
      run(tanh, x, y, from, to);
    } else {
      for (int i = from; i < to; i++) {
        y[i] = StrictMath.tanh(x[i]);
      }
    }
  }

  /** y = 1 / (1 + e⁻ˣ) on a part of the arrays. */
  final void sigmoid(double[] x, double[] y, int from, int to) {
    if (Fma.FAST) {
      if (sigmoid == null) {
        sigmoid =
            new Pass[] {
              Elementary::minusAbs,
              this::expArgument,
              this::expm1,
              this::powersOfTwo,
              this::scale,
              this::chooseOne,
              this::sigmoidRatio
            };
      }
      run(sigmoid, x, y, from, to);
    } else {
      for (int i = from; i < to; i++) {
        double e = StrictMath.exp(-Math.abs(x[i]));
        y[i] = (x[i] >= 0 ? 1 : e) / (1 + e);
      }
    }
  }

  private static void run(Pass[] passes, double[] x, double[] y, int from, int to) {
    Scratch scratch = Scratch.take();
    Chunk c = scratch.chunk;
    for (int i = from; i < to; i += Chunk.SIZE) {
      int n = Math.min(Chunk.SIZE, to - i);
      System.arraycopy(x, i, c.x, 0, n);
      for (Pass pass : passes) {
        pass.run(c, n);
      }
      System.arraycopy(c.y, 0, y, i, n);
    }
    scratch.give();
  }

  private static void copy(Chunk c, int n) {
    System.arraycopy(c.x, 0, c.y, 0, n);
  }

  private static void minusAbs(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(x[i]);
    }
  }

  /** y within bounds, and k + ROUNDER, where k is the integer next to y / ln 2. */
  void expArgument(Chunk c, int n) {
    double[] y = c.y;
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      double bounded = Math.min(Math.max(y[i], EXP_MIN), EXP_MAX);
      y[i] = bounded;
      k[i] = fma(bounded, LOG2_E, ROUNDER);
    }
  }

  /** y = −2|x| within bounds, and k + ROUNDER, where k is the integer next to y / ln 2. */
  void tanhArgument(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      double bounded = -2 * Math.min(Math.abs(x[i]), TANH_MAX);
      y[i] = bounded;
      k[i] = fma(bounded, LOG2_E, ROUNDER);
    }
  }

  /** p = e^r − 1 = r + r² (1/2! + r/3! + … + r¹¹/13!) for r = y − k·ln 2 and its rounding error. */
  void expm1(Chunk c, int n) {
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

  /** s = 2^k. */
  void powerOfTwo(Chunk c, int n) {
    double[] k = c.k;
    double[] s = c.s;
    for (int i = 0; i < n; i++) {
      s[i] = powerOfTwo(k[i]);
    }
  }

  /** s · t = 2^k, in two factors, for it may be no normal number where e^x is one. */
  void powersOfTwo(Chunk c, int n) {
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

  private static double powerOfTwo(double k) {
    return Double.longBitsToDouble((Double.doubleToRawLongBits(k) << 52) + EXPONENT_OF_ONE);
  }

  /** y = e^y = (1 + p) · s · t. */
  void scale(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    double[] s = c.s;
    double[] t = c.t;
    for (int i = 0; i < n; i++) {
      y[i] = (1 + p[i]) * s[i] * t[i];
    }
  }

  /** y = tanh |x| = −u / (u + 2) with u = e^(−2|x|) − 1 = s·p + (s − 1). */
  void tanhRatio(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    double[] s = c.s;
    for (int i = 0; i < n; i++) {
      double base = s[i] - 1;
      double u = fma(s[i], p[i], base);
      double uLow = fma(s[i], p[i], base - u);
      double d = u + 2;
      double dLow = (u - (d - 2)) + uLow;
      // The quotient of the leading parts, corrected by its exact remainder.
      double inverse = 1 / d;
      double q = (0 - u) * inverse;
      double remainder = fma(-q, dLow, fma(-q, d, 0 - u) - uLow);
      y[i] = fma(remainder, inverse, q);
    }
  }

  /** Gives y the sign of x. */
  void copySign(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    for (int i = 0; i < n; i++) {
      y[i] = Math.copySign(y[i], x[i]);
    }
  }

  /** p = 1 where x ≥ 0, else y. */
  void chooseOne(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      p[i] = x[i] >= 0 ? 1 : y[i];
    }
  }

  /** y = p / (1 + y), where y = e^−|x| cannot overflow and p is 1 or y. */
  void sigmoidRatio(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      double d = 1 + y[i];
      double dLow = y[i] - (d - 1);
      double inverse = 1 / d;
      double q = p[i] * inverse;
      double remainder = fma(-q, dLow, fma(-q, d, p[i]));
      y[i] = fma(remainder, inverse, q);
    }
  }
}
