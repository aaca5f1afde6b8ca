package doppio.internal;

import java.util.Arrays;

/**
 * The backward products of a linear layer in plain Java.
 *
 * <p>Operands are first copied to rows of their own, as the {@link ScalarTiles} need them: a small
 * part of the work, unless the matrices are narrow. Those are done by {@link ScalarStrips}.
 */
final class ScalarOuterProducts {
  /** Below this many columns a vectorised loop is too short to pay for the copies. */
  private static final int NARROW = 24;

  private static final int ROWS = ScalarTiles.ROWS;
  private static final int WIDTH = ScalarTiles.WIDTH;

  private ScalarOuterProducts() {}

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    if (n < ROWS || in < NARROW || out < ROWS) {
      Parallel.run(
          n,
          (long) n * in * out,
          (from, to) -> ScalarStrips.products(gy, out, 1, w, gx, in, 1, from, to, out, in, false));
      return;
    }
    blocks(gy, out, 1, n, w, out, in, gx, false);
  }

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  static void weightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    if (in < NARROW && in <= out) {
      ScalarStrips.products(x, 1, in, gy, gw, 1, in, 0, in, n, out, add);
      return;
    }
    if (n < ROWS || in < NARROW || out < ROWS) {
      Parallel.run(
          out,
          (long) n * in * out,
          (from, to) -> ScalarStrips.products(gy, 1, out, x, gw, in, 1, from, to, n, in, add));
      return;
    }
    blocks(gy, 1, out, out, x, n, in, gw, add);
  }

  /** gw[o,i] = Σₙ gy[n,o] · x[n,i], in parts of four rows. */
  static void weightGradientParts(
      double[] gy, double[] x, int n, int in, int out, Kernels.Part part) {
    int blocks = (in + WIDTH - 1) / WIDTH;
    Scratch packed = Scratch.take();
    double[][] copies = packed.rows(blocks * n, Math.min(WIDTH, in));
    for (int block = 0; block < blocks; block++) {
      int i0 = block * WIDTH;
      copyRows(x, i0, in, n, Math.min(WIDTH, in - i0), copies, block * n);
    }
    Parallel.run(
        (out + ROWS - 1) / ROWS,
        (n + ScalarKernels.WORK_OF_UPDATE) * in * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(ROWS * in);
          for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
            int count = Math.min(ROWS, out - o0);
            for (int block = 0; block < blocks; block++) {
              int i0 = block * WIDTH;
              int width = Math.min(WIDTH, in - i0);
              four(gy, o0, 1, out, count, copies, block * n, n, gw, i0, in, width, false);
            }
            part.accept(gw, 0, o0 * in, count * in);
          }
          scratch.give();
        });
    packed.give();
  }

  /**
   * c[r,j] = (c[r,j] if {@code add}, else 0) + Σₖ a[r·aRow + k·aStep] · b[k,j] for the rows r &lt;
   * {@code rows} and all k &lt; {@code size}: a block of columns after the other.
   */
  private static void blocks(
      double[] a,
      int aRow,
      int aStep,
      int rows,
      double[] b,
      int size,
      int columns,
      double[] c,
      boolean add) {
    Parallel.run(
        (columns + WIDTH - 1) / WIDTH,
        (long) rows * size * columns,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int block = from; block < to; block++) {
            int j0 = block * WIDTH;
            int width = Math.min(WIDTH, columns - j0);
            double[][] copies = scratch.rows(size, width);
            copyRows(b, j0, columns, size, width, copies, 0);
            for (int r0 = 0; r0 < rows; r0 += ROWS) {
              int count = Math.min(ROWS, rows - r0);
              int c0 = r0 * columns + j0;
              four(a, r0 * aRow, aRow, aStep, count, copies, 0, size, c, c0, columns, width, add);
            }
          }
          scratch.give();
        });
  }

  /**
   * c[r,j] = (c[r,j] if {@code add}, else 0) + Σₖ a[r,k] · b[k,j] for four rows r, or fewer; the
   * rows of b begin at {@code first}.
   */
  private static void four(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      int count,
      double[][] b,
      int first,
      int size,
      double[] c,
      int c0,
      int cRow,
      int columns,
      boolean add) {
    Scratch scratch = Scratch.take();
    double[][] sums = scratch.rows(ROWS, columns);
    for (int k0 = 0; k0 < Math.max(size, 1); k0 += Sums.TERMS) {
      for (int r = 0; r < count; r++) {
        Arrays.fill(sums[r], 0, columns, 0);
      }
      ScalarTiles.rows(
          sums[0],
          sums[1],
          sums[2],
          sums[3],
          count,
          a,
          a0 - first * aStep,
          aRow,
          aStep,
          b,
          first + k0,
          1,
          first + Math.min(size, k0 + Sums.TERMS),
          columns);
      for (int r = 0; r < count; r++) {
        int to = c0 + r * cRow;
        if (add || k0 > 0) {
          for (int j = 0; j < columns; j++) {
            c[to + j] += sums[r][j];
          }
        } else {
          System.arraycopy(sums[r], 0, c, to, columns);
        }
      }
    }
    scratch.give();
  }

  /** Some columns of a matrix, each row to an array of its own. */
  private static void copyRows(
      double[] a, int a0, int aRow, int rows, int columns, double[][] to, int first) {
    for (int k = 0; k < rows; k++) {
      System.arraycopy(a, a0 + k * aRow, to[first + k], 0, columns);
    }
  }
}
