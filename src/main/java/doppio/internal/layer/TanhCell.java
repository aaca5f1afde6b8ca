package doppio.internal.layer;

import doppio.internal.choice.KernelChoice;

/** h = tanh of the sum of both products. */
public final class TanhCell extends Cell {
  /** The only one. */
  public static final TanhCell CELL = new TanhCell();

  private TanhCell() {
    super(1, 0, false, -1);
  }

  @Override
  void forward(Track t, int step, double[] x, int x0, double[] p) {
    int h0 = t.state(step + 1);
    add(x, x0, p, 0, t.states, h0, t.size);
    KernelChoice.kernels().tanh(t.states, h0, t.states, h0, t.size);
  }

  @Override
  void backward(Track t, int step, double[] gh, double[] carry, double[] gx, double[] gp, int g0) {
    int gy0 = t.state(step);
    int h0 = gy0 + t.size;
    for (int j = 0; j < t.size; j++) {
      double h = t.states[h0 + j];
      gx[g0 + j] = (t.gradient[gy0 + j] + gh[j]) * (1 - h * h);
    }
  }
}
