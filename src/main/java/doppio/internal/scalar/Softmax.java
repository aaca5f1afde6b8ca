package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/** e^(x − max x) over its sum, row by row, out of {@link Exp}. */
final class Softmax {
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
    for (int row = 0, from = y0; row < rows; row++, from += size) {
      double sum = 0;
      for (int i = from; i < from + size; i++) {
        sum += y[i];
      }
      for (int i = from; i < from + size; i++) {
        y[i] /= sum;
      }
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
    for (int from = first * size; from < end * size; from += size) {
      double dot = 0;
      for (int i = from; i < from + size; i++) {
        dot = fma(gy[gy0 + i], y[y0 + i], dot);
      }
      for (int i = from; i < from + size; i++) {
        gx[gx0 + i] = y[y0 + i] * (gy[gy0 + i] - dot);
      }
    }
  }
}
