package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.COLUMNS;
import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.ROWS;
import static doppio.internal.vector.InnerTiles.VECTOR_ROWS;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;

/** The forward product of a linear layer out of {@link InnerTiles}: which tiles, in which order. */
final class Forward {
  /** Rows this many doubles apart, 4 KB, compete for the same places of the first-level cache. */
  private static final int ALIASING = 512;

  /** Results that stay in the second-level cache: 128 KB. */
  private static final int CACHED = 1 << 14;

  /** Samples that pay for what is done before the first. */
  private static final int LEAST_BLOCK = 32;

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
    if (n == 1) {
      int groups = (out + VECTOR_ROWS - 1) / VECTOR_ROWS;
      long work = (long) in * out;
      if (Parallel.alone(work)) {
        linearVector(x, x0, w, w0, bias, b0, y, y0, in, out, 0, groups);
      } else {
        Parallel.run(
            groups,
            work,
            (from, to) -> linearVector(x, x0, w, w0, bias, b0, y, y0, in, out, from, to));
      }
    } else if (out < COLUMNS || (in > 0 && in < Sums.PARTS && out >= LANES)) {
      long work = (long) n * in * out;
      if (Parallel.alone(work)) {
        linearSlim(x, x0, w, w0, bias, b0, y, y0, n, in, out);
      } else {
        Parallel.run(
            n,
            work,
            (from, to) ->
                linearSlim(
                    x, x0 + from * in, w, w0, bias, b0, y, y0 + from * out, to - from, in, out));
      }
    } else if (OuterTiles.FEW_REGISTERS && n >= BatchTiles.SAMPLES && in >= Sums.PARTS) {
      BatchTiles.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
    } else {
      int groups = (out + ROWS - 1) / ROWS;
      if (in % ALIASING != 0) {
        Parallel.run(
            groups,
            (long) n * in * out,
            (from, to) -> linearRows(x, x0, in, w, w0, bias, b0, y, y0, n, in, out, from, to));
        return;
      }
      Scratch scratch = Scratch.take();
      int padded = in + Sums.PARTS;
      double[] copy = scratch.panels(n * padded);
      for (int row = 0; row < n; row++) {
        System.arraycopy(x, x0 + row * in, copy, row * padded, in);
      }
      Parallel.run(
          groups,
          (long) n * in * out,
          (from, to) -> linearRows(copy, 0, padded, w, w0, bias, b0, y, y0, n, in, out, from, to));
      scratch.give();
    }
  }

  private static void linearSlim(
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
    if (out < COLUMNS) {
      linearNarrow(x, x0, w, w0, bias, b0, y, y0, n, in, out);
    } else {
      int block = block(out);
      for (int n0 = 0; n0 < n; n0 += block) {
        int rows = Math.min(block, n - n0);
        linearShort(x, x0 + n0 * in, w, w0, bias, b0, y, y0 + n0 * out, rows, in, out);
      }
    }
  }

  /** Samples whose results, so many each, stay in the cache while vectors of them are computed. */
  static int block(int results) {
    return Math.max(LEAST_BLOCK, CACHED / Math.max(results, 1));
  }

  /** Few outputs: each a product of the matrix x with a vector. */
  private static void linearNarrow(
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
    Scratch scratch = Scratch.take();
    double[] sums = scratch.sums;
    double[] rests = scratch.tile;
    int rest = in % Sums.PARTS;
    for (int o = 0; o < out; o++) {
      if (rest > 0) {
        System.arraycopy(w, w0 + o * in + in - rest, rests, 0, rest);
      }
      for (int n0 = 0; n0 < n; n0 += VECTOR_ROWS) {
        int rows = Math.min(VECTOR_ROWS, n - n0);
        innerVector(x, x0 + n0 * in, in, rows, w, w0 + o * in, rests, sums);
        Sums.addParts(sums, sums, rows);
        // Adding −0 changes nothing.
        double b = bias == null ? -0.0 : bias[b0 + o];
        for (int r = 0; r < rows; r++) {
          y[y0 + (n0 + r) * out + o] = sums[r] + b;
        }
      }
    }
    scratch.give();
  }

  /**
   * The partial sums of up to 8 rows of a; {@code rests} holds what x has beyond the last eight.
   */
  private static void innerVector(
      double[] a, int a0, int in, int rows, double[] x, int x0, double[] rests, double[] sums) {
    int rest = in % Sums.PARTS;
    int whole = in - rest;
    // A vector may reach into the next row, which is left out again, but not beyond the array.
    if (rest == 0 || a0 + (rows - 1) * in + whole + Sums.PARTS <= a.length) {
      InnerTiles.innerVector(a, a0, in, rows, x, x0, whole, rests, rest, sums);
    } else {
      InnerTiles.innerVector(a, a0, in, rows, x, x0, whole, rests, 0, sums);
      InnerTiles.rest(a, a0 + whole, in, rows, rests, 0, Sums.PARTS, 1, rest, sums, 1);
    }
  }

  /** Few inputs: vectors over the outputs, because a row of x is shorter than one. */
  private static void linearShort(
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
    Scratch scratch = Scratch.take();
    double[] columns = scratch.tile;
    for (int at = 0; at < out; at += LANES) {
      // The last vector ends with the last output and repeats some of the one before.
      int o0 = Math.min(at, out - LANES);
      for (int k = 0; k < in; k++) {
        for (int lane = 0; lane < LANES; lane++) {
          columns[k * LANES + lane] = w[w0 + (o0 + lane) * in + k];
        }
      }
      InnerTiles.shortInner(x, x0, in, columns, bias, b0 + o0, y, y0 + o0, out, n);
    }
    scratch.give();
  }

  private static void linearVector(
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    double[] sums = scratch.sums;
    double[] rests = scratch.tile;
    int rest = in % Sums.PARTS;
    System.arraycopy(x, x0 + in - rest, rests, 0, rest);
    for (int o0 = from * VECTOR_ROWS; o0 < Math.min(out, to * VECTOR_ROWS); o0 += VECTOR_ROWS) {
      int rows = Math.min(VECTOR_ROWS, out - o0);
      innerVector(w, w0 + o0 * in, in, rows, x, x0, rests, sums);
      Sums.addParts(sums, sums, rows);
      for (int r = 0; r < rows; r++) {
        y[y0 + o0 + r] = bias == null ? sums[r] : sums[r] + bias[b0 + o0 + r];
      }
    }
    scratch.give();
  }

  /** Six rows of w stay in the first-level cache while all of x passes by. */
  private static void linearRows(
      double[] x,
      int x0,
      int xRow,
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
    double[] sums = scratch.sums;
    int whole = in - in % Sums.PARTS;
    for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
      int rows = Math.min(ROWS, out - o0);
      for (int n0 = 0; n0 < n; n0 += COLUMNS) {
        int columns = Math.min(COLUMNS, n - n0);
        InnerTiles.inner(w, w0 + o0 * in, in, rows, x, x0 + n0 * xRow, xRow, columns, whole, sums);
        if (whole < in) {
          InnerTiles.rest(
              w,
              w0 + o0 * in + whole,
              in,
              rows,
              x,
              x0 + n0 * xRow + whole,
              xRow,
              columns,
              in - whole,
              sums,
              COLUMNS);
        }
        Sums.addParts(sums, sums, ROWS * COLUMNS);
        for (int c = 0; c < columns; c++) {
          int at = y0 + (n0 + c) * out + o0;
          for (int r = 0; r < rows; r++) {
            double sum = sums[r * COLUMNS + c];
            y[at + r] = bias == null ? sum : sum + bias[b0 + o0 + r];
          }
        }
      }
    }
    scratch.give();
  }
}
