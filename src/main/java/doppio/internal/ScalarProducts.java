package doppio.internal;

import java.util.Arrays;

/**
 * The matrix products of a linear layer in plain Java, shaped so that the JIT vectorises them.
 *
 * <p>It does so for a loop over j in which every array is indexed by j alone ({@link ScalarTiles}),
 * so operands are first copied to rows of their own: the copies are a small part of the work.
 */
final class ScalarProducts {
  /** Columns done in one go: eight rows of so many doubles, 16 KB, fit the first-level cache. */
  private static final int WIDTH = 256;

  /** Below this many samples a loop over them is too short to pay; they are done one by one. */
  private static final int MIN_COLUMNS = 16;

  /** What an optimizer does with one element, in multiply-adds: it waits for memory. */
  private static final int WORK_OF_UPDATE = 16;

  private static final int ROWS = ScalarTiles.ROWS;

  private ScalarProducts() {}

  /** y[n,o] = Σᵢ x[n,i] · w[o,i] + b[o], each sum in the order of {@link Sums}. */
  static void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out) {
    if (n < MIN_COLUMNS) {
      Parallel.run(
          out,
          (long) n * in * out,
          (from, to) -> linearSingly(x, w, bias, y, n, in, out, from, to));
      return;
    }
    for (int n0 = 0; n0 < n; n0 += WIDTH) {
      int first = n0;
      int columns = Math.min(WIDTH, n - n0);
      double[][] xt = transposed(x, n0, columns, in);
      int groups = (out + ROWS - 1) / ROWS;
      Parallel.run(
          groups,
          (long) columns * in * out,
          (from, to) -> linearRows(xt, w, bias, y, first, columns, in, out, from, to));
    }
  }

  private static void linearSingly(
      double[] x, double[] w, double[] bias, double[] y, int n, int in, int out, int from, int to) {
    for (int o = from; o < to; o++) {
      for (int row = 0; row < n; row++) {
        double sum = Sums.dot(x, row * in, w, o * in, in);
        y[row * out + o] = bias == null ? sum : sum + bias[o];
      }
    }
  }

  /** Four outputs of all samples at a time; the j of the tiles is the sample. */
  private static void linearRows(
      double[][] xt,
      double[] w,
      double[] bias,
      double[] y,
      int n0,
      int columns,
      int in,
      int out,
      int from,
      int to) {
    double[][] parts = new double[Sums.PARTS * ROWS][columns];
    for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
      int rows = Math.min(ROWS, out - o0);
      for (int p = 0; p < Sums.PARTS; p++) {
        double[] c0 = parts[p];
        double[] c1 = parts[p + Sums.PARTS];
        double[] c2 = parts[p + 2 * Sums.PARTS];
        double[] c3 = parts[p + 3 * Sums.PARTS];
        Arrays.fill(c0, 0);
        Arrays.fill(c1, 0);
        Arrays.fill(c2, 0);
        Arrays.fill(c3, 0);
        ScalarTiles.rows(c0, c1, c2, c3, rows, w, o0 * in, in, 1, xt, p, Sums.PARTS, in, columns);
      }
      for (int r = 0; r < rows; r++) {
        double b = bias == null ? -0.0 : bias[o0 + r];
        finish(parts, r * Sums.PARTS, b, y, n0 * out + o0 + r, out, columns);
      }
    }
  }

  /** The tree of {@link Sums}. Adding −0 changes nothing. */
  private static void finish(
      double[][] parts, int at, double bias, double[] y, int y0, int step, int columns) {
    double[] s0 = parts[at];
    double[] s1 = parts[at + 1];
    double[] s2 = parts[at + 2];
    double[] s3 = parts[at + 3];
    double[] s4 = parts[at + 4];
    double[] s5 = parts[at + 5];
    double[] s6 = parts[at + 6];
    double[] s7 = parts[at + 7];
    for (int j = 0; j < columns; j++) {
      s0[j] = ((s0[j] + s4[j]) + (s2[j] + s6[j])) + ((s1[j] + s5[j]) + (s3[j] + s7[j])) + bias;
    }
    for (int j = 0; j < columns; j++) {
      y[y0 + j * step] = s0[j];
    }
  }

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    int blocks = (in + WIDTH - 1) / WIDTH;
    Parallel.run(
        blocks,
        (long) n * in * out,
        (from, to) -> {
          for (int block = from; block < to; block++) {
            int i0 = block * WIDTH;
            int columns = Math.min(WIDTH, in - i0);
            double[][] rows = rows(w, i0, in, out, columns);
            product(gy, out, 1, rows, gx, i0, in, n, out, columns, false);
          }
        });
  }

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  static void weightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    int blocks = (in + WIDTH - 1) / WIDTH;
    Parallel.run(
        blocks,
        (long) n * in * out,
        (from, to) -> {
          for (int block = from; block < to; block++) {
            int i0 = block * WIDTH;
            int columns = Math.min(WIDTH, in - i0);
            double[][] rows = rows(x, i0, in, n, columns);
            product(gy, 1, out, rows, gw, i0, in, out, n, columns, add);
          }
        });
  }

  /** The gradient of a weight, four rows at a time, each handed on before the next is computed. */
  static void weightGradientParts(
      double[] gy, double[] x, int n, int in, int out, Kernels.Part part) {
    int blocks = (in + WIDTH - 1) / WIDTH;
    double[][][] b = new double[blocks][][];
    for (int block = 0; block < blocks; block++) {
      int i0 = block * WIDTH;
      b[block] = rows(x, i0, in, n, Math.min(WIDTH, in - i0));
    }
    int groups = (out + ROWS - 1) / ROWS;
    Parallel.run(
        groups,
        (long) n * in * out + (long) in * out * WORK_OF_UPDATE,
        (from, to) -> {
          double[] gw = new double[ROWS * in];
          double[][] sums = new double[ROWS][Math.min(WIDTH, in)];
          for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
            int rows = Math.min(ROWS, out - o0);
            for (int block = 0; block < blocks; block++) {
              int i0 = block * WIDTH;
              int columns = Math.min(WIDTH, in - i0);
              four(gy, o0, 1, out, rows, b[block], gw, i0, in, n, columns, false, sums);
            }
            part.accept(gw, 0, o0 * in, rows * in);
          }
        });
  }

  /** c[m,j] = (c[m,j] if {@code add}, else 0) + Σₖ a[m,k] · b[k][j], four rows of c at a time. */
  private static void product(
      double[] a,
      int aRow,
      int aStep,
      double[][] b,
      double[] c,
      int c0,
      int cRow,
      int m,
      int k,
      int columns,
      boolean add) {
    double[][] sums = new double[ROWS][columns];
    for (int m0 = 0; m0 < m; m0 += ROWS) {
      int rows = Math.min(ROWS, m - m0);
      four(a, m0 * aRow, aRow, aStep, rows, b, c, c0 + m0 * cRow, cRow, k, columns, add, sums);
    }
  }

  private static void four(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      int rows,
      double[][] b,
      double[] c,
      int c0,
      int cRow,
      int k,
      int columns,
      boolean add,
      double[][] sums) {
    for (int k0 = 0; k0 < Math.max(k, 1); k0 += Sums.TERMS) {
      for (int r = 0; r < rows; r++) {
        Arrays.fill(sums[r], 0);
      }
      int end = Math.min(k, k0 + Sums.TERMS);
      ScalarTiles.rows(
          sums[0], sums[1], sums[2], sums[3], rows, a, a0, aRow, aStep, b, k0, 1, end, columns);
      for (int r = 0; r < rows; r++) {
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
  }

  /** Some columns of a matrix, each row an array of its own. */
  private static double[][] rows(double[] a, int a0, int aRow, int rows, int columns) {
    double[][] copy = new double[rows][];
    for (int k = 0; k < rows; k++) {
      copy[k] = Arrays.copyOfRange(a, a0 + k * aRow, a0 + k * aRow + columns);
    }
    return copy;
  }

  /** xt[i][j] = x[n0 + j, i]. */
  private static double[][] transposed(double[] x, int n0, int columns, int in) {
    double[][] xt = new double[in][columns];
    for (int i0 = 0; i0 < in; i0 += Sums.PARTS) {
      int last = Math.min(in, i0 + Sums.PARTS);
      for (int j = 0; j < columns; j++) {
        int row = (n0 + j) * in;
        for (int i = i0; i < last; i++) {
          xt[i][j] = x[row + i];
        }
      }
    }
    return xt;
  }
}
