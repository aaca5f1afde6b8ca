package doppio.internal.scalar;

import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * Sums over rows in plain Java, Σₖ a[r,k] · b[k,j], as both gradients of a linear layer are.
 *
 * <p>Operands are first copied to rows of their own, as the {@link Tiles} need them: a small part
 * of the work, unless the matrices are narrow. Those are done by {@link Strips}.
 */
final class OuterProducts {
  /** Below this many columns a vectorised loop is too short to pay for the copies. */
  static final int NARROW = 24;

  private static final int ROWS = Tiles.ROWS;
  private static final int WIDTH = Tiles.WIDTH;

  private OuterProducts() {}

  /**
   * c[r,j] = (c[r,j] if {@code add}, else 0) + Σₖ a[r·aRow + k·aStep] · b[k,j] for the rows r &lt;
   * {@code rows} and all k &lt; {@code size}: a block of columns after the other, and in each a
   * chain of terms after the other, whose rows of b stay in the second-level cache.
   */
  static void blocks(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      int rows,
      double[] b,
      int b0,
      int size,
      int columns,
      double[] c,
      int c0,
      boolean add) {
    Parallel.run(
        (columns + WIDTH - 1) / WIDTH,
        (long) rows * size * columns,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int block = from; block < to; block++) {
            int j0 = block * WIDTH;
            int width = Math.min(WIDTH, columns - j0);
            double[][] copies = scratch.rows(Math.min(size, Sums.TERMS), width);
            for (int k0 = 0; k0 < Math.max(size, 1); k0 += Sums.TERMS) {
              int terms = Math.min(Sums.TERMS, size - k0);
              Packing.copyRows(b, b0 + k0 * columns + j0, columns, terms, width, copies, 0);
              for (int r0 = 0; r0 < rows; r0 += ROWS) {
                four(
                    a,
                    a0 + r0 * aRow + k0 * aStep,
                    aRow,
                    aStep,
                    Math.min(ROWS, rows - r0),
                    copies,
                    0,
                    terms,
                    c,
                    c0 + r0 * columns + j0,
                    columns,
                    width,
                    add || k0 > 0);
              }
            }
          }
          scratch.give();
        });
  }

  /**
   * c[r,j] = (c[r,j] if {@code add}, else 0) + Σₖ a[r,k] · b[k,j] for four rows r, or fewer; the
   * rows of b begin at {@code first}.
   */
  static void four(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      int count,
      double[][] b,
      int first,
      int size,
      double[] c,
      int c0,
      int cRow,
      int columns,
      boolean add) {
    Scratch scratch = Scratch.take();
    double[][] sums = scratch.rows(ROWS, columns);
    for (int k0 = 0; k0 < Math.max(size, 1); k0 += Sums.TERMS) {
      for (int r = 0; r < count; r++) {
        Arrays.fill(sums[r], 0, columns, 0);
      }
      Tiles.rows(
          sums[0],
          sums[1],
          sums[2],
          sums[3],
          count,
          a,
          a0 - first * aStep,
          aRow,
          aStep,
          b,
          first + k0,
          1,
          first + Math.min(size, k0 + Sums.TERMS),
          columns);
      for (int r = 0; r < count; r++) {
        int to = c0 + r * cRow;
        if (add || k0 > 0) {
          for (int j = 0; j < columns; j++) {
            c[to + j] += sums[r][j];
          }
        } else {
          System.arraycopy(sums[r], 0, c, to, columns);
        }
      }
    }
    scratch.give();
  }
}
