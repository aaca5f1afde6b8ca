package doppio.nn;

import doppio.internal.Kernels;
import java.util.Arrays;

/** The rows of a table [count, dim] that are not all zeros. */
final class RowsInUse {
  private final int dim;
  private final boolean[] used;
  private int[] rows = {};
  private int count;

  RowsInUse(int[] shape) {
    used = new boolean[shape[0]];
    dim = shape[1];
  }

  /** Adds row i of g to the row of the table that the index i says, one after the other. */
  void add(double[] index, double[] g, int n, double[] table) {
    for (int i = 0; i < n; i++) {
      int row = (int) index[i];
      if (!used[row]) {
        // First of all, for it may fail: a row that is in use and not listed is never cleared.
        rows = count < rows.length ? rows : Arrays.copyOf(rows, 2 * count + 8);
        rows[count++] = row;
        used[row] = true;
      }
    }
    addAll(index, g, n, table, dim);
  }

  /** The same where nobody keeps account. */
  static void addAll(double[] index, double[] g, int n, double[] table, int dim) {
    for (int i = 0; i < n; i++) {
      int to = dim * (int) index[i];
      for (int k = 0; k < dim; k++) {
        table[to + k] += g[i * dim + k];
      }
    }
  }

  /** Makes the table one of zeros. */
  void clear(double[] table) {
    for (int i = 0; i < count; i++) {
      Arrays.fill(table, rows[i] * dim, (rows[i] + 1) * dim, 0);
      used[rows[i]] = false;
    }
    count = 0;
  }

  /** Hands on the rows. */
  void parts(double[] table, Kernels.Part part) {
    for (int i = 0; i < count; i++) {
      part.accept(table, rows[i] * dim, rows[i] * dim, dim);
    }
  }
}
