package doppio.internal.layer;

import static doppio.internal.Fma.fma;

import doppio.internal.Kernels;

/**
 * x for x &gt; 0, else α (e^x − 1). Near 0 the difference would be nothing but rounding, so it is
 * made of h = tanh(x/2): e^x − 1 = 2h / (1 − h), where nothing cancels, for h is not positive.
 */
public final class Elu extends Activation {
  private final double alpha;

  /** With the scale of what is negative. */
  public Elu(double alpha) {
    this.alpha = alpha;
  }

  @Override
  protected void argument(double[] x, double[] t, int from, int to) {
    for (int i = from; i < to; i++) {
      t[i] = 0.5 * Math.min(x[i], 0);
    }
  }

  @Override
  protected void elementary(Kernels kernels, double[] t, int from, int length) {
    kernels.tanh(t, from, t, from, length);
  }

  @Override
  protected void value(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      double h = y[i];
      y[i] = fma(alpha, 2 * h / (1 - h), Math.max(x[i], 0));
    }
  }

  @Override
  protected void argumentOfGradient(double[] x, double[] t, int from, int to) {
    for (int i = from; i < to; i++) {
      t[i] = Math.min(x[i], 0);
    }
  }

  @Override
  protected void gradient(double[] x, double[] gy, double[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      gx[i] = gy[i] * (x[i] > 0 ? 1 : alpha * gx[i]);
    }
  }
}
