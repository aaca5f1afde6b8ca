package doppio.internal.layer;

/**
 * log(1 + e^x): max(x, 0) + log(1 + e^−|x|), which neither overflows nor loses the small side. The
 * logarithm is StrictMath's, the same on every JDK.
 */
public final class SmoothRectifier extends Activation {
  @Override
  protected void argument(double[] x, double[] t, int from, int to) {
    for (int i = from; i < to; i++) {
      t[i] = -Math.abs(x[i]);
    }
  }

  @Override
  protected void value(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0) + StrictMath.log1p(y[i]);
    }
  }

  /** The logistic function: e / (1 + e) with e = e^−|x|, and 1 less that for x ≥ 0. */
  @Override
  protected void gradient(double[] x, double[] gy, double[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      double q = gx[i] / (1 + gx[i]);
      gx[i] = gy[i] * (step(x[i]) + signed(-q, x[i]));
    }
  }
}
