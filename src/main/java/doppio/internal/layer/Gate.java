package doppio.internal.layer;

import static doppio.internal.Fma.fma;

/**
 * x · σ(s(x)), σ the logistic function and s an odd polynomial: x times how open a gate is. With z
 * = |x|, e = e^−s(z) and q = e / (1 + e) = 1 − σ(s(z)) it is max(x, 0) − z·q on both sides of 0.
 */
public final class Gate extends Activation {
  /** Beyond it q is 0 for all of them. */
  private static final double MAX = 750;

  private final double linear;
  private final double cubic;

  /** s(x) = linear · x + cubic · x³, the first positive and the other not negative. */
  public Gate(double linear, double cubic) {
    this.linear = linear;
    this.cubic = cubic;
  }

  @Override
  protected void argument(double[] x, double[] t, int from, int to) {
    for (int i = from; i < to; i++) {
      double z = Math.min(Math.abs(x[i]), MAX);
      t[i] = -z * fma(cubic, z * z, linear);
    }
  }

  @Override
  protected void value(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      double z = Math.min(Math.abs(x[i]), MAX);
      double q = y[i] / (1 + y[i]);
      y[i] = fma(-z, q, Math.max(x[i], 0));
    }
  }

  /** σ + x·σ·(1 − σ)·s'(x): ±(z·(1 − q)·q·s'(z) − q), and 1 more for x ≥ 0. */
  @Override
  protected void gradient(double[] x, double[] gy, double[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      double z = Math.min(Math.abs(x[i]), MAX);
      double open = 1 / (1 + gx[i]);
      double q = gx[i] * open;
      double steepness = fma(3 * cubic, z * z, linear);
      double slope = q * fma(z * steepness, open, -1);
      gx[i] = gy[i] * (step(x[i]) + signed(slope, x[i]));
    }
  }
}
