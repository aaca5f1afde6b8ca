package doppio.data;

import doppio.Tensor;

/** Copies of some rows of a tensor {@code [n, ...]}, whole rows at a time. */
final class RowCopies {
  private RowCopies() {}

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  static Tensor slice(Tensor source, int from, int to) {
    Tensor result = Tensor.zeros(shape(source, to - from));
    int length = length(source);
    System.arraycopy(source.data(), from * length, result.data(), 0, result.size());
    return result;
  }

  /** The named rows, in the order given. */
  static Tensor gather(Tensor source, int[] rows) {
    Tensor result = Tensor.zeros(shape(source, rows.length));
    gather(source, rows, result);
    return result;
  }

  /** Writes the named rows, in the order given, to a tensor of as many. */
  static void gather(Tensor source, int[] rows, Tensor result) {
    int length = length(source);
    double[] x = source.data();
    double[] y = result.data();
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x, rows[i] * length, y, i * length, length);
    }
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
