package doppio.data;

import doppio.Tensor;

/** Copies of some rows of a tensor {@code [n, ...]}, whole rows at a time. */
final class Rows {
  private Rows() {}

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  static Tensor slice(Tensor source, int from, int to) {
    Tensor result = Tensor.zeros(shape(source, to - from));
    int length = length(source);
    System.arraycopy(source.data(), from * length, result.data(), 0, result.size());
    return result;
  }

  /**
   * The rows that {@code order} names at places {@code from} (inclusive) to {@code to} (exclusive).
   */
  static Tensor gather(Tensor source, int[] order, int from, int to) {
    Tensor result = Tensor.zeros(shape(source, to - from));
    int length = length(source);
    double[] x = source.data();
    double[] y = result.data();
    for (int i = from; i < to; i++) {
      System.arraycopy(x, order[i] * length, y, (i - from) * length, length);
    }
    return result;
  }

  private static int[] shape(Tensor source, int rows) {
    int[] shape = source.shape();
    shape[0] = rows;
    return shape;
  }

  private static int length(Tensor source) {
    int n = source.dim(0);
    return n == 0 ? 0 : source.size() / n;
  }
}
