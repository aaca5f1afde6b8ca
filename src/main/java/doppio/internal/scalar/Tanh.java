package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Chunk;
import doppio.internal.scalar.Passes.Pass;
import doppio.internal.threads.Cost;

/**
 * The hyperbolic tangent out of {@link Exp}: with u = e^(−2|x|) − 1 it is −u / (u + 2), and has the
 * sign of x.
 */
public class Tanh {
  /** gx = gy · (1 − y²). */
  static final Elementwise GRADIENT =
      new Elementwise(Cost.PASS) {
        @Override
        void loop(double factor, double[] y, double[] gy, double[] gx, int from, int to) {
          for (int i = from; i < to; i++) {
            gx[i] = gy[i] * (1 - y[i] * y[i]);
          }
        }
      };

  /** Long before it, tanh is ±1. */
  public static final double MAX = 300;

  private final Exp exp;
  private volatile Pass[] passes;

  /** One that takes the polynomial from there. */
  protected Tanh(Exp exp) {
    this.exp = exp;
  }

  /** y[y0 + i] = tanh x[x0 + i] for the i &lt; length. */
  final void apply(double[] x, int x0, double[] y, int y0, int length) {
    if (passes == null) {
      passes = passes();
    }
    Passes.run(passes, x, x0, y, y0, length);
  }

  /** What makes c.y = tanh x of c.x. */
  Pass[] passes() {
    return new Pass[] {this::argument, exp::expm1, this::powerOfTwo, this::ratio, this::copySign};
  }

  /** y = −2|x| within bounds, and k + ROUNDER, where k is the integer next to y / ln 2. */
  protected void argument(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    double[] k = c.k;
    for (int i = 0; i < n; i++) {
      double bounded = -2 * Math.min(Math.abs(x[i]), MAX);
      y[i] = bounded;
      k[i] = fma(bounded, Exp.LOG2_E, Exp.ROUNDER);
    }
  }

  /** s = 2^k. */
  protected void powerOfTwo(Chunk c, int n) {
    double[] k = c.k;
    double[] s = c.s;
    for (int i = 0; i < n; i++) {
      s[i] = Exp.powerOfTwo(k[i]);
    }
  }

  /** y = tanh |x| = −u / (u + 2) with u = e^(−2|x|) − 1 = s·p + (s − 1). */
  protected void ratio(Chunk c, int n) {
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
  protected void copySign(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    for (int i = 0; i < n; i++) {
      y[i] = Math.copySign(y[i], x[i]);
    }
  }
}
