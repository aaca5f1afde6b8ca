package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Chunk;
import doppio.internal.Fma;
import doppio.internal.scalar.Passes.Pass;
import doppio.internal.threads.Cost;

/**
 * The logistic function 1 / (1 + e⁻ˣ) out of {@link Exp}: with y = e^−|x|, which cannot overflow,
 * it is 1 / (1 + y) where x ≥ 0, else y / (1 + y).
 */
public class Sigmoid {
  /** gx = gy · (1 − y) · y. */
  static final Elementwise GRADIENT =
      new Elementwise(Cost.PASS) {
        @Override
        void loop(double factor, double[] y, double[] gy, double[] gx, int from, int to) {
          for (int i = from; i < to; i++) {
            gx[i] = gy[i] * (1 - y[i]) * y[i];
          }
        }
      };

  private final Exp exp;
  private volatile Pass[] passes;

  /** One that takes e^−|x| from there. */
  protected Sigmoid(Exp exp) {
    this.exp = exp;
  }

  /** y[y0 + i] = 1 / (1 + e^−x[x0 + i]) for the i &lt; length. */
  final void apply(double[] x, int x0, double[] y, int y0, int length) {
    if (passes == null) {
      passes =
          new Pass[] {
            Sigmoid::minusAbs,
            exp::argument,
            exp::expm1,
            exp::powersOfTwo,
            exp::scale,
            this::chooseOne,
            this::ratio
          };
    }
    Passes.run(passes, x, x0, y, y0, length);
  }

  private static void minusAbs(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    for (int i = 0; i < n; i++) {
      y[i] = -Math.abs(x[i]);
    }
  }

  /**
   * p = 1 where x ≥ 0, else y, without a branch: the line through 1 at 0 is so steep that it is
   * below 0 for each x &lt; 0 but those whose y is 1.
   */
  protected void chooseOne(Chunk c, int n) {
    double[] x = c.x;
    double[] y = c.y;
    double[] p = c.p;
    for (int i = 0; i < n; i++) {
      p[i] = Math.max(y[i], Math.min(1, x[i] * Exp.STEEP + 1));
    }
  }

  /** y = p / (1 + y), where y = e^−|x| cannot overflow and p is 1 or y. */
  protected void ratio(Chunk c, int n) {
    double[] y = c.y;
    double[] p = c.p;
    if (!Fma.FAST) {
      for (int i = 0; i < n; i++) {
        y[i] = p[i] / (1 + y[i]);
      }
      return;
    }
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
