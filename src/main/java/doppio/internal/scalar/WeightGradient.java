package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/** The gradient of a linear layer's weight in plain Java. */
final class WeightGradient {
  private static final int NARROW = OuterProducts.NARROW;
  private static final int ROWS = Tiles.ROWS;
  private static final int WIDTH = Tiles.WIDTH;

  /** Rows whose results stay in the second-level cache while more than one chain passes by. */
  private static final int TOGETHER = 8 * ROWS;

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

  /** gw[o,i] = Σₙ gy[n,o] · x[n,i], in parts of some rows. */
  static void parts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Kernels.Part part) {
    Scratch packed = Scratch.take();
    if (out < ROWS) {
      double[] gw = packed.results(out * in);
      weightGradient(gy, gy0, x, x0, gw, 0, n, in, out, false);
      part.accept(gw, 0, 0, out * in);
      packed.give();
      return;
    }
    int blocks = (in + WIDTH - 1) / WIDTH;
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
          int together = n > Sums.TERMS ? TOGETHER : ROWS;
          double[] gw = scratch.results(together * in);
          int end = Math.min(out, to * ROWS);
          for (int first = from * ROWS; first < end; first += together) {
            int rows = Math.min(together, end - first);
            for (int n0 = 0; n0 < Math.max(n, 1); n0 += Sums.TERMS) {
              int size = Math.min(Sums.TERMS, n - n0);
              for (int block = 0; block < blocks; block++) {
                int i0 = block * WIDTH;
                int width = Math.min(WIDTH, in - i0);
                int a = gy0 + n0 * out + first;
                int from0 = block * n + n0;
                boolean more = n0 > 0;
                OuterProducts.rows(
                    gy, a, 1, out, copies, from0, size, gw, i0, in, width, more, 0, rows);
              }
            }
            part.accept(gw, 0, first * in, rows * in);
          }
          scratch.give();
        });
    packed.give();
  }
}
