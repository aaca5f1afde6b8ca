package doppio.internal.scalar;

/** Sums of what is there, in plain Java: over the rows of a matrix, in their order. */
final class Reductions {
  /** Columns of which a row at a time is read rather than eight columns from top to bottom. */
  private static final int WIDE = 256;

  private Reductions() {}

  /** sums[j] += Σ a[n,j] over the rows n, in their order; each from its own place on. */
  static void addColumns(double[] a, int a0, double[] sums, int sums0, int rows, int columns) {
    if (columns >= WIDE) {
      addRows(a, a0, sums, sums0, rows, columns);
      return;
    }
    int j = 0;
    for (; j + 8 <= columns; j += 8) {
      double s0 = sums[sums0 + j];
      double s1 = sums[sums0 + j + 1];
      double s2 = sums[sums0 + j + 2];
      double s3 = sums[sums0 + j + 3];
      double s4 = sums[sums0 + j + 4];
      double s5 = sums[sums0 + j + 5];
      double s6 = sums[sums0 + j + 6];
      double s7 = sums[sums0 + j + 7];
      for (int n = 0, at = a0 + j; n < rows; n++, at += columns) {
        s0 += a[at];
        s1 += a[at + 1];
        s2 += a[at + 2];
        s3 += a[at + 3];
        s4 += a[at + 4];
        s5 += a[at + 5];
        s6 += a[at + 6];
        s7 += a[at + 7];
      }
      sums[sums0 + j] = s0;
      sums[sums0 + j + 1] = s1;
      sums[sums0 + j + 2] = s2;
      sums[sums0 + j + 3] = s3;
      sums[sums0 + j + 4] = s4;
      sums[sums0 + j + 5] = s5;
      sums[sums0 + j + 6] = s6;
      sums[sums0 + j + 7] = s7;
    }
    for (; j < columns; j++) {
      double s = sums[sums0 + j];
      for (int n = 0, at = a0 + j; n < rows; n++, at += columns) {
        s += a[at];
      }
      sums[sums0 + j] = s;
    }
  }

  /** Four rows in one pass over the sums, for a column of long rows lies in many places. */
  private static void addRows(double[] a, int a0, double[] sums, int sums0, int rows, int columns) {
    int n = 0;
    int at = a0;
    for (; n + 4 <= rows; n += 4, at += 4 * columns) {
      for (int j = 0; j < columns; j++) {
        sums[sums0 + j] =
            sums[sums0 + j]
                + a[at + j]
                + a[at + columns + j]
                + a[at + 2 * columns + j]
                + a[at + 3 * columns + j];
      }
    }
    for (; n < rows; n++, at += columns) {
      for (int j = 0; j < columns; j++) {
        sums[sums0 + j] += a[at + j];
      }
    }
  }
}
