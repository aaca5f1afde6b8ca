package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.TileShape;
import jdk.incubator.vector.DoubleVector;

/**
 * The innermost loops of sums of outer products in the Vector API: ∂x = g W and ∂W = gᵀ x, where a
 * number of one operand meets a row of the other.
 *
 * <p>A tile of 8 rows × 3 vectors keeps 24 sums in registers, as {@link InnerTiles} does; eight
 * rows fit the layer sizes in use without remainder. Where there are 16 registers a tile has 5 rows
 * × 2 vectors: ten sums are the least that keep two units of multiply-adds busy, which take five
 * cycles each, and with twelve the JIT runs out of registers (on Zen 2 and JDK 25, GFLOP/s of a
 * tile: 4 × 2 39, 3 × 3 41, 5 × 2 48, 4 × 3 23; the core's limit is 53).
 */
final class OuterTiles {
  /** Whether there may be no more than 16 registers, as of AVX2, or {@link TileShape} says so. */
  static final boolean FEW_REGISTERS = TileShape.isSmall(LANES <= 4);

  static final int ROWS = FEW_REGISTERS ? 5 : 8;
  static final int COLUMNS = FEW_REGISTERS ? 2 : 3;

  /**
   * From the numbers of a for one k to those for the next: no more than eight, and a power of two
   * even where a tile has five, for the JIT of Java 17 checks each index of another (16 GFLOP/s
   * instead of 31).
   */
  static final int PITCH = 8;

  private OuterTiles() {}

  /**
   * c[r,j] = Σₖ a[r,k] · b[k,j] for the rows and vectors of a tile. Both operands are packed, the
   * a[r,k] and the row of b side by side for each k: with one index and no stride there is nothing
   * to check in the loop and hardly an address to keep.
   */
  static void outer(
      double[] a, int a0, double[] b, int b0, int size, double[] c, int c0, int cRow) {
    if (FEW_REGISTERS) {
      few(a, a0, b, b0, size, c, c0, cRow, false);
    } else {
      whole(a, a0, b, b0, size, c, c0, cRow);
    }
  }

  /** Adds a tile to what is there; {@code tile} has room for one. */
  static void addOuter(
      double[] a,
      int a0,
      double[] b,
      int b0,
      int size,
      double[] c,
      int c0,
      int cRow,
      double[] tile) {
    if (FEW_REGISTERS) {
      few(a, a0, b, b0, size, c, c0, cRow, true);
      return;
    }
    whole(a, a0, b, b0, size, tile, 0, Packing.WIDTH);
    for (int r = 0; r < ROWS; r++) {
      add(tile, r * Packing.WIDTH, c, c0 + r * cRow, Packing.WIDTH);
    }
  }

