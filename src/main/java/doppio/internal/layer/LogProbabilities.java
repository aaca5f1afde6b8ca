package doppio.internal.layer;

import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;

/** x − max x − log Σ e^(x − max x), row by row; each sum is one chain from first to last. */
public final class LogProbabilities {
  private LogProbabilities() {}

  /** Rows of length {@code size}. */
  public static void forward(double[] x, double[] y, int rows, int size) {
    long work = Cost.EXP * rows * size;
    if (Parallel.alone(work)) {
      forward(x, y, 0, rows, size);
    } else {
      Parallel.run(rows, work, (first, end) -> forward(x, y, first, end, size));
    }
  }

  private static void forward(double[] x, double[] y, int first, int end, int size) {
    Kernels kernels = KernelChoice.kernels();
    for (int row = first; row < end; row++) {
      int from = row * size;
      int to = from + size;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        max = Math.max(max, x[i]);
      }
      for (int i = from; i < to; i++) {
        y[i] = x[i] - max;
      }
      kernels.exp(y, from, y, from, size);
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += y[i];
      }
      double logSum = StrictMath.log(sum);
      for (int i = from; i < to; i++) {
        y[i] = (x[i] - max) - logSum;
      }
    }
  }

  /** gx = gy − e^y · Σ gy, row by row. */
  public static void backward(double[] y, double[] gy, double[] gx, int rows, int size) {
    long work = Cost.EXP * rows * size;
    if (Parallel.alone(work)) {
      backward(y, gy, gx, 0, rows, size);
    } else {
      Parallel.run(rows, work, (first, end) -> backward(y, gy, gx, first, end, size));
    }
  }

  private static void backward(double[] y, double[] gy, double[] gx, int first, int end, int size) {
    int start = first * size;
    KernelChoice.kernels().exp(y, start, gx, start, (end - first) * size);
    for (int row = first; row < end; row++) {
      int from = row * size;
      int to = from + size;
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += gy[i];
      }
      for (int i = from; i < to; i++) {
        gx[i] = gy[i] - gx[i] * sum;
      }
    }
  }
}
