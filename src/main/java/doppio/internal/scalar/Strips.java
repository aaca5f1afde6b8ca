package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * Products of matrices with a short side in plain Java: from operands as they lie, in strips of
 * eight columns whose sums stay in registers from the first row to the last.
 */
final class Strips {
  /** Rows up to this long are worked on in strips of eight columns, top to bottom. */
  private static final int SHORT = 256;

  /** Columns that one thread takes at least: eight lines of a cache. */
  private static final int BLOCK = 64;

  private Strips() {}

  /**
   * c[r·cRow + j·cStep] = (itself if {@code add}, else 0) + Σₖ a[r·aRow + k·aStep] · b[k,j], from
   * operands as they lie, each from its own place on; for matrices with a short side. Threads share
   * the rows, or the columns where there are more.
   */
  static void products(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      double[] b,
      int b0,
      double[] c,
      int c0,
      int cRow,
      int cStep,
      int rows,
      int size,
      int columns,
      boolean add) {
    long work = (long) rows * size * columns;
    int blocks = (columns + BLOCK - 1) / BLOCK;
    if (Parallel.alone(work)) {
      part(a, a0, aRow, aStep, b, b0, columns, c, c0, cRow, cStep, rows, size, columns, add);
    } else if (rows >= blocks) {
      Parallel.run(
          rows,
          work,
          (from, to) ->
              part(
                  a,
                  a0 + from * aRow,
                  aRow,
                  aStep,
                  b,
                  b0,
                  columns,
                  c,
                  c0 + from * cRow,
                  cRow,
                  cStep,
                  to - from,
                  size,
                  columns,
                  add));
    } else {
      Parallel.run(
          blocks,
          work,
          (from, to) -> {
            int j0 = from * BLOCK;
            int width = Math.min(columns, to * BLOCK) - j0;
            part(
                a,
                a0,
                aRow,
                aStep,
                b,
                b0 + j0,
                columns,
                c,
                c0 + j0 * cStep,
                cRow,
                cStep,
                rows,
                size,
                width,
                add);
          });
    }
  }

  private static void part(
      double[] a,
      int a0,
      int aRow,
      int aStep,
      double[] b,
      int b0,
      int bRow,
      double[] c,
      int c0,
      int cRow,
      int cStep,
      int rows,
      int size,
      int columns,
      boolean add) {
    if (size == 1 && cStep == 1 && !add) {
      multiples(a, a0, aRow, b, b0, c, c0, cRow, rows, columns);
      return;
    }
    Scratch scratch = Scratch.take();
    double[] sums = scratch.results(columns);
    for (int r = 0; r < rows; r++) {
      for (int k0 = 0; k0 < Math.max(size, 1); k0 += Sums.TERMS) {
        int terms = Math.min(size - k0, Sums.TERMS);
        int j0 = 0;
        if (bRow <= SHORT) {
          for (; j0 + 8 <= columns; j0 += 8) {
            eight(
                a,
                a0 + r * aRow + k0 * aStep,
                aStep,
                b,
                b0 + k0 * bRow + j0,
                bRow,
                terms,
                sums,
                j0);
          }
        }
        Arrays.fill(sums, j0, columns, 0);
        for (int k = k0; k < k0 + terms; k++) {
          double factor = a[a0 + r * aRow + k * aStep];
          int row = b0 + k * bRow;
          for (int j = j0; j < columns; j++) {
            sums[j] = fma(factor, b[row + j], sums[j]);
          }
        }
        boolean more = add || k0 > 0;
        for (int j = 0, at = c0 + r * cRow; j < columns; j++, at += cStep) {
          c[at] = more ? c[at] + sums[j] : sums[j];
        }
      }
    }
    scratch.give();
  }

  /** sums[j] = Σₖ a[k] · b[k,j] for eight columns, which stay in registers over all the terms. */
  private static void eight(
      double[] a,
      int a0,
      int aStep,
      double[] b,
      int b0,
      int bRow,
      int terms,
      double[] sums,
      int j) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    for (int k = 0, row = b0; k < terms; k++, row += bRow) {
      double factor = a[a0 + k * aStep];
      s0 = fma(factor, b[row], s0);
      s1 = fma(factor, b[row + 1], s1);
      s2 = fma(factor, b[row + 2], s2);
      s3 = fma(factor, b[row + 3], s3);
      s4 = fma(factor, b[row + 4], s4);
      s5 = fma(factor, b[row + 5], s5);
      s6 = fma(factor, b[row + 6], s6);
      s7 = fma(factor, b[row + 7], s7);
    }
    sums[j] = s0;
    sums[j + 1] = s1;
    sums[j + 2] = s2;
    sums[j + 3] = s3;
    sums[j + 4] = s4;
    sums[j + 5] = s5;
    sums[j + 6] = s6;
    sums[j + 7] = s7;
  }

  /** c[r,j] = a[r] · b[j], in strips of eight columns. */
  private static void multiples(
      double[] a,
      int a0,
      int aRow,
      double[] b,
      int b0,
      double[] c,
      int c0,
      int cRow,
      int rows,
      int columns) {
    int j = 0;
    for (; j + 8 <= columns; j += 8) {
      double v0 = b[b0 + j];
      double v1 = b[b0 + j + 1];
      double v2 = b[b0 + j + 2];
      double v3 = b[b0 + j + 3];
      double v4 = b[b0 + j + 4];
      double v5 = b[b0 + j + 5];
      double v6 = b[b0 + j + 6];
      double v7 = b[b0 + j + 7];
      for (int r = 0; r < rows; r++) {
        double factor = a[a0 + r * aRow];
        int at = c0 + r * cRow + j;
        c[at] = fma(factor, v0, 0);
        c[at + 1] = fma(factor, v1, 0);
        c[at + 2] = fma(factor, v2, 0);
        c[at + 3] = fma(factor, v3, 0);
        c[at + 4] = fma(factor, v4, 0);
        c[at + 5] = fma(factor, v5, 0);
        c[at + 6] = fma(factor, v6, 0);
        c[at + 7] = fma(factor, v7, 0);
      }
    }
    for (; j < columns; j++) {
      for (int r = 0; r < rows; r++) {
        c[c0 + r * cRow + j] = fma(a[a0 + r * aRow], b[b0 + j], 0);
      }
    }
  }
}
