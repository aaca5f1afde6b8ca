package doppio.internal.layer;

import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;

/**
 * i, f, o = σ of their sums and g = tanh of its own; c ← f · c + i · g; h = o · tanh c. The
 * products have them in the order i, f, g, o; the blocks are i, f, o, g, c, tanh c.
 */
public final class LstmCell extends Cell {
  /** Where the i, f, g and o of the products stand among the blocks. */
  private static final int[] BLOCKS = {0, 1, 3, 2};

  /** The only one. */
  public static final LstmCell CELL = new LstmCell();

  private LstmCell() {
    super(4, 6, false, 4);
  }

  @Override
  void forward(Track t, int step, double[] x, int x0, double[] p) {
    int size = t.size;
    double[] k = t.kept;
    int i = t.kept(step);
    int f = i + size;
    int o = f + size;
    int g = o + size;
    int c = g + size;
    int old = t.keptBefore(step) + memory * size;
    gather(t, x, x0, p, i);
    Kernels kernels = KernelChoice.kernels();
    kernels.sigmoid(k, i, k, i, 3 * size);
    kernels.tanh(k, g, k, g, size);
    for (int j = 0; j < size; j++) {
      k[c + j] = k[f + j] * k[old + j] + k[i + j] * k[g + j];
    }
    int tanh = c + size;
    kernels.tanh(k, c, k, tanh, size);
    double[] h = t.states;
    int h0 = t.state(step + 1);
    for (int j = 0; j < size; j++) {
      h[h0 + j] = k[o + j] * k[tanh + j];
    }
  }

  private static void gather(Track t, double[] x, int x0, double[] p, int at) {
    int hidden = t.hidden;
    for (int row = 0, from = 0; row < t.n; row++) {
      for (int block : BLOCKS) {
        add(x, x0 + from, p, from, t.kept, at + block * t.size + row * hidden, hidden);
        from += hidden;
      }
    }
  }

  @Override
  void backward(Track t, int step, double[] gh, double[] carry, double[] gx, double[] gp, int g0) {
    int hidden = t.hidden;
    int size = t.size;
    double[] k = t.kept;
    double[] gradient = t.gradient;
    int gy0 = t.state(step);
    int i0 = t.kept(step);
    int old0 = t.keptBefore(step) + memory * size;
    for (int j = 0, to = g0; j < size; to += 3 * hidden) {
      for (int end = j + hidden; j < end; j++, to++) {
        double i = k[i0 + j];
        double f = k[i0 + size + j];
        double o = k[i0 + 2 * size + j];
        double g = k[i0 + 3 * size + j];
        double tanh = k[i0 + 5 * size + j];
        double y = gradient[gy0 + j] + gh[j];
        double c = carry[j] + y * o * (1 - tanh * tanh);
        carry[j] = c * f;
        gx[to] = c * g * i * (1 - i);
        gx[to + hidden] = c * k[old0 + j] * f * (1 - f);
        gx[to + 2 * hidden] = c * i * (1 - g * g);
        gx[to + 3 * hidden] = y * tanh * o * (1 - o);
      }
    }
  }
}
