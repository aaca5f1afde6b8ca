package doppio.internal.layer;

import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;

/**
 * r, z = σ of their sums; n = tanh(x + r · p), of the third vectors of both products; h ← n + z ·
 * (h − n). The blocks are r, z, n and the p of n.
 */
public final class GruCell extends Cell {
  /** The only one. */
  public static final GruCell CELL = new GruCell();

  private GruCell() {
    super(3, 4, true, -1);
  }

  @Override
  void forward(Track t, int step, double[] x, int x0, double[] p) {
    int size = t.size;
    double[] k = t.kept;
    int r = t.kept(step);
    int z = r + size;
    int n = z + size;
    gather(t, x, x0, p, r);
    Kernels kernels = KernelChoice.kernels();
    kernels.sigmoid(k, r, k, r, 2 * size);
    int q = n + size;
    for (int j = 0; j < size; j++) {
      k[n + j] += k[r + j] * k[q + j];
    }
    kernels.tanh(k, n, k, n, size);
    double[] h = t.states;
    int old = t.state(step);
    int next = old + size;
    for (int j = 0; j < size; j++) {
      h[next + j] = (h[old + j] - k[n + j]) * k[z + j] + k[n + j];
    }
  }

  private static void gather(Track t, double[] x, int x0, double[] p, int at) {
    int hidden = t.hidden;
    int size = t.size;
    for (int row = 0, from = 0, to = at; row < t.n; row++, from += 3 * hidden, to += hidden) {
      add(x, x0 + from, p, from, t.kept, to, hidden);
      add(x, x0 + from + hidden, p, from + hidden, t.kept, to + size, hidden);
      System.arraycopy(x, x0 + from + 2 * hidden, t.kept, to + 2 * size, hidden);
      System.arraycopy(p, from + 2 * hidden, t.kept, to + 3 * size, hidden);
    }
  }

  @Override
  void backward(Track t, int step, double[] gh, double[] carry, double[] gx, double[] gp, int g0) {
    int hidden = t.hidden;
    int size = t.size;
    double[] k = t.kept;
    double[] gradient = t.gradient;
    double[] h = t.states;
    int old0 = t.state(step);
    int r0 = t.kept(step);
    for (int j = 0, to = g0; j < size; to += 2 * hidden) {
      for (int end = j + hidden; j < end; j++, to++) {
        double r = k[r0 + j];
        double z = k[r0 + size + j];
        double n = k[r0 + 2 * size + j];
        double y = gradient[old0 + j] + gh[j] + carry[j];
        carry[j] = y * z;
        double gn = y * (1 - z) * (1 - n * n);
        double gr = gn * k[r0 + 3 * size + j] * r * (1 - r);
        double gz = y * (h[old0 + j] - n) * z * (1 - z);
        gx[to] = gr;
        gx[to + hidden] = gz;
        gx[to + 2 * hidden] = gn;
        gp[to] = gr;
        gp[to + hidden] = gz;
        gp[to + 2 * hidden] = gn * r;
      }
    }
  }
}
