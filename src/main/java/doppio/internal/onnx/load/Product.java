package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;

/** The product of two stacks of matrices, as NumPy's {@code matmul}. */
final class Product extends Function {
  @Override
  boolean isDifferentiable(int k) {
    return true;
  }

  @Override
  int[] shape(Argument[] in) {
    int[] a = matrix(in[0].shape(), true);
    int[] b = matrix(in[1].shape(), false);
    if (a[a.length - 1] != b[b.length - 2]) {
      throw new ShapeException(
          "cannot multiply " + Shapes.text(in[0].shape()) + " by " + Shapes.text(in[1].shape()));
    }
    int[] stacks = Broadcast.shape(stack(a), stack(b));
    int rank = stacks.length;
    int[] shape = Arrays.copyOf(stacks, rank + 2);
    int used = rank;
    if (in[0].rank() > 1) {
      shape[used++] = a[a.length - 2];
    }
    if (in[1].rank() > 1) {
      shape[used++] = b[b.length - 1];
    }
    return checked(Arrays.stream(shape, 0, used).asLongStream().toArray());
  }

  @Override
  long work(Tensor[] in, long size) {
    return size * in[0].dim(in[0].rank() - 1);
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    Arrays.fill(y.data(), 0);
    forEachPair(
        in,
        (y0, a0, b0, m, k, n) -> {
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < k; j++) {
              axpy(in[0].data()[a0 + i * k + j], in[1].data(), b0 + j * n, y.data(), y0 + i * n, n);
            }
          }
        });
  }

  /** ∂a = g bᵀ, ∂b = aᵀ g. */
  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int argument, Tensor gx) {
    Arrays.fill(gx.data(), 0);
    double[] g = gy.data();
    double[] sum = gx.data();
    forEachPair(
        in,
        (y0, a0, b0, m, k, n) -> {
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < k; j++) {
              if (argument == 1) {
                axpy(in[0].data()[a0 + i * k + j], g, y0 + i * n, sum, b0 + j * n, n);
              } else {
                sum[a0 + i * k + j] += dot(g, y0 + i * n, in[1].data(), b0 + j * n, n);
              }
            }
          }
        });
  }

  @FunctionalInterface
  private interface Visit {
    void at(int y0, int a0, int b0, int m, int k, int n);
  }

  private static void forEachPair(Tensor[] in, Visit visit) {
    int[] a = matrix(in[0].shape(), true);
    int[] b = matrix(in[1].shape(), false);
    int m = a[a.length - 2];
    int k = a[a.length - 1];
    int n = b[b.length - 1];
    new Broadcast(stack(a), stack(b))
        .forEachRow(
            (y0, a0, da, b0, db, length) -> {
              for (int i = 0; i < length; i++) {
                visit.at((y0 + i) * m * n, (a0 + i * da) * m * k, (b0 + i * db) * k * n, m, k, n);
              }
            });
  }

  /** A vector as a matrix: a row on the left, a column on the right. */
  private static int[] matrix(int[] shape, boolean left) {
    if (shape.length == 0) {
      throw new ShapeException("a single number is no matrix");
    }
    return shape.length > 1 ? shape : left ? new int[] {1, shape[0]} : new int[] {shape[0], 1};
  }

  private static int[] stack(int[] shape) {
    return Arrays.copyOf(shape, shape.length - 2);
  }

  private static void axpy(double factor, double[] x, int x0, double[] y, int y0, int n) {
    for (int i = 0; i < n; i++) {
      y[y0 + i] += factor * x[x0 + i];
    }
  }

  private static double dot(double[] x, int x0, double[] y, int y0, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[x0 + i] * y[y0 + i];
    }
    return sum;
  }
}