  /** A tile of five rows, which are added to what is there if {@code add}. */
  private static void few(
      double[] a, int a0, double[] b, int b0, int size, double[] c, int c0, int cRow, boolean add) {
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    int c4 = c3 + cRow;
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero, s01 = zero;
    DoubleVector s10 = zero, s11 = zero;
    DoubleVector s20 = zero, s21 = zero;
    DoubleVector s30 = zero, s31 = zero;
    DoubleVector s40 = zero, s41 = zero;
    for (int k = 0; k < size; k++) {
      int p = b0 + k * COLUMNS * LANES;
      int q = a0 + k * PITCH;
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, p);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, p + LANES);
      DoubleVector u = DoubleVector.broadcast(SPECIES, a[q]);
      s00 = u.fma(v0, s00);
      s01 = u.fma(v1, s01);
      u = DoubleVector.broadcast(SPECIES, a[q + 1]);
      s10 = u.fma(v0, s10);
      s11 = u.fma(v1, s11);
      u = DoubleVector.broadcast(SPECIES, a[q + 2]);
      s20 = u.fma(v0, s20);
      s21 = u.fma(v1, s21);
      u = DoubleVector.broadcast(SPECIES, a[q + 3]);
      s30 = u.fma(v0, s30);
      s31 = u.fma(v1, s31);
      u = DoubleVector.broadcast(SPECIES, a[q + 4]);
      s40 = u.fma(v0, s40);
      s41 = u.fma(v1, s41);
    }
    if (add) {
      s00 = DoubleVector.fromArray(SPECIES, c, c0).add(s00);
      s01 = DoubleVector.fromArray(SPECIES, c, c0 + LANES).add(s01);
      s10 = DoubleVector.fromArray(SPECIES, c, c1).add(s10);
      s11 = DoubleVector.fromArray(SPECIES, c, c1 + LANES).add(s11);
      s20 = DoubleVector.fromArray(SPECIES, c, c2).add(s20);
      s21 = DoubleVector.fromArray(SPECIES, c, c2 + LANES).add(s21);
      s30 = DoubleVector.fromArray(SPECIES, c, c3).add(s30);
      s31 = DoubleVector.fromArray(SPECIES, c, c3 + LANES).add(s31);
      s40 = DoubleVector.fromArray(SPECIES, c, c4).add(s40);
      s41 = DoubleVector.fromArray(SPECIES, c, c4 + LANES).add(s41);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + LANES);
  }

  private static void whole(
      double[] a, int a0, double[] b, int b0, int size, double[] c, int c0, int cRow) {
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    int c4 = c3 + cRow;
    int c5 = c4 + cRow;
    int c6 = c5 + cRow;
    int c7 = c6 + cRow;
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero, s01 = zero, s02 = zero;
    DoubleVector s10 = zero, s11 = zero, s12 = zero;
    DoubleVector s20 = zero, s21 = zero, s22 = zero;
    DoubleVector s30 = zero, s31 = zero, s32 = zero;
    DoubleVector s40 = zero, s41 = zero, s42 = zero;
    DoubleVector s50 = zero, s51 = zero, s52 = zero;
    DoubleVector s60 = zero, s61 = zero, s62 = zero;
    DoubleVector s70 = zero, s71 = zero, s72 = zero;
    for (int k = 0; k < size; k++) {
      int p = b0 + k * COLUMNS * LANES;
      int q = a0 + k * PITCH;
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, p);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, p + LANES);
      DoubleVector v2 = DoubleVector.fromArray(SPECIES, b, p + 2 * LANES);
      DoubleVector u = DoubleVector.broadcast(SPECIES, a[q]);
      s00 = u.fma(v0, s00);
      s01 = u.fma(v1, s01);
      s02 = u.fma(v2, s02);
      u = DoubleVector.broadcast(SPECIES, a[q + 1]);
      s10 = u.fma(v0, s10);
      s11 = u.fma(v1, s11);
      s12 = u.fma(v2, s12);
      u = DoubleVector.broadcast(SPECIES, a[q + 2]);
      s20 = u.fma(v0, s20);
      s21 = u.fma(v1, s21);
      s22 = u.fma(v2, s22);
      u = DoubleVector.broadcast(SPECIES, a[q + 3]);
      s30 = u.fma(v0, s30);
      s31 = u.fma(v1, s31);
      s32 = u.fma(v2, s32);
      u = DoubleVector.broadcast(SPECIES, a[q + 4]);
      s40 = u.fma(v0, s40);
      s41 = u.fma(v1, s41);
      s42 = u.fma(v2, s42);
      u = DoubleVector.broadcast(SPECIES, a[q + 5]);
      s50 = u.fma(v0, s50);
      s51 = u.fma(v1, s51);
      s52 = u.fma(v2, s52);
      u = DoubleVector.broadcast(SPECIES, a[q + 6]);
      s60 = u.fma(v0, s60);
      s61 = u.fma(v1, s61);
      s62 = u.fma(v2, s62);
      u = DoubleVector.broadcast(SPECIES, a[q + 7]);
      s70 = u.fma(v0, s70);
      s71 = u.fma(v1, s71);
      s72 = u.fma(v2, s72);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s02.intoArray(c, c0 + 2 * LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s12.intoArray(c, c1 + 2 * LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s22.intoArray(c, c2 + 2 * LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s32.intoArray(c, c3 + 2 * LANES);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + LANES);
    s42.intoArray(c, c4 + 2 * LANES);
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + LANES);
    s52.intoArray(c, c5 + 2 * LANES);
    s60.intoArray(c, c6);
    s61.intoArray(c, c6 + LANES);
    s62.intoArray(c, c6 + 2 * LANES);
    s70.intoArray(c, c7);
    s71.intoArray(c, c7 + LANES);
    s72.intoArray(c, c7 + 2 * LANES);
  }

  /** sums[i] += Σ a[r] · b[r,i] over the rows r, in their order, for the i &lt; size. */
  static void addRows(
      double[] a, int a0, int rows, double[] b, int b0, int bRow, double[] sums, int size) {
    int whole = size - size % LANES;
    for (int i = 0; i < whole; i += LANES) {
      DoubleVector s = DoubleVector.fromArray(SPECIES, sums, i);
      for (int r = 0, at = b0 + i; r < rows; r++, at += bRow) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, b, at);
        s = v.fma(DoubleVector.broadcast(SPECIES, a[a0 + r]), s);
      }
      s.intoArray(sums, i);
    }
    for (int i = whole; i < size; i++) {
      for (int r = 0; r < rows; r++) {
        sums[i] = Math.fma(a[a0 + r], b[b0 + r * bRow + i], sums[i]);
      }
    }
  }

  /**
   * c[j] = Σₖ a[k] · b[k,j] for the columns j &lt; 4 vectors of one row; a[k] lies at {@code a0 +
   * k·aStep}.
   */
  static void outerRow(
      double[] a, int a0, int aStep, double[] b, int b0, int bRow, int size, double[] c) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (int k = 0, at = a0, row = b0; k < size; k++, at += aStep, row += bRow) {
      DoubleVector u = DoubleVector.broadcast(SPECIES, a[at]);
      s0 = u.fma(DoubleVector.fromArray(SPECIES, b, row), s0);
      s1 = u.fma(DoubleVector.fromArray(SPECIES, b, row + LANES), s1);
      s2 = u.fma(DoubleVector.fromArray(SPECIES, b, row + 2 * LANES), s2);
      s3 = u.fma(DoubleVector.fromArray(SPECIES, b, row + 3 * LANES), s3);
    }
    s0.intoArray(c, 0);
    s1.intoArray(c, LANES);
    s2.intoArray(c, 2 * LANES);
    s3.intoArray(c, 3 * LANES);
  }

  /** c[j] = Σₖ a[k] · b[k,j] for the columns j of one vector. */
  static void outerVector(
      double[] a, int a0, int aStep, double[] b, int b0, int bRow, int size, double[] c) {
    DoubleVector s = DoubleVector.zero(SPECIES);
    for (int k = 0, at = a0, row = b0; k < size; k++, at += aStep, row += bRow) {
      s = DoubleVector.fromArray(SPECIES, b, row).fma(DoubleVector.broadcast(SPECIES, a[at]), s);
    }
    s.intoArray(c, 0);
  }

  /** c[r,j] = Σₖ a[r,k] · b[k,j] for few k, from operands as they lie. */
  static void shortOuter(
      double[] a, int a0, int size, double[] b, int b0, double[] c, int c0, int rows, int columns) {
    int whole = columns - columns % LANES;
    for (int j = 0; j < whole; j += LANES) {
      for (int r = 0, at = a0, to = c0 + j; r < rows; r++, to += columns) {
        DoubleVector s = DoubleVector.zero(SPECIES);
        for (int row = b0 + j; row < b0 + size * columns; row += columns, at++) {
          s =
              DoubleVector.fromArray(SPECIES, b, row)
                  .fma(DoubleVector.broadcast(SPECIES, a[at]), s);
        }
        s.intoArray(c, to);
      }
    }
    for (int j = whole; j < columns; j++) {
      for (int r = 0; r < rows; r++) {
        double s = 0;
        for (int k = 0; k < size; k++) {
          s = Math.fma(a[a0 + r * size + k], b[b0 + k * columns + j], s);
        }
        c[c0 + r * columns + j] = s;
      }
    }
  }

  /** c[c0 + j] += a[a0 + j] for the j &lt; size. */
  static void add(double[] a, int a0, double[] c, int c0, int size) {
    int whole = size - size % LANES;
    for (int j = 0; j < whole; j += LANES) {
      DoubleVector s = DoubleVector.fromArray(SPECIES, c, c0 + j);
      s.add(DoubleVector.fromArray(SPECIES, a, a0 + j)).intoArray(c, c0 + j);
    }
    for (int j = whole; j < size; j++) {
      c[c0 + j] += a[a0 + j];
    }
  }
}
