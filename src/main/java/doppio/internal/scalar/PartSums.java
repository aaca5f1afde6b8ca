package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Sums;
import java.util.Arrays;

/** Inner products whose eight partial sums are rows of {@link Tiles}. */
final class PartSums {
  private static final int ROWS = Tiles.ROWS;

  private PartSums() {}

  /**
   * Four outputs, or fewer, of all columns of xt: output r is left in the 8·r-th of the 32 rows of
   * {@code parts}.
   */
  static void four(
      double[][] xt,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      int columns,
      int in,
      int rows,
      double[][] parts) {
    for (int p = 0; p < Sums.PARTS; p++) {
      for (int r = 0; r < ROWS; r++) {
        Arrays.fill(parts[r * Sums.PARTS + p], 0, columns, 0);
      }
      Tiles.rows(
          parts[p],
          parts[p + Sums.PARTS],
          parts[p + 2 * Sums.PARTS],
          parts[p + 3 * Sums.PARTS],
          rows,
          w,
          w0,
          in,
          1,
          xt,
          p,
          Sums.PARTS,
          in,
          columns);
    }
    for (int r = 0; r < rows; r++) {
      // Adding −0 changes nothing.
      finish(parts, r * Sums.PARTS, bias == null ? -0.0 : bias[b0 + r], columns);
    }
  }

  /** The tree of {@link Kernels}. */
  private static void finish(double[][] parts, int at, double bias, int columns) {
    double[] s0 = parts[at];
    double[] s1 = parts[at + 1];
    double[] s2 = parts[at + 2];
    double[] s3 = parts[at + 3];
    double[] s4 = parts[at + 4];
    double[] s5 = parts[at + 5];
    double[] s6 = parts[at + 6];
    double[] s7 = parts[at + 7];
    for (int j = 0; j < columns; j++) {
      s0[j] = ((s0[j] + s4[j]) + (s2[j] + s6[j])) + ((s1[j] + s5[j]) + (s3[j] + s7[j])) + bias;
    }
  }
}
