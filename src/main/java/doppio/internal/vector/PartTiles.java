package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.Kernels;
import jdk.incubator.vector.DoubleVector;

/**
 * The ends of inner products in the Vector API, where each of the eight partial sums is a vector of
 * columns: they meet in registers, or come as eight tiles of {@link OuterTiles}.
 */
final class PartTiles {
  private static final int WIDTH = Packing.WIDTH;

  /** Terms of {@link #nine}. */
  static final int NINE = 9;

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
   * The first of eight tiles becomes the sum of all, in the tree of {@link Kernels}, and of the
   * bias of each of its rows.
   */
  static void addParts(double[] tiles, int tile, int rows, double[] bias, int b0) {
    for (int r = 0; r < rows; r++) {
      // Adding −0 changes nothing.
      DoubleVector b = DoubleVector.broadcast(SPECIES, bias == null ? -0.0 : bias[b0 + r]);
      for (int at = r * WIDTH; at < (r + 1) * WIDTH; at += LANES) {
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, tiles, at);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, tiles, at + tile);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, tiles, at + 2 * tile);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, tiles, at + 3 * tile);
        s0 = s0.add(DoubleVector.fromArray(SPECIES, tiles, at + 4 * tile));
        s1 = s1.add(DoubleVector.fromArray(SPECIES, tiles, at + 5 * tile));
        s2 = s2.add(DoubleVector.fromArray(SPECIES, tiles, at + 6 * tile));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, tiles, at + 7 * tile));
        s0.add(s2).add(s1.add(s3)).add(b).intoArray(tiles, at);
      }
    }
  }
}
