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

  /** With so many, each thread copies its own; rows that are shared wait for the copy. */
  private static final int BLOCKS_PER_THREAD = 2;

  private OuterProducts() {}

  /**
   * c[r,j] = (c[r,j] if {@code add}, else 0) + Σₖ a[r·aRow + k·aStep] · b[k,j] for the rows r &lt;
   * {@code rows} and all k &lt; {@code size}: a block of columns after the other, and in each a
   * chain of terms after the other, whose rows of b stay in the second-level cache. Threads share
   * the rows, or the blocks where there are more of them.
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
    int blocks = (columns + WIDTH - 1) / WIDTH;
    long work = (long) rows * size * columns;
    boolean alone = Parallel.alone(work);
    if (alone || (blocks <= rows / ROWS && blocks < BLOCKS_PER_THREAD * Parallel.THREADS)) {
      blocks(a, a0, aRow, aStep, rows, b, b0, size, columns, c, c0, add, 0, blocks, !alone);
    } else {
      Parallel.run(
          blocks,
          work,
          (from, to) ->
              blocks(a, a0, aRow, aStep, rows, b, b0, size, columns, c, c0, add, from, to, false));
    }
  }

  private static void blocks(
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
      boolean add,
      int from,
      int to,
      boolean share) {
    Scratch scratch = Scratch.take();
    for (int j0 = from * WIDTH; j0 < Math.min(columns, to * WIDTH); j0 += WIDTH) {
      int width = Math.min(WIDTH, columns - j0);
      double[][] copies = scratch.rows(Math.min(size, Sums.TERMS), width);
      for (int k0 = 0; k0 < Math.max(size, 1); k0 += Sums.TERMS) {
        int terms = Math.min(Sums.TERMS, size - k0);
        Packing.copyRows(b, b0 + k0 * columns + j0, columns, terms, width, copies, 0);
        int first = a0 + k0 * aStep;
        int at = c0 + j0;
        boolean more = add || k0 > 0;
        if (share) {
          Parallel.run(
              (rows + ROWS - 1) / ROWS,
              (long) rows * terms * width,
              (low, high) ->
                  rows(
                      a,
                      first,
                      aRow,
                      aStep,
                      copies,
                      0,
                      terms,
                      c,
                      at,
                      columns,
                      width,
                      more,
                      low * ROWS,
                      Math.min(rows, high * ROWS)));
        } else {
          rows(a, first, aRow, aStep, copies, 0, terms, c, at, columns, width, more, 0, rows);
        }
      }
    }
    scratch.give();
  }

  /** {@link #four} for the rows of a from {@code from} up to {@code to}, four at a time. */
  static void rows(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      double[][] b,
      int first,
      int size,
      double[] c,
      int c0,
      int cRow,
      int columns,
      boolean add,
      int from,
      int to) {
    for (int r = from; r < to; r += ROWS) {
      int count = Math.min(ROWS, to - r);
      four(
          a,
          a0 + r * aRow,
          aRow,
          aStep,
          count,
          b,
          first,
          size,
          c,
          c0 + r * cRow,
          cRow,
          columns,
          add);
    }
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
