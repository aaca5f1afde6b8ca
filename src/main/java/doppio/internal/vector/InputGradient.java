package doppio.internal.vector;

import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The gradient of a linear layer's input out of {@link OuterTiles}: which tiles, in which order.
 */
final class InputGradient {
  /** Panels packed together: longer runs of a row are read at once. */
  private static final int PANELS = 4;

  /** Rows of w that are added to the gradient of a single sample in one pass. */
  private static final int VECTOR_ROWS = 8;

  /** Elements of a w that stays in the second-level cache, packed: 256 KB. */
  private static final int SMALL = 1 << 15;

  /** Elements of gy that are packed together, 1 MB: all columns of w pass by them. */
  private static final int PACKED = 1 << 17;

  /** Samples that pay for packing w once more. */
  private static final int LEAST_CHUNK = 128;

  private InputGradient() {}

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(
      double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n, int in, int out) {
    int blocks = (in + PANELS * WIDTH - 1) / (PANELS * WIDTH);
    long work = (long) n * in * out;
    if (out < Sums.PARTS) {
      if (Parallel.alone(work)) {
        inputGradientShort(gy, gy0, w, w0, gx, gx0, in, out, 0, n);
      } else {
        Parallel.run(
            n, work, (from, to) -> inputGradientShort(gy, gy0, w, w0, gx, gx0, in, out, from, to));
      }
      return;
    }
    if (n == 1) {
      Parallel.run(
          blocks,
          work,
          (from, to) -> inputGradientVector(gy, gy0, w, w0, gx, gx0, in, out, from, to));
      return;
    }
    Scratch scratch = Scratch.take();
    if ((long) in * out <= SMALL) {
      double[] panels = scratch.panels(Packing.width(in) * out);
      Packing.packSamples(w, w0, out, in, panels);
      int groups = Packing.groups(n);
      if (Parallel.alone(work)) {
        inputGradientRows(gy, gy0, panels, gx, gx0, n, in, out, 0, groups);
      } else {
        Parallel.run(
            groups,
            work,
            (from, to) -> inputGradientRows(gy, gy0, panels, gx, gx0, n, in, out, from, to));
      }
      scratch.give();
      return;
    }
    int chunk = Packing.multiple(Math.max(PACKED / out, LEAST_CHUNK), ROWS);
    for (int n0 = 0; n0 < n; n0 += chunk) {
      int rows = Math.min(chunk, n - n0);
      double[] gyRows = Packing.packRows(gy, gy0 + n0 * out, rows, out, scratch);
      int to0 = gx0 + n0 * in;
      long part = (long) rows * in * out;
      if (Parallel.alone(part)) {
        inputGradientColumns(gyRows, w, w0, gx, to0, rows, in, out, 0, blocks);
      } else {
        Parallel.run(
            blocks,
            part,
            (from, to) -> inputGradientColumns(gyRows, w, w0, gx, to0, rows, in, out, from, to));
      }
    }
    scratch.give();
  }

  private static void inputGradientShort(
      double[] gy,
      int gy0,
      double[] w,
      int w0,
      double[] gx,
      int gx0,
      int in,
      int out,
      int from,
      int to) {
    int block = Forward.block(in);
    for (int n0 = from; n0 < to; n0 += block) {
      int rows = Math.min(block, to - n0);
      OuterTiles.shortOuter(gy, gy0 + n0 * out, out, w, w0, gx, gx0 + n0 * in, rows, in);
    }
  }

  /** For a single sample w is read row by row, as it lies. */
  private static void inputGradientVector(
      double[] gy,
      int gy0,
      double[] w,
      int w0,
      double[] gx,
      int gx0,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    int i0 = from * PANELS * WIDTH;
    int columns = Math.min(in, to * PANELS * WIDTH) - i0;
    double[] sums = scratch.results(columns);
    for (int start = 0; start < out; start += Sums.TERMS) {
      Arrays.fill(sums, 0, columns, 0);
      int end = Math.min(out, start + Sums.TERMS);
      for (int o = start; o < end; o += VECTOR_ROWS) {
        int rows = Math.min(VECTOR_ROWS, end - o);
        OuterTiles.addRows(gy, gy0 + o, rows, w, w0 + o * in + i0, in, sums, columns);
      }
      if (start == 0) {
        System.arraycopy(sums, 0, gx, gx0 + i0, columns);
      } else {
        OuterTiles.add(sums, 0, gx, gx0 + i0, columns);
      }
    }
    scratch.give();
  }

  /** All of w is packed, and rows of gy one tile at a time, in the first-level cache. */
  private static void inputGradientRows(
      double[] gy,
      int gy0,
      double[] panels,
      double[] gx,
      int gx0,
      int n,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    int width = Packing.width(in);
    for (int n0 = from * ROWS; n0 < Math.min(n, to * ROWS); n0 += ROWS) {
      int rows = Math.min(ROWS, n - n0);
      double[] gyRows = Packing.packRows(gy, gy0 + n0 * out, rows, out, scratch);
      int c0 = gx0 + n0 * in;
      for (int o0 = 0; o0 < out; o0 += Sums.TERMS) {
        int depth = Math.min(Sums.TERMS, out - o0);
        int a0 = Packing.place(0, out, o0);
        OuterProducts.row(
            gyRows, a0, panels, o0 * width, depth, in, gx, c0, in, rows, o0 > 0, scratch);
      }
    }
    scratch.give();
  }

  private static void inputGradientColumns(
      double[] gyRows,
      double[] w,
      int w0,
      double[] gx,
      int gx0,
      int n,
      int in,
      int out,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    double[] panels = scratch.panels(PANELS * WIDTH * Math.min(Sums.TERMS, out));
    for (int block = from; block < to; block++) {
      int i0 = block * PANELS * WIDTH;
      int columns = Math.min(PANELS * WIDTH, in - i0);
      for (int o0 = 0; o0 < out; o0 += Sums.TERMS) {
        int depth = Math.min(Sums.TERMS, out - o0);
        Packing.packColumns(w, w0 + o0 * in + i0, in, depth, columns, panels, 0);
        for (int n0 = 0; n0 < n; n0 += ROWS) {
          int rows = Math.min(ROWS, n - n0);
          int a0 = Packing.place(n0, out, o0);
          int c0 = gx0 + n0 * in + i0;
          OuterProducts.row(
              gyRows, a0, panels, 0, depth, columns, gx, c0, in, rows, o0 > 0, scratch);
        }
      }
    }
    scratch.give();
  }
}
