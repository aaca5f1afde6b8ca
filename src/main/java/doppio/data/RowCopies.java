package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Objects;

/** Copies of some rows of a tensor {@code [n, ...]}, whole rows at a time. */
final class RowCopies {
  private RowCopies() {}

  /**
   * Refuses rows that there are not, and tensors that have not the room for them.
   *
   * @param size the number of rows that there are
   * @param into where so many rows shall go
   * @param inputs the numbers in a row's inputs
   * @param targets those in its targets
   */
  static void check(int size, int[] rows, Batch into, int inputs, int targets) {
    check(size, rows);
    long n = rows.length;
    if (into.inputs().size() != n * inputs || into.targets().size() != n * targets) {
      throw new ShapeException(
          "a batch of "
              + n
              + " rows expects inputs of "
              + n * inputs
              + " numbers and targets of "
              + n * targets
              + " but got "
              + Shapes.text(into.inputs())
              + " and "
              + Shapes.text(into.targets()));
    }
  }

  /** Refuses rows that there are not. */
  static void check(int size, int... rows) {
    for (int row : Objects.requireNonNull(rows, "rows")) {
      if (row < 0 || row >= size) {
        throw new IndexOutOfBoundsException("no row " + row + " in a data set of " + size);
      }
    }
  }

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

  /** The numbers in a row. */
  static int length(Tensor source) {
    int n = source.dim(0);
    return n == 0 ? 0 : source.size() / n;
  }
}
