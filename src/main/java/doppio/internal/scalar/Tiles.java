package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Fma;
import doppio.internal.Jvm;

/**
 * The innermost loops of the plain matrix products. Each array is indexed by the loop's variable
 * alone and each statement is a chain of fused multiply-adds: in this form, and up to a certain
 * size, the JIT turns the loop into vector code.
 */
final class Tiles {
  static final int ROWS = 4;

  /** Columns at most: eight rows of so many doubles, 16 KB, fit the first-level cache. */
  static final int WIDTH = 256;

  /**
   * Four terms a step keep a row of sums in a register for longer than two do; JDK 17's JIT gives
   * up on a loop of that size and leaves it scalar. Without fused multiply-adds a loop has twice as
   * many operations, and each JIT gives up at half the terms and rows.
   */
  private static final boolean FOUR_TERMS = Fma.FAST && Jvm.version() >= 21;

  private Tiles() {}

  /**
   * c[r][j] += Σ a[r,k] · b[k][j] for four rows r (or fewer: {@code rows}), all j &lt; columns and
   * the k = first, first + step, … &lt; size in this order; a[r,k] lies at {@code a0 + r·aRow +
   * k·aStep}.
   */
  static void rows(
      double[] c0,
      double[] c1,
      double[] c2,
      double[] c3,
      int rows,
      double[] a,
      int a0,
      int aRow,
      int aStep,
      double[][] b,
      int first,
      int step,
      int size,
      int columns) {
    int k = first;
    if (rows == ROWS) {
      int a1 = a0 + aRow;
      int a2 = a1 + aRow;
      int a3 = a2 + aRow;
      if (FOUR_TERMS) {
        for (; k + 3 * step < size; k += 4 * step) {
          int s = k * aStep;
          int t = s + step * aStep;
          int u = t + step * aStep;
          int v = u + step * aStep;
          fourByFour(
              c0,
              c1,
              c2,
              c3,
              b[k],
              b[k + step],
              b[k + 2 * step],
              b[k + 3 * step],
              a[a0 + s],
              a[a0 + t],
              a[a0 + u],
              a[a0 + v],
              a[a1 + s],
              a[a1 + t],
              a[a1 + u],
              a[a1 + v],
              a[a2 + s],
              a[a2 + t],
              a[a2 + u],
              a[a2 + v],
              a[a3 + s],
              a[a3 + t],
              a[a3 + u],
              a[a3 + v],
              columns);
        }
      }
      for (; k + step < size; k += 2 * step) {
        int s = k * aStep;
        int t = s + step * aStep;
        double[] b0 = b[k];
        double[] b1 = b[k + step];
        if (Fma.FAST) {
          fourByTwo(
              c0, c1, c2, c3, b0, b1, a[a0 + s], a[a0 + t], a[a1 + s], a[a1 + t], a[a2 + s],
              a[a2 + t], a[a3 + s], a[a3 + t], columns);
        } else {
          twoByTwo(c0, c1, b0, b1, a[a0 + s], a[a0 + t], a[a1 + s], a[a1 + t], columns);
          twoByTwo(c2, c3, b0, b1, a[a2 + s], a[a2 + t], a[a3 + s], a[a3 + t], columns);
        }
      }
    }
    for (; k < size; k += step) {
      int s = a0 + k * aStep;
      oneByOne(c0, b[k], a[s], columns);
      if (rows > 1) {
        oneByOne(c1, b[k], a[s + aRow], columns);
      }
      if (rows > 2) {
        oneByOne(c2, b[k], a[s + 2 * aRow], columns);
      }
      if (rows > 3) {
        oneByOne(c3, b[k], a[s + 3 * aRow], columns);
      }
    }
  }

  private static void fourByFour(
      double[] c0,
      double[] c1,
      double[] c2,
      double[] c3,
      double[] b0,
      double[] b1,
      double[] b2,
      double[] b3,
      double a00,
      double a01,
      double a02,
      double a03,
      double a10,
      double a11,
      double a12,
      double a13,
      double a20,
      double a21,
      double a22,
      double a23,
      double a30,
      double a31,
      double a32,
      double a33,
      int columns) {
    for (int j = 0; j < columns; j++) {
      double v0 = b0[j];
      double v1 = b1[j];
      double v2 = b2[j];
      double v3 = b3[j];
      c0[j] = fma(a03, v3, fma(a02, v2, fma(a01, v1, fma(a00, v0, c0[j]))));
      c1[j] = fma(a13, v3, fma(a12, v2, fma(a11, v1, fma(a10, v0, c1[j]))));
      c2[j] = fma(a23, v3, fma(a22, v2, fma(a21, v1, fma(a20, v0, c2[j]))));
      c3[j] = fma(a33, v3, fma(a32, v2, fma(a31, v1, fma(a30, v0, c3[j]))));
    }
  }

  private static void fourByTwo(
      double[] c0,
      double[] c1,
      double[] c2,
      double[] c3,
      double[] b0,
      double[] b1,
      double a00,
      double a01,
      double a10,
      double a11,
      double a20,
      double a21,
      double a30,
      double a31,
      int columns) {
    for (int j = 0; j < columns; j++) {
      double v0 = b0[j];
      double v1 = b1[j];
      c0[j] = fma(a01, v1, fma(a00, v0, c0[j]));
      c1[j] = fma(a11, v1, fma(a10, v0, c1[j]));
      c2[j] = fma(a21, v1, fma(a20, v0, c2[j]));
      c3[j] = fma(a31, v1, fma(a30, v0, c3[j]));
    }
  }

  private static void twoByTwo(
      double[] c0,
      double[] c1,
      double[] b0,
      double[] b1,
      double a00,
      double a01,
      double a10,
      double a11,
      int columns) {
    for (int j = 0; j < columns; j++) {
      double v0 = b0[j];
      double v1 = b1[j];
      c0[j] = fma(a01, v1, fma(a00, v0, c0[j]));
      c1[j] = fma(a11, v1, fma(a10, v0, c1[j]));
    }
  }

  private static void oneByOne(double[] c, double[] b, double a, int columns) {
    for (int j = 0; j < columns; j++) {
      c[j] = fma(a, b[j], c[j]);
    }
  }
}
