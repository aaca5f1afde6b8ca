package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.Kernels;
import doppio.internal.Sums;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * The ends of inner products in the Vector API, where each of the eight partial sums is a vector of
 * columns: they meet in registers, or come as eight tiles of {@link OuterTiles}.
 */
final class PartTiles {
  private static final int WIDTH = Packing.WIDTH;

  /** Elements of a tile. */
  static final int TILE = OuterTiles.ROWS * WIDTH;

  /** Elements of eight tiles. */
  static final int SIZE = Sums.PARTS * TILE;

  /** Terms of {@link #nine}. */
  static final int NINE = 9;

  /** Most terms of a pass: five rows so long and a panel's part share the first-level cache. */
  private static final int DEPTH = 512;

  /** Where the sums of a first pass come from: a branch would keep them out of registers. */
  private static final double[] ZEROS = new double[TILE];

  private PartTiles() {}

  /**
   * y[r,j] = Σ a[r,k] · b[k,j] + bias[r] for nine terms k, as of a window of 3 × 3 on one channel,
   * and the columns j of one vector, in the order of {@link Kernels}: what is read of b serves all
   * rows. Row k of b begins at {@code b0 + offsets[k]}.
   */
  static void nine(
      double[] a,
      int a0,
      double[] bias,
      int bias0,
      int rows,
      double[] b,
      int[] offsets,
      int b0,
      double[] y,
      int y0,
      int yRow) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[0]);
    DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[1]);
    DoubleVector v2 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[2]);
    DoubleVector v3 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[3]);
    DoubleVector v4 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[4]);
    DoubleVector v5 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[5]);
    DoubleVector v6 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[6]);
    DoubleVector v7 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[7]);
    DoubleVector v8 = DoubleVector.fromArray(SPECIES, b, b0 + offsets[8]);
    for (int r = 0, q = a0, to = y0; r < rows; r++, q += NINE, to += yRow) {
      DoubleVector s0 = v0.fma(DoubleVector.broadcast(SPECIES, a[q]), zero);
      DoubleVector s1 = v1.fma(DoubleVector.broadcast(SPECIES, a[q + 1]), zero);
      DoubleVector s2 = v2.fma(DoubleVector.broadcast(SPECIES, a[q + 2]), zero);
      DoubleVector s3 = v3.fma(DoubleVector.broadcast(SPECIES, a[q + 3]), zero);
      DoubleVector s4 = v4.fma(DoubleVector.broadcast(SPECIES, a[q + 4]), zero);
      DoubleVector s5 = v5.fma(DoubleVector.broadcast(SPECIES, a[q + 5]), zero);
      DoubleVector s6 = v6.fma(DoubleVector.broadcast(SPECIES, a[q + 6]), zero);
      DoubleVector s7 = v7.fma(DoubleVector.broadcast(SPECIES, a[q + 7]), zero);
      s0 = v8.fma(DoubleVector.broadcast(SPECIES, a[q + 8]), s0);
      // Adding −0 changes nothing.
      double last = bias == null ? -0.0 : bias[bias0 + r];
      s0.add(s4).add(s2.add(s6)).add(s1.add(s5).add(s3.add(s7))).add(last).intoArray(y, to);
    }
  }

  /**
   * The eight tiles of some rows of a, which are as long as the panel: sums[p,r,j] = Σ a[r,k] ·
   * b[k,j] over the k that are p modulo 8.
   */
  static void sums(
      double[] a, int a0, int rows, double[] panels, int panel, int length, double[] sums) {
    int passes = (length - 1) / DEPTH + 1;
    int size = Packing.multiple((length - 1) / passes + 1, Sums.PARTS);
    for (int k0 = 0; k0 < length; k0 += size) {
      int depth = Math.min(size, length - k0);
      int b0 = panel + k0 / Sums.PARTS * WIDTH;
      add(a, a0 + k0, length, rows, panels, b0, depth, length, k0 == 0, sums);
    }
  }

  /**
   * Adds to the eight tiles what some terms k &lt; depth give, or puts it there if these are the
   * {@code first}, for 5 rows and 2 vectors of j.
   *
   * <p>One method has all eight, for a call and what comes before a loop cost as much as four of
   * its terms.
   *
   * @param a as it lies, in rows that are {@code aRow} apart, of which rows beyond the last one
   *     repeat it: what they give is not used
   * @param b a panel, in which each residue has its rows side by side
   * @param in how many rows the panel has
   */
  private static void add(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] b,
      int b0,
      int depth,
      int in,
      boolean first,
      double[] sums) {
    int a1 = a0 + aRow * Math.min(1, aRows - 1);
    int a2 = a0 + aRow * Math.min(2, aRows - 1);
    int a3 = a0 + aRow * Math.min(3, aRows - 1);
    int a4 = a0 + aRow * Math.min(4, aRows - 1);
    double[] old = first ? ZEROS : sums;
    int panel = b0;
    for (int part = 0; part < Sums.PARTS; part++) {
      int at = part * TILE;
      int from = first ? 0 : at;
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
      for (int k = part, p = panel; k < depth; k += Sums.PARTS, p += WIDTH) {
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
      panel += PatchPacking.size(in, part) * WIDTH;
    }
  }

  /**
   * c[r,j] = the sum of the eight tiles' elements [r,j], in the tree of {@link Kernels}, and of
   * {@code ends[r,j]}.
   */
  static void addParts(
      double[] tiles, int rows, double[] ends, int e0, int eRow, double[] c, int c0, int cRow) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0, at = r * WIDTH; j < WIDTH; j += LANES, at += LANES) {
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, tiles, at);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, tiles, at + TILE);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, tiles, at + 2 * TILE);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, tiles, at + 3 * TILE);
        s0 = s0.add(DoubleVector.fromArray(SPECIES, tiles, at + 4 * TILE));
        s1 = s1.add(DoubleVector.fromArray(SPECIES, tiles, at + 5 * TILE));
        s2 = s2.add(DoubleVector.fromArray(SPECIES, tiles, at + 6 * TILE));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, tiles, at + 7 * TILE));
        DoubleVector end = DoubleVector.fromArray(SPECIES, ends, e0 + r * eRow + j);
        s0.add(s2).add(s1.add(s3)).add(end).intoArray(c, c0 + r * cRow + j);
      }
    }
  }

  /** Fills rows of a tile with their bias, or with −0, which changes nothing when it is added. */
  static void spread(double[] bias, int b0, int rows, double[] ends) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(ends, r * WIDTH, (r + 1) * WIDTH, bias == null ? -0.0 : bias[b0 + r]);
    }
  }
}
