package doppio.internal.scalar;

import doppio.internal.Sums;

/** Operands of the {@link Tiles}: each row an array of its own. */
final class Packing {
  private Packing() {}

  /** xt[i][j] = x[j,i], where the first row begins at x0. */
  static void transpose(double[] x, int x0, int columns, int in, double[][] xt) {
    for (int i0 = 0; i0 < in; i0 += Sums.PARTS) {
      int last = Math.min(in, i0 + Sums.PARTS);
      for (int j = 0; j < columns; j++) {
        int row = x0 + j * in;
        for (int i = i0; i < last; i++) {
          xt[i][j] = x[row + i];
        }
      }
    }
  }

  /** Some columns of a matrix, each row to an array of its own. */
  static void copyRows(
      double[] a, int a0, int aRow, int rows, int columns, double[][] to, int first) {
    for (int k = 0; k < rows; k++) {
      System.arraycopy(a, a0 + k * aRow, to[first + k], 0, columns);
    }
  }
}
