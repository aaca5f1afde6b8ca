package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/** e^(x − max x) over its sum, row by row, out of {@link Exp}. */
final class Softmax {
  /** Rows whose sums are computed at once: a sum alone waits for each of its additions. */
  private static final int TOGETHER = 4;

  private final Exp exp;

  Softmax(Exp exp) {
    this.exp = exp;
  }

  /** Rows of length {@code size}. */
  void apply(double[] x, int x0, double[] y, int y0, int rows, int size) {
    long work = Cost.EXP * rows * size;
    if (Parallel.alone(work)) {
      part(x, x0, y, y0, rows, size);
    } else {
      Parallel.run(
          rows,
          work,
          (from, to) -> part(x, x0 + from * size, y, y0 + from * size, to - from, size));
    }
  }

  private void part(double[] x, int x0, double[] y, int y0, int rows, int size) {
    System.arraycopy(x, x0, y, y0, rows * size);
    for (int row = 0, from = y0; row < rows; row++, from += size) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < from + size; i++) {
        max = Math.max(max, y[i]);
      }
      for (int i = from; i < from + size; i++) {
        y[i] -= max;
      }
    }
    exp.apply(y, y0, y, y0, rows * size);
    int row = 0;
    int from = y0;
    for (; row + TOGETHER <= rows; row += TOGETHER, from += TOGETHER * size) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int i = from; i < from + size; i++) {
        s0 += y[i];
        s1 += y[i + size];
        s2 += y[i + 2 * size];
        s3 += y[i + 3 * size];
      }
      divide(y, from, size, s0);
      divide(y, from + size, size, s1);
      divide(y, from + 2 * size, size, s2);
      divide(y, from + 3 * size, size, s3);
    }
    for (; row < rows; row++, from += size) {
      double sum = 0;
      for (int i = from; i < from + size; i++) {
        sum += y[i];
      }
      divide(y, from, size, sum);
    }
  }

  private static void divide(double[] y, int from, int size, double sum) {
    for (int i = from; i < from + size; i++) {
      y[i] /= sum;
    }
  }

  /** gx = y (gy − Σ gy · y), the sum over the row one chain. */
  static void gradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int rows, int size) {
    long work = Cost.PASS * rows * size;
    if (Parallel.alone(work)) {
      gradient(y, y0, gy, gy0, gx, gx0, 0, rows, size);
    } else {
      Parallel.run(rows, work, (from, to) -> gradient(y, y0, gy, gy0, gx, gx0, from, to, size));
    }
  }

  private static void gradient(
      double[] y,
      int y0,
      double[] gy,
      int gy0,
      double[] gx,
      int gx0,
      int first,
      int end,
      int size) {
    int row = first;
    int at = first * size;
    for (; row + TOGETHER <= end; row += TOGETHER, at += TOGETHER * size) {
      double d0 = 0;
      double d1 = 0;
      double d2 = 0;
      double d3 = 0;
      for (int i = at; i < at + size; i++) {
        d0 = fma(gy[gy0 + i], y[y0 + i], d0);
        d1 = fma(gy[gy0 + i + size], y[y0 + i + size], d1);
        d2 = fma(gy[gy0 + i + 2 * size], y[y0 + i + 2 * size], d2);
        d3 = fma(gy[gy0 + i + 3 * size], y[y0 + i + 3 * size], d3);
      }
      multiply(y, y0, gy, gy0, gx, gx0, at, size, d0);
      multiply(y, y0, gy, gy0, gx, gx0, at + size, size, d1);
      multiply(y, y0, gy, gy0, gx, gx0, at + 2 * size, size, d2);
      multiply(y, y0, gy, gy0, gx, gx0, at + 3 * size, size, d3);
    }
    for (; row < end; row++, at += size) {
      double dot = 0;
      for (int i = at; i < at + size; i++) {
        dot = fma(gy[gy0 + i], y[y0 + i], dot);
      }
      multiply(y, y0, gy, gy0, gx, gx0, at, size, dot);
    }
  }

  private static void multiply(
      double[] y,
      int y0,
      double[] gy,
      int gy0,
      double[] gx,
      int gx0,
      int from,
      int size,
      double dot) {
    for (int i = from; i < from + size; i++) {
      gx[gx0 + i] = y[y0 + i] * (gy[gy0 + i] - dot);
    }
  }
}
