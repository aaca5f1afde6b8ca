package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;

/** Class indices as rows with a 1 at the class. */
final class ClassRows {
  private ClassRows() {}

  /** Rows {@code [n, classes]} for indices {@code [n]}: 1 at the class, {@code rest} elsewhere. */
  static Tensor of(Tensor indices, int classes, double rest) {
    Require.atLeast(1, "classes", classes);
    if (indices.rank() != 1) {
      throw new ShapeException("class indices must have shape [n], got " + Shapes.text(indices));
    }
    Tensor rows = Tensor.full(rest, indices.size(), classes);
    for (int i = 0; i < indices.size(); i++) {
      int index = Require.index("class index", i, indices.data()[i], classes);
      rows.data()[i * classes + index] = 1;
    }
    return rows;
  }
}
