package doppio.internal.vector;

import doppio.internal.Kernels;
import doppio.internal.Sums;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of inner products in the Vector API: y = x Wᵀ, where both operands are read
 * along their rows.
 *
 * <p>A tile of 6 × 4 rows keeps 24 vectors of partial sums, five operands and the loop in the 32
 * registers of AVX-512, and does 24 multiply-adds for 10 loads. Where there are 16 registers some
 * sums spill. One tile is one method and calls no other: the JIT gives up on putting a larger one
 * together, and vectors that are passed to a method are objects on the heap.
 */
final class InnerTiles {
  static final VectorSpecies<Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.length() <= Sums.PARTS
          ? DoubleVector.SPECIES_PREFERRED
          : DoubleVector.SPECIES_512;

  static final int LANES = SPECIES.length();

  private static final DoubleVector PLACES = DoubleVector.zero(SPECIES).addIndex(1);

  /** Rows of w, and of x, in a tile. */
  static final int ROWS = 6;

  static final int COLUMNS = 4;

  /** Rows of w in the product with a single x. */
  static final int VECTOR_ROWS = 8;

  private InnerTiles() {}

  /**
   * sums[r,c,p] = Σ a[r,k] · b[c,k] over the k &lt; size that are p modulo 8, for 6 rows of a and 4
   * of b. {@code size} is a multiple of 8. Narrower vectors make several passes, one for each group
   * of neighbouring p.
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
      double[] sums) {
    // Rows beyond the last one repeat it: what they give is not used.
    int a1 = a0 + aRow * Math.min(1, aRows - 1);
    int a2 = a0 + aRow * Math.min(2, aRows - 1);
    int a3 = a0 + aRow * Math.min(3, aRows - 1);
    int a4 = a0 + aRow * Math.min(4, aRows - 1);
    int a5 = a0 + aRow * Math.min(5, aRows - 1);
    int b1 = b0 + bRow * Math.min(1, bRows - 1);
    int b2 = b0 + bRow * Math.min(2, bRows - 1);
    int b3 = b0 + bRow * Math.min(3, bRows - 1);
    for (int group = 0; group < Sums.PARTS; group += LANES) {
      DoubleVector zero = DoubleVector.zero(SPECIES);
      DoubleVector s00 = zero, s01 = zero, s02 = zero, s03 = zero;
      DoubleVector s10 = zero, s11 = zero, s12 = zero, s13 = zero;
      DoubleVector s20 = zero, s21 = zero, s22 = zero, s23 = zero;
      DoubleVector s30 = zero, s31 = zero, s32 = zero, s33 = zero;
      DoubleVector s40 = zero, s41 = zero, s42 = zero, s43 = zero;
      DoubleVector s50 = zero, s51 = zero, s52 = zero, s53 = zero;
      for (int k = group; k < size; k += Sums.PARTS) {
        DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, b0 + k);
        DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, b1 + k);
        DoubleVector v2 = DoubleVector.fromArray(SPECIES, b, b2 + k);
        DoubleVector v3 = DoubleVector.fromArray(SPECIES, b, b3 + k);
        DoubleVector u = DoubleVector.fromArray(SPECIES, a, a0 + k);
        s00 = u.fma(v0, s00);
        s01 = u.fma(v1, s01);
        s02 = u.fma(v2, s02);
        s03 = u.fma(v3, s03);
        u = DoubleVector.fromArray(SPECIES, a, a1 + k);
        s10 = u.fma(v0, s10);
        s11 = u.fma(v1, s11);
        s12 = u.fma(v2, s12);
        s13 = u.fma(v3, s13);
        u = DoubleVector.fromArray(SPECIES, a, a2 + k);
        s20 = u.fma(v0, s20);
        s21 = u.fma(v1, s21);
        s22 = u.fma(v2, s22);
        s23 = u.fma(v3, s23);
        u = DoubleVector.fromArray(SPECIES, a, a3 + k);
        s30 = u.fma(v0, s30);
        s31 = u.fma(v1, s31);
        s32 = u.fma(v2, s32);
        s33 = u.fma(v3, s33);
        u = DoubleVector.fromArray(SPECIES, a, a4 + k);
        s40 = u.fma(v0, s40);
        s41 = u.fma(v1, s41);
        s42 = u.fma(v2, s42);
        s43 = u.fma(v3, s43);
        u = DoubleVector.fromArray(SPECIES, a, a5 + k);
        s50 = u.fma(v0, s50);
        s51 = u.fma(v1, s51);
        s52 = u.fma(v2, s52);
        s53 = u.fma(v3, s53);
      }
      s00.intoArray(sums, group);
      s01.intoArray(sums, group + Sums.PARTS);
      s02.intoArray(sums, group + 2 * Sums.PARTS);
      s03.intoArray(sums, group + 3 * Sums.PARTS);
      s10.intoArray(sums, group + 4 * Sums.PARTS);
      s11.intoArray(sums, group + 5 * Sums.PARTS);
      s12.intoArray(sums, group + 6 * Sums.PARTS);
      s13.intoArray(sums, group + 7 * Sums.PARTS);
      s20.intoArray(sums, group + 8 * Sums.PARTS);
      s21.intoArray(sums, group + 9 * Sums.PARTS);
      s22.intoArray(sums, group + 10 * Sums.PARTS);
      s23.intoArray(sums, group + 11 * Sums.PARTS);
      s30.intoArray(sums, group + 12 * Sums.PARTS);
      s31.intoArray(sums, group + 13 * Sums.PARTS);
      s32.intoArray(sums, group + 14 * Sums.PARTS);
      s33.intoArray(sums, group + 15 * Sums.PARTS);
      s40.intoArray(sums, group + 16 * Sums.PARTS);
      s41.intoArray(sums, group + 17 * Sums.PARTS);
      s42.intoArray(sums, group + 18 * Sums.PARTS);
      s43.intoArray(sums, group + 19 * Sums.PARTS);
      s50.intoArray(sums, group + 20 * Sums.PARTS);
      s51.intoArray(sums, group + 21 * Sums.PARTS);
      s52.intoArray(sums, group + 22 * Sums.PARTS);
      s53.intoArray(sums, group + 23 * Sums.PARTS);
    }
  }

  /**
   * sums[r,p] = Σ a[r,k] · x[k] over the k &lt; size + rest that are p modulo 8, for 8 rows of a.
   * {@code size} is a multiple of 8; {@code rests} holds what of x lies beyond, and {@code rest} is
   * 0 where 8 elements from there on are not within a.
   */
  static void innerVector(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] x,
      int x0,
      int size,
      double[] rests,
      int rest,
      double[] sums) {
    int a1 = a0 + aRow * Math.min(1, aRows - 1);
    int a2 = a0 + aRow * Math.min(2, aRows - 1);
    int a3 = a0 + aRow * Math.min(3, aRows - 1);
    int a4 = a0 + aRow * Math.min(4, aRows - 1);
    int a5 = a0 + aRow * Math.min(5, aRows - 1);
    int a6 = a0 + aRow * Math.min(6, aRows - 1);
    int a7 = a0 + aRow * Math.min(7, aRows - 1);
    for (int group = 0; group < Sums.PARTS; group += LANES) {
      DoubleVector zero = DoubleVector.zero(SPECIES);
      DoubleVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
      DoubleVector s4 = zero, s5 = zero, s6 = zero, s7 = zero;
      for (int k = group; k < size; k += Sums.PARTS) {
        DoubleVector v = DoubleVector.fromArray(SPECIES, x, x0 + k);
        s0 = v.fma(DoubleVector.fromArray(SPECIES, a, a0 + k), s0);
        s1 = v.fma(DoubleVector.fromArray(SPECIES, a, a1 + k), s1);
        s2 = v.fma(DoubleVector.fromArray(SPECIES, a, a2 + k), s2);
        s3 = v.fma(DoubleVector.fromArray(SPECIES, a, a3 + k), s3);
        s4 = v.fma(DoubleVector.fromArray(SPECIES, a, a4 + k), s4);
        s5 = v.fma(DoubleVector.fromArray(SPECIES, a, a5 + k), s5);
        s6 = v.fma(DoubleVector.fromArray(SPECIES, a, a6 + k), s6);
        s7 = v.fma(DoubleVector.fromArray(SPECIES, a, a7 + k), s7);
      }
      if (group < rest) {
        int k = size + group;
        VectorMask<Double> terms = PLACES.compare(VectorOperators.LT, rest - group);
        DoubleVector v = DoubleVector.fromArray(SPECIES, rests, group);
        s0 = s0.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a0 + k), s0), terms);
        s1 = s1.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a1 + k), s1), terms);
        s2 = s2.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a2 + k), s2), terms);
        s3 = s3.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a3 + k), s3), terms);
        s4 = s4.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a4 + k), s4), terms);
        s5 = s5.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a5 + k), s5), terms);
        s6 = s6.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a6 + k), s6), terms);
        s7 = s7.blend(v.fma(DoubleVector.fromArray(SPECIES, a, a7 + k), s7), terms);
      }
      s0.intoArray(sums, group);
      s1.intoArray(sums, group + Sums.PARTS);
      s2.intoArray(sums, group + 2 * Sums.PARTS);
      s3.intoArray(sums, group + 3 * Sums.PARTS);
      s4.intoArray(sums, group + 4 * Sums.PARTS);
      s5.intoArray(sums, group + 5 * Sums.PARTS);
      s6.intoArray(sums, group + 6 * Sums.PARTS);
      s7.intoArray(sums, group + 7 * Sums.PARTS);
    }
  }

  /**
   * Adds the terms beyond the last multiple of 8, fewer than 8 of them: a and b begin there. The
   * sums of a row of a and row c of b are the (r·columns + c)-th eight.
   */
  static void rest(
      double[] a,
      int a0,
      int aRow,
      int aRows,
      double[] b,
      int b0,
      int bRow,
      int bRows,
      int rest,
      double[] sums,
      int columns) {
    // A vector may reach into the next row, which is left out again, but not beyond the array.
    int wholeA = Math.min(aRows, (a.length - a0 - Sums.PARTS + aRow) / aRow);
    int wholeB = Math.min(bRows, (b.length - b0 - Sums.PARTS + bRow) / bRow);
    for (int group = 0; group < rest; group += LANES) {
      VectorMask<Double> terms = PLACES.compare(VectorOperators.LT, rest - group);
      for (int r = 0; r < wholeA; r++) {
        DoubleVector u = DoubleVector.fromArray(SPECIES, a, a0 + r * aRow + group);
        for (int c = 0; c < wholeB; c++) {
          int at = (r * columns + c) * Sums.PARTS + group;
          DoubleVector s = DoubleVector.fromArray(SPECIES, sums, at);
          DoubleVector v = DoubleVector.fromArray(SPECIES, b, b0 + c * bRow + group);
          s.blend(v.fma(u, s), terms).intoArray(sums, at);
        }
      }
    }
    for (int r = 0; r < aRows; r++) {
      for (int c = r < wholeA ? wholeB : 0; c < bRows; c++) {
        Sums.addRest(
            sums, (r * columns + c) * Sums.PARTS, a, a0 + r * aRow, b, b0 + c * bRow, 0, rest);
      }
    }
  }

  /**
   * y[n,j] = Σ x[n,k] · w[k,j] + b[j] for the columns j of one vector, where x has fewer than 8
   * columns, in the order of {@link Kernels}: each term is a part of its own. w is packed: row k
   * begins at {@code k·LANES}.
   */
  static void shortInner(
      double[] x,
      int x0,
      int in,
      double[] w,
      double[] b,
      int b0,
      double[] y,
      int y0,
      int out,
      int n) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector w0 = DoubleVector.fromArray(SPECIES, w, 0);
    DoubleVector w1 = DoubleVector.fromArray(SPECIES, w, LANES);
    DoubleVector w2 = DoubleVector.fromArray(SPECIES, w, 2 * LANES);
    DoubleVector w3 = DoubleVector.fromArray(SPECIES, w, 3 * LANES);
    DoubleVector w4 = DoubleVector.fromArray(SPECIES, w, 4 * LANES);
    DoubleVector w5 = DoubleVector.fromArray(SPECIES, w, 5 * LANES);
    DoubleVector w6 = DoubleVector.fromArray(SPECIES, w, 6 * LANES);
    DoubleVector bias = b == null ? zero : DoubleVector.fromArray(SPECIES, b, b0);
    for (int row = 0, at = x0, to = y0; row < n; row++, at += in, to += out) {
      DoubleVector s0 = w0.fma(DoubleVector.broadcast(SPECIES, x[at]), zero);
      DoubleVector s1 = in > 1 ? w1.fma(DoubleVector.broadcast(SPECIES, x[at + 1]), zero) : zero;
      DoubleVector s2 = in > 2 ? w2.fma(DoubleVector.broadcast(SPECIES, x[at + 2]), zero) : zero;
      DoubleVector s3 = in > 3 ? w3.fma(DoubleVector.broadcast(SPECIES, x[at + 3]), zero) : zero;
      DoubleVector s4 = in > 4 ? w4.fma(DoubleVector.broadcast(SPECIES, x[at + 4]), zero) : zero;
      DoubleVector s5 = in > 5 ? w5.fma(DoubleVector.broadcast(SPECIES, x[at + 5]), zero) : zero;
      DoubleVector s6 = in > 6 ? w6.fma(DoubleVector.broadcast(SPECIES, x[at + 6]), zero) : zero;
      DoubleVector even = s0.add(s4).add(s2.add(s6));
      DoubleVector sum = even.add(s1.add(s5).add(s3.add(zero)));
      (b == null ? sum : sum.add(bias)).intoArray(y, to);
    }
  }
}
