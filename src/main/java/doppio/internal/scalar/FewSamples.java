package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;

/**
 * The forward product of a batch that is too small for the loops of {@link Forward}: the j of the
 * {@link Tiles} is the output. Rows of w are transposed for it, which takes as long as two samples.
 */
final class FewSamples {
  /** From so many samples on. */
  private static final int LEAST = Tiles.ROWS;

  /** Below so many: here both ways are equally fast. */
  private static final int LIMIT = 48;

  /** Inputs at most: a block of w is 4 MB then. */
  private static final int LONGEST = 8192;

  private static final int ROWS = Tiles.ROWS;

  /** Fewer outputs are too short a loop. */
  private static final int NARROW = 24;

  private FewSamples() {}

  /** Whether this is the way for such a product. */
  static boolean takes(int n, int in, int out) {
    return n >= LEAST && n < LIMIT && out >= NARROW && in >= Sums.PARTS && in <= LONGEST;
  }

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
    // A block of long rows is narrow, as it is no use in the third cache.
    int width = in <= 1024 ? 128 : 64;
    int blocks = (out + width - 1) / width;
    long work = (long) n * in * out;
    if (Parallel.alone(work)) {
      blocks(x, x0, w, w0, bias, b0, y, y0, n, in, out, width, 0, blocks);
    } else {
      Parallel.run(
          blocks,
          work,
          (from, to) -> blocks(x, x0, w, w0, bias, b0, y, y0, n, in, out, width, from, to));
    }
  }

  private static void blocks(
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
      int width,
      int from,
      int to) {
    Scratch packed = Scratch.take();
    Scratch scratch = Scratch.take();
    for (int o0 = from * width; o0 < Math.min(out, to * width); o0 += width) {
      int columns = Math.min(width, out - o0);
      double[][] wt = packed.rows(in, columns);
      Packing.transpose(w, w0 + o0 * in, columns, in, wt);
      double[][] parts = scratch.rows(Sums.PARTS * ROWS, columns);
      for (int n0 = 0; n0 < n; n0 += ROWS) {
        int rows = Math.min(ROWS, n - n0);
        PartSums.four(wt, x, x0 + n0 * in, null, 0, columns, in, rows, parts);
        for (int r = 0; r < rows; r++) {
          put(parts[r * Sums.PARTS], bias, b0 + o0, y, y0 + (n0 + r) * out + o0, columns);
        }
      }
    }
    scratch.give();
    packed.give();
  }

  private static void put(double[] sums, double[] bias, int b0, double[] y, int at, int columns) {
    if (bias == null) {
      System.arraycopy(sums, 0, y, at, columns);
      return;
    }
    for (int j = 0; j < columns; j++) {
      y[at + j] = sums[j] + bias[b0 + j];
    }
  }
}
