package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The forward product of a linear layer in plain Java: the j of the {@link Tiles} is the sample.
 */
final class Forward {
  /** Below this many samples a vectorised loop is too short to pay for the copies. */
  private static final int NARROW = 24;

  private static final int ROWS = Tiles.ROWS;
  private static final int WIDTH = Tiles.WIDTH;

  private Forward() {}

  /** y[n,o] = Σᵢ x[n,i] · w[o,i] + b[o], each sum in the order of {@link Kernels}. */
  static void linear(
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int n,
      int in,
      int out) {
    if (FewSamples.takes(n, in, out)) {
      FewSamples.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
      return;
    }
    if (n < NARROW || out < ROWS) {
      long work = (long) n * in * out;
      if (Parallel.alone(work)) {
        linearSingly(x, x0, w, w0, bias, b0, y, y0, n, in, out, 0, out);
      } else if (out >= n) {
        Parallel.run(
            out,
            work,
            (from, to) -> linearSingly(x, x0, w, w0, bias, b0, y, y0, n, in, out, from, to));
      } else {
        Parallel.run(
            n,
            work,
            (from, to) ->
                linearSingly(
                    x,
                    x0 + from * in,
                    w,
                    w0,
                    bias,
                    b0,
                    y,
                    y0 + from * out,
                    to - from,
                    in,
                    out,
                    0,
                    out));
      }
      return;
    }
    Scratch scratch = Scratch.take();
    for (int n0 = 0; n0 < n; n0 += WIDTH) {
      int first = n0;
      int columns = Math.min(WIDTH, n - n0);
      double[][] xt = scratch.rows(Math.max(in, Sums.PARTS), columns);
      Packing.transpose(x, x0 + n0 * in, columns, in, xt);
      for (int k = in; k < Sums.PARTS; k++) {
        Arrays.fill(xt[k], 0, columns, 0);
      }
      int groups = (out + ROWS - 1) / ROWS;
      Parallel.run(
          groups,
          (long) columns * in * out,
          (from, to) -> {
            if (in < Sums.PARTS) {
              linearShort(xt, w, w0, bias, b0, y, y0 + first * out, columns, in, out, from, to);
            } else {
              linearRows(xt, w, w0, bias, b0, y, y0 + first * out, columns, in, out, from, to);
            }
          });
    }
    scratch.give();
  }

  /** Two rows of w at a time share what is read of x. */
  private static void linearSingly(
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int n,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    double[] parts = scratch.sums;
    int o = from;
    for (; o + 1 < to; o += 2) {
      // Adding −0 changes nothing.
      double bias0 = bias == null ? -0.0 : bias[b0 + o];
      double bias1 = bias == null ? -0.0 : bias[b0 + o + 1];
      for (int row = 0; row < n; row++) {
        InnerProducts.dots(
            w, w0 + o * in, in, x, x0 + row * in, in, bias0, bias1, y, y0 + row * out + o, parts);
      }
    }
    scratch.give();
    for (; o < to; o++) {
      double b = bias == null ? -0.0 : bias[b0 + o];
      for (int row = 0; row < n; row++) {
        y[y0 + row * out + o] = InnerProducts.dot(x, x0 + row * in, w, w0 + o * in, in) + b;
      }
    }
  }

  /** Four outputs of all samples at a time; the j of the tiles is the sample. */
  private static void linearRows(
      double[][] xt,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int columns,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    double[][] parts = scratch.rows(Sums.PARTS * ROWS, columns);
    for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
      int rows = Math.min(ROWS, out - o0);
      PartSums.four(xt, w, w0 + o0 * in, bias, b0 + o0, columns, in, rows, parts);
      scatter(parts, rows, columns, y, y0 + o0, out);
    }
    scratch.give();
  }

  /**
   * Writes the outputs of each sample at once: its row of y is one that pushes others out of the
   * cache where the rows lie a power of two apart.
   */
  private static void scatter(
      double[][] parts, int rows, int columns, double[] y, int y0, int out) {
    double[] s0 = parts[0];
    double[] s1 = parts[Sums.PARTS];
    double[] s2 = parts[2 * Sums.PARTS];
    double[] s3 = parts[3 * Sums.PARTS];
    for (int j = 0, at = y0; j < columns; j++, at += out) {
      y[at] = s0[j];
      if (rows > 1) {
        y[at + 1] = s1[j];
      }
      if (rows > 2) {
        y[at + 2] = s2[j];
      }
      if (rows > 3) {
        y[at + 3] = s3[j];
      }
    }
  }

  /** Fewer than eight inputs: each term is a part of its own, those that are missing are 0 · 0. */
  private static void linearShort(
      double[][] xt,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int columns,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    double[] row = scratch.rows(1, columns)[0];
    double[] factors = scratch.tile;
    Arrays.fill(factors, 0, Sums.PARTS, 0);
    for (int o = from * ROWS; o < Math.min(out, to * ROWS); o++) {
      System.arraycopy(w, w0 + o * in, factors, 0, in);
      shortSums(xt, factors, bias == null ? -0.0 : bias[b0 + o], row, columns);
      for (int j = 0, at = y0 + o; j < columns; j++, at += out) {
        y[at] = row[j];
      }
    }
    scratch.give();
  }

  private static void shortSums(
      double[][] xt, double[] w, double bias, double[] sums, int columns) {
    double[] x0 = xt[0];
    double[] x1 = xt[1];
    double[] x2 = xt[2];
    double[] x3 = xt[3];
    double[] x4 = xt[4];
    double[] x5 = xt[5];
    double[] x6 = xt[6];
    double w0 = w[0];
    double w1 = w[1];
    double w2 = w[2];
    double w3 = w[3];
    double w4 = w[4];
    double w5 = w[5];
    double w6 = w[6];
    for (int j = 0; j < columns; j++) {
      double even =
          (fma(w0, x0[j], 0) + fma(w4, x4[j], 0)) + (fma(w2, x2[j], 0) + fma(w6, x6[j], 0));
      double odd = (fma(w1, x1[j], 0) + fma(w5, x5[j], 0)) + (fma(w3, x3[j], 0) + 0.0);
      sums[j] = even + odd + bias;
    }
  }
}
