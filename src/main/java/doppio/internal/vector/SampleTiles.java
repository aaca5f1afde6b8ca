package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;
import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;
import jdk.incubator.vector.DoubleVector;

/**
 * The forward product of a batch where there are 16 registers: vectors over the samples instead of
 * over the terms, as {@link InnerTiles} has them. Each of the eight partial sums of an output is a
 * product of its own, so that the bits are the same; a number of w meets a row of packed samples,
 * which needs fewer loads and no sum across a vector.
 */
final class SampleTiles {
  /** From so many samples on a panel of them pays. */
  static final int SAMPLES = 6;

  /** Terms of a pass: five rows of w so long and a panel's part share the first-level cache. */
  private static final int DEPTH = 512;

  private static final int TILE = ROWS * WIDTH;

  /** Where the sums of a first pass come from: a branch would keep them out of registers. */
  private static final double[] ZEROS = new double[TILE];

  private SampleTiles() {}

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
    double[] panels = scratch.panels(Packing.width(n) * in);
    for (int n0 = 0; n0 < n; n0 += WIDTH) {
      pack(x, x0 + n0 * in, Math.min(WIDTH, n - n0), in, panels, n0 * in);
    }
    Parallel.run(
        Packing.groups(out),
        (long) n * in * out,
        (from, to) -> rows(panels, w, w0, bias, b0, y, y0, n, in, out, from, to));
    scratch.give();
  }

  /**
   * A panel has a row for each term: first the terms that are 0 modulo 8, then those that are 1.
   */
  private static void pack(double[] x, int x0, int samples, int in, double[] panels, int first) {
    for (int sample = 0; sample < samples; sample++) {
      int from = x0 + sample * in;
      for (int part = 0, to = first + sample; part < Sums.PARTS; part++) {
        for (int k = from + part; k < from + in; k += Sums.PARTS, to += WIDTH) {
          panels[to] = x[k];
        }
      }
    }
  }

  private static void rows(
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
    double[] tiles = scratch.results(Sums.PARTS * TILE);
    for (int o0 = from * ROWS; o0 < Math.min(out, to * ROWS); o0 += ROWS) {
      int rows = Math.min(ROWS, out - o0);
      for (int n0 = 0; n0 < n; n0 += WIDTH) {
        for (int k0 = 0; k0 < in; k0 += DEPTH) {
          int depth = Math.min(DEPTH, in - k0);
          int panel = n0 * in + k0 / Sums.PARTS * WIDTH;
          for (int part = 0; part < Sums.PARTS; part++) {
            int a0 = w0 + o0 * in + k0 + part;
            tile(w, a0, in, rows, panels, panel, depth - part, k0 == 0, tiles, part * TILE);
            panel += PatchPacking.size(in, part) * WIDTH;
          }
        }
        PartTiles.addParts(tiles, TILE, rows, bias, b0 + o0);
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

  /**
   * sums[r,j] = (0 if {@code first}, else sums[r,j]) + Σ a[r,k] · b[k,j] over each eighth k &lt;
   * size, for 5 rows and 2 vectors of j.
   */
  private static void tile(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] b,
      int b0,
      int size,
      boolean first,
      double[] sums,
      int at) {
    double[] old = first ? ZEROS : sums;
    int from = first ? 0 : at;
    // Rows beyond the last one repeat it: what they give is not used.
    int a1 = a0 + aRow * Math.min(1, aRows - 1);
    int a2 = a0 + aRow * Math.min(2, aRows - 1);
    int a3 = a0 + aRow * Math.min(3, aRows - 1);
    int a4 = a0 + aRow * Math.min(4, aRows - 1);
    DoubleVector s00 = DoubleVector.fromArray(SPECIES, old, from);
    DoubleVector s01 = DoubleVector.fromArray(SPECIES, old, from + LANES);
    DoubleVector s10 = DoubleVector.fromArray(SPECIES, old, from + 2 * LANES);
    DoubleVector s11 = DoubleVector.fromArray(SPECIES, old, from + 3 * LANES);
    DoubleVector s20 = DoubleVector.fromArray(SPECIES, old, from + 4 * LANES);
    DoubleVector s21 = DoubleVector.fromArray(SPECIES, old, from + 5 * LANES);
    DoubleVector s30 = DoubleVector.fromArray(SPECIES, old, from + 6 * LANES);
    DoubleVector s31 = DoubleVector.fromArray(SPECIES, old, from + 7 * LANES);
    DoubleVector s40 = DoubleVector.fromArray(SPECIES, old, from + 8 * LANES);
    DoubleVector s41 = DoubleVector.fromArray(SPECIES, old, from + 9 * LANES);
    for (int k = 0, p = b0; k < size; k += Sums.PARTS, p += WIDTH) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, p);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, p + LANES);
      DoubleVector u = DoubleVector.broadcast(SPECIES, a[a0 + k]);
      s00 = u.fma(v0, s00);
      s01 = u.fma(v1, s01);
      u = DoubleVector.broadcast(SPECIES, a[a1 + k]);
      s10 = u.fma(v0, s10);
      s11 = u.fma(v1, s11);
      u = DoubleVector.broadcast(SPECIES, a[a2 + k]);
      s20 = u.fma(v0, s20);
      s21 = u.fma(v1, s21);
      u = DoubleVector.broadcast(SPECIES, a[a3 + k]);
      s30 = u.fma(v0, s30);
      s31 = u.fma(v1, s31);
      u = DoubleVector.broadcast(SPECIES, a[a4 + k]);
      s40 = u.fma(v0, s40);
      s41 = u.fma(v1, s41);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + LANES);
    s10.intoArray(sums, at + 2 * LANES);
    s11.intoArray(sums, at + 3 * LANES);
    s20.intoArray(sums, at + 4 * LANES);
    s21.intoArray(sums, at + 5 * LANES);
    s30.intoArray(sums, at + 6 * LANES);
    s31.intoArray(sums, at + 7 * LANES);
    s40.intoArray(sums, at + 8 * LANES);
    s41.intoArray(sums, at + 9 * LANES);
  }
}
