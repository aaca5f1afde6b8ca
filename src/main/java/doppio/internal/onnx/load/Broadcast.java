package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.internal.Shapes;
import doppio.internal.Strides;
import java.util.Arrays;

/**
 * How two tensors of different shapes meet element by element: aligned at their last dimensions,
 * sizes of 1 are repeated. Walks through the elements of the result with the places of both.
 */
final class Broadcast {
  private final int[] shape;
  private final int[] aSteps;
  private final int[] bSteps;

  /** What is done with a row of the result, along its last dimension. */
  @FunctionalInterface
  interface Row {
    /** Elements y[y0 + i], a[a0 + i · da], b[b0 + i · db] belong together. */
    void at(int y0, int a0, int da, int b0, int db, int length);
  }

  Broadcast(int[] a, int[] b) {
    shape = shape(a, b);
    aSteps = steps(a, shape);
    bSteps = steps(b, shape);
  }

  /**
   * The shape of the result.
   *
   * @throws ShapeException if they do not meet
   */
  static int[] shape(int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    long[] shape = new long[rank];
    for (int d = 1; d <= rank; d++) {
      int m = d <= a.length ? a[a.length - d] : 1;
      int n = d <= b.length ? b[b.length - d] : 1;
      if (m != n && m != 1 && n != 1) {
        throw new ShapeException(
            "shapes " + Shapes.text(a) + " and " + Shapes.text(b) + " do not go together");
      }
      shape[rank - d] = m == 1 ? n : m;
    }
    return Function.checked(shape);
  }

  /** How far apart in an array lie neighbours along each dimension of the result. */
  static int[] steps(int[] own, int[] shape) {
    int[] steps = new int[shape.length];
    int step = 1;
    for (int d = own.length - 1, s = shape.length - 1; d >= 0; d--, s--) {
      steps[s] = own[d] == 1 ? 0 : step;
      step *= own[d];
    }
    return steps;
  }

  void forEachRow(Row row) {
    int rank = shape.length;
    int last = rank == 0 ? 1 : shape[rank - 1];
    int rows = rank == 0 ? 1 : Function.product(shape, 0, rank - 1);
    int da = rank == 0 ? 0 : aSteps[rank - 1];
    int db = rank == 0 ? 0 : bSteps[rank - 1];
    int outer = Math.max(0, rank - 1);
    Strides places =
        new Strides(
            Arrays.copyOf(shape, outer),
            Arrays.copyOf(aSteps, outer),
            Arrays.copyOf(bSteps, outer));
    for (int r = 0; r < rows; r++) {
      row.at(r * last, places.from(), da, places.to(), db, last);
      places.next();
    }
  }
}
