package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/** The gradient of a linear layer's weight in plain Java. */
final class WeightGradient {
  private static final int NARROW = OuterProducts.NARROW;
  private static final int ROWS = Tiles.ROWS;
  private static final int WIDTH = Tiles.WIDTH;

  private WeightGradient() {}

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  static void weightGradient(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    if (in < NARROW && in <= out) {
      Strips.products(x, x0, 1, in, gy, gy0, gw, gw0, 1, in, in, n, out, add);
      return;
    }
    if (n < ROWS || in < NARROW || out < ROWS) {
      Strips.products(gy, gy0, 1, out, x, x0, gw, gw0, in, 1, out, n, in, add);
      return;
    }
    OuterProducts.blocks(gy, gy0, 1, out, out, x, x0, n, in, gw, gw0, add);
  }

  /** gw[o,i] = Σₙ gy[n,o] · x[n,i], in parts of four rows. */
  static void parts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Kernels.Part part) {
    int blocks = (in + WIDTH - 1) / WIDTH;
    Scratch packed = Scratch.take();
    double[][] copies = packed.rows(blocks * n, Math.min(WIDTH, in));
    for (int block = 0; block < blocks; block++) {
      int i0 = block * WIDTH;
      Packing.copyRows(x, x0 + i0, in, n, Math.min(WIDTH, in - i0), copies, block * n);
    }
    Parallel.run(
        (out + ROWS - 1) / ROWS,
        (n + Cost.UPDATE) * in * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(ROWS * in);
          for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
            int count = Math.min(ROWS, out - o0);
            for (int block = 0; block < blocks; block++) {
              int i0 = block * WIDTH;
              int width = Math.min(WIDTH, in - i0);
              OuterProducts.four(
                  gy, gy0 + o0, 1, out, count, copies, block * n, n, gw, i0, in, width, false);
            }
            part.accept(gw, 0, o0 * in, count * in);
          }
          scratch.give();
        });
    packed.give();
  }
}
