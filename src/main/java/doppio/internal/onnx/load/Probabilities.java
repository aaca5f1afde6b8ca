package doppio.internal.onnx.load;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;
import java.util.Arrays;

/** The softmax along one dimension, or over all from one on; or its logarithm. */
final class Probabilities extends Function {
  private final int axis;
  private final boolean rest;
  private final boolean log;

  /**
   * A softmax.
   *
   * @param rest whether it is over all dimensions from the axis on
   * @param log whether its logarithm is asked for
   */
  Probabilities(int axis, boolean rest, boolean log) {
    this.axis = axis;
    this.rest = rest;
    this.log = log;
  }

  @Override
  int[] shape(Argument[] in) {
    dimension(axis, in[0].rank());
    return in[0].shape();
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    forEachRow(
        in[0],
        (from, step, row) -> {
          gather(in[0].data(), from, step, row);
          if (log) {
            logarithm(row);
          } else {
            KernelChoice.kernels().softmax(row, 0, row, 0, 1, row.length);
          }
          scatter(row, y.data(), from, step);
        });
  }

  /** ∂x = y (g − Σ g y); of the logarithm g − e^y Σ g. */
  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    forEachRow(
        in[0],
        (from, step, row) -> {
          double sum = 0;
          for (int i = 0; i < row.length; i++) {
            int at = from + i * step;
            sum += log ? gy.data()[at] : gy.data()[at] * y.data()[at];
          }
          for (int i = 0; i < row.length; i++) {
            int at = from + i * step;
            double value = y.data()[at];
            gx.data()[at] =
                log ? gy.data()[at] - StrictMath.exp(value) * sum : value * (gy.data()[at] - sum);
          }
        });
  }

  @FunctionalInterface
  private interface Visit {
    void at(int from, int step, double[] row);
  }

  private void forEachRow(Tensor x, Visit visit) {
    int[] shape = x.shape();
    int d = dimension(axis, shape.length);
    int length = rest ? product(shape, d, shape.length) : shape[d];
    int inner = rest ? 1 : product(shape, d + 1, shape.length);
    int outer = product(shape, 0, d);
    double[] row = new double[length];
    for (int o = 0; o < outer && length > 0; o++) {
      for (int i = 0; i < inner; i++) {
        visit.at(o * length * inner + i, inner, row);
      }
    }
  }

  private static void gather(double[] x, int from, int step, double[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = x[from + i * step];
    }
  }

  private static void scatter(double[] row, double[] y, int from, int step) {
    for (int i = 0; i < row.length; i++) {
      y[from + i * step] = row[i];
    }
  }

  private static void logarithm(double[] row) {
    double max = Arrays.stream(row).max().orElse(0);
    double sum = 0;
    for (double x : row) {
      sum += StrictMath.exp(x - max);
    }
    double shift = max + StrictMath.log(sum);
    for (int i = 0; i < row.length; i++) {
      row[i] -= shift;
    }
  }
}
