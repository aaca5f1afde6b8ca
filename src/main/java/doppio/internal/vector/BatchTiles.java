package doppio.internal.vector;

import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The forward product of a batch out of {@link PartTiles}, where there are 16 registers: vectors
 * over the samples or over the outputs instead of over the terms, as {@link InnerTiles} has them. A
 * number of one operand meets a packed row of the other, which needs fewer loads and no sum across
 * a vector.
 */
final class BatchTiles {
  /** From so many samples on a panel of them pays. */
  static final int SAMPLES = 6;

  private BatchTiles() {}

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
    Scratch scratch = Scratch.take();
    long work = (long) n * in * out;
    if (isAcross(n, out)) {
      double[] panels = pack(w, w0, out, in, scratch);
      Parallel.run(
          Packing.groups(n),
          work,
          (from, to) -> across(x, x0, panels, bias, b0, y, y0, n, in, out, from, to));
    } else {
      double[] panels = pack(x, x0, n, in, scratch);
      Parallel.run(
          Packing.groups(out),
          work,
          (from, to) -> down(panels, w, w0, bias, b0, y, y0, n, in, out, from, to));
    }
    scratch.give();
  }

  /**
   * Whether vectors are over the outputs, so that results lie as they are computed: it pays where w
   * is not the larger operand to pack, unless its last panel were almost empty.
   */
  private static boolean isAcross(int n, int out) {
    long across = (long) Packing.groups(n) * Packing.width(out);
    long down = (long) Packing.groups(out) * Packing.width(n);
    return n >= out && 10 * across <= 11 * down;
  }

  private static double[] pack(double[] a, int a0, int rows, int in, Scratch scratch) {
    double[] panels = scratch.panels(Packing.width(rows) * in);
    Packing.byResidue(a, a0, rows, in, WIDTH, WIDTH, panels);
    return panels;
  }

  private static void across(
      double[] x,
      int x0,
      double[] panels,
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
    double[] tiles = scratch.results(PartTiles.SIZE);
    double[] ends = scratch.others(Packing.width(out));
    if (bias == null) {
      Arrays.fill(ends, 0, out, -0.0);
    } else {
      System.arraycopy(bias, b0, ends, 0, out);
    }
    for (int n0 = from * ROWS; n0 < Math.min(n, to * ROWS); n0 += ROWS) {
      int rows = Math.min(ROWS, n - n0);
      for (int o0 = 0; o0 < out; o0 += WIDTH) {
        int at = y0 + n0 * out + o0;
        int columns = Math.min(WIDTH, out - o0);
        PartTiles.sums(x, x0 + n0 * in, rows, panels, o0 * in, in, tiles);
        if (columns == WIDTH) {
          PartTiles.addParts(tiles, rows, ends, o0, 0, y, at, out);
          continue;
        }
        PartTiles.addParts(tiles, rows, ends, o0, 0, tiles, 0, WIDTH);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(tiles, r * WIDTH, y, at + r * out, columns);
        }
      }
    }
    scratch.give();
  }

  private static void down(
      double[] panels,
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
    double[] tiles = scratch.results(PartTiles.SIZE);
    double[] ends = scratch.tile;
    for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
      int rows = Math.min(ROWS, out - o0);
      PartTiles.spread(bias, b0 + o0, rows, ends);
      for (int n0 = 0; n0 < n; n0 += WIDTH) {
        PartTiles.sums(w, w0 + o0 * in, rows, panels, n0 * in, in, tiles);
        PartTiles.addParts(tiles, rows, ends, 0, WIDTH, tiles, 0, WIDTH);
        put(tiles, rows, y, y0 + n0 * out + o0, out, Math.min(WIDTH, n - n0));
      }
    }
    scratch.give();
  }

  /** Puts the rows of a tile where they belong, as columns. */
  private static void put(double[] tile, int rows, double[] y, int y0, int out, int samples) {
    for (int r = 0; r < rows; r++) {
      for (int j = r * WIDTH, to = y0 + r; j < r * WIDTH + samples; j++, to += out) {
        y[to] = tile[j];
      }
    }
  }
}
