package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Strides;
import java.util.Arrays;

/** The dimensions in another order; in the opposite one where none is given. */
final class Permutation extends Function {
  private final int[] order;

  /**
   * A permutation.
   *
   * @param order for each dimension of the result that of the argument; null for the opposite order
   */
  Permutation(int[] order) {
    this.order = order;
  }

  /** A matrix with rows and columns exchanged. */
  static Tensor transposed(Tensor w) {
    Tensor y = Tensor.zeros(w.dim(1), w.dim(0));
    new Permutation(null).compute(new Tensor[] {w}, y);
    return y;
  }

  @Override
  int[] shape(Argument[] in) {
    int[] shape = in[0].shape();
    int[] from = order(shape.length);
    return Arrays.stream(from).map(d -> shape[d]).toArray();
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    walk(in[0].shape(), (from, to) -> y.data()[to] = in[0].data()[from]);
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    walk(in[0].shape(), (from, to) -> gx.data()[from] = gy.data()[to]);
  }

  @FunctionalInterface
  private interface Visit {
    void at(int from, int to);
  }

  private void walk(int[] shape, Visit visit) {
    int rank = shape.length;
    int[] from = order(rank);
    int[] steps = new int[rank];
    int[] sizes = new int[rank];
    for (int d = 0; d < rank; d++) {
      sizes[d] = shape[from[d]];
      steps[d] = product(shape, from[d] + 1, rank);
    }
    Strides places = new Strides(sizes, steps, Strides.rowMajor(sizes));
    for (int i = product(shape, 0, rank); i > 0; i--) {
      visit.at(places.from(), places.to());
      places.next();
    }
  }

  private int[] order(int rank) {
    int[] from = new int[rank];
    boolean[] seen = new boolean[rank];
    if (order != null && order.length != rank) {
      throw new ShapeException(
          "an order of " + order.length + " dimensions does not fit one of " + rank);
    }
    for (int d = 0; d < rank; d++) {
      from[d] = order == null ? rank - 1 - d : dimension(order[d], rank);
      if (seen[from[d]]) {
        throw new ShapeException("axis " + from[d] + " stands twice in " + Arrays.toString(order));
      }
      seen[from[d]] = true;
    }
    return from;
  }
}
