package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.COLUMNS;
import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.ROWS;
import static doppio.internal.vector.InnerTiles.SPECIES;

import doppio.internal.Sums;
import jdk.incubator.vector.DoubleVector;

/**
 * The tiles of {@link InnerTiles} in quarters, for processors with 16 registers: a sum that spills
 * costs a load and a store each time.
 */
final class InnerQuarters {
  /** Whether there may be no more than 16 registers, of four numbers, as of AVX2. */
  static final boolean FIT = LANES == Sums.PARTS / 2;

  private InnerQuarters() {}

  /**
   * As {@link InnerTiles#inner}; where no terms are left, {@code whole}, with the first step of the
   * tree of {@link doppio.internal.Kernels}: four numbers in the place of the eight parts.
   */
  static void inner(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] b,
      int b0,
      int bRow,
      int bRows,
      int size,
      boolean whole,
      double[] sums) {
    for (int r = 0; r < aRows; r += ROWS / 2) {
      for (int c = 0; c < bRows; c += COLUMNS / 2) {
        int at = (r * COLUMNS + c) * Sums.PARTS;
        int from = b0 + c * bRow;
        six(a, a0 + r * aRow, aRow, aRows - r, b, from, bRow, bRows - c, size, whole, sums, at);
      }
    }
  }

  /** sums[e] = the eight parts or four numbers that {@link #inner} has left, added. */
  static void addParts(double[] sums, boolean whole) {
    if (!whole) {
      Sums.addParts(sums, sums, ROWS * COLUMNS);
      return;
    }
    for (int e = 0, at = 0; e < ROWS * COLUMNS; e++, at += Sums.PARTS) {
      sums[e] = (sums[at] + sums[at + 2]) + (sums[at + 1] + sums[at + 3]);
    }
  }

  /**
   * Three rows of a and two of b, from {@code sums[at]} on, all eight parts in one pass: twelve
   * sums, two of b and an a fit 16 registers.
   */
  private static void six(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] b,
      int b0,
      int bRow,
      int bRows,
      int size,
      boolean whole,
      double[] sums,
      int at) {
    int a1 = a0 + aRow * Math.min(1, aRows - 1);
    int a2 = a0 + aRow * Math.min(2, aRows - 1);
    int b1 = b0 + bRow * Math.min(1, bRows - 1);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero;
    DoubleVector t00 = zero, t01 = zero, t10 = zero, t11 = zero, t20 = zero, t21 = zero;
    for (int k = 0; k < size; k += Sums.PARTS) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, b0 + k);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, b1 + k);
      DoubleVector u = DoubleVector.fromArray(SPECIES, a, a0 + k);
      s00 = u.fma(v0, s00);
      s01 = u.fma(v1, s01);
      u = DoubleVector.fromArray(SPECIES, a, a1 + k);
      s10 = u.fma(v0, s10);
      s11 = u.fma(v1, s11);
      u = DoubleVector.fromArray(SPECIES, a, a2 + k);
      s20 = u.fma(v0, s20);
      s21 = u.fma(v1, s21);
      v0 = DoubleVector.fromArray(SPECIES, b, b0 + k + LANES);
      v1 = DoubleVector.fromArray(SPECIES, b, b1 + k + LANES);
      u = DoubleVector.fromArray(SPECIES, a, a0 + k + LANES);
      t00 = u.fma(v0, t00);
      t01 = u.fma(v1, t01);
      u = DoubleVector.fromArray(SPECIES, a, a1 + k + LANES);
      t10 = u.fma(v0, t10);
      t11 = u.fma(v1, t11);
      u = DoubleVector.fromArray(SPECIES, a, a2 + k + LANES);
      t20 = u.fma(v0, t20);
      t21 = u.fma(v1, t21);
    }
    int at1 = at + COLUMNS * Sums.PARTS;
    int at2 = at1 + COLUMNS * Sums.PARTS;
    s00 = whole ? s00.add(t00) : s00;
    s01 = whole ? s01.add(t01) : s01;
    s10 = whole ? s10.add(t10) : s10;
    s11 = whole ? s11.add(t11) : s11;
    s20 = whole ? s20.add(t20) : s20;
    s21 = whole ? s21.add(t21) : s21;
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + Sums.PARTS);
    s10.intoArray(sums, at1);
    s11.intoArray(sums, at1 + Sums.PARTS);
    s20.intoArray(sums, at2);
    s21.intoArray(sums, at2 + Sums.PARTS);
    if (!whole) {
      t00.intoArray(sums, at + LANES);
      t01.intoArray(sums, at + Sums.PARTS + LANES);
      t10.intoArray(sums, at1 + LANES);
      t11.intoArray(sums, at1 + Sums.PARTS + LANES);
      t20.intoArray(sums, at2 + LANES);
      t21.intoArray(sums, at2 + Sums.PARTS + LANES);
    }
  }
}
