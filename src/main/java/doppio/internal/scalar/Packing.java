package doppio.internal.scalar;

import doppio.internal.Patches;
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

  /** to[k][j] = term k of result p0 + j. */
  static void unfold(Patches patches, int p0, int columns, int depth, double[][] to) {
    double[] band = patches.band;
    int[] results = patches.results;
    for (int j = 0; j < columns; ) {
      // Results of one row lie side by side, unless they stride.
      int first = results[p0 + j];
      int run = 1;
      while (j + run < columns && results[p0 + j + run] == first + run) {
        run++;
      }
      for (int k = 0; k < depth; k++) {
        System.arraycopy(band, patches.terms[k] + first, to[k], j, run);
      }
      j += run;
    }
  }

  /** to[first + t][k] = term k0 + k of result p0 + t. */
  static void unfoldRows(
      Patches patches, int p0, int count, int k0, int columns, double[][] to, int first) {
    double[] band = patches.band;
    int[] terms = patches.terms;
    for (int t = 0; t < count; t++) {
      int at = patches.results[p0 + t];
      double[] row = to[first + t];
      for (int k = 0; k < columns; k++) {
        row[k] = band[at + terms[k0 + k]];
      }
    }
  }
}
