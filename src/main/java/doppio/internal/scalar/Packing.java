package doppio.internal.scalar;

import doppio.internal.Patches;

/** Operands of the {@link Tiles}: each row an array of its own. */
final class Packing {
  private Packing() {}

  /** xt[i][j] = x[j,i], where the first row begins at x0: four rows are read side by side. */
  static void transpose(double[] x, int x0, int columns, int in, double[][] xt) {
    int whole = columns - columns % 4;
    for (int j = 0; j < whole; j += 4) {
      int at0 = x0 + j * in;
      int at1 = at0 + in;
      int at2 = at1 + in;
      int at3 = at2 + in;
      for (int i = 0; i < in; i++) {
        double[] row = xt[i];
        row[j] = x[at0 + i];
        row[j + 1] = x[at1 + i];
        row[j + 2] = x[at2 + i];
        row[j + 3] = x[at3 + i];
      }
    }
    for (int j = whole; j < columns; j++) {
      for (int i = 0, at = x0 + j * in; i < in; i++) {
        xt[i][j] = x[at + i];
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
