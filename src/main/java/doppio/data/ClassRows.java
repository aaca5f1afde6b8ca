package doppio.data;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

/** Class indices as rows with a 1 at the class. */
final class ClassRows {
  private ClassRows() {}

  /** Rows {@code [n, classes]} for indices {@code [n]}: 1 at the class, {@code rest} elsewhere. */
  static Tensor of(Tensor indices, int classes, double rest) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes must be at least 1, got " + classes);
    }
    if (indices.rank() != 1) {
      throw new ShapeException(
          "class indices must have shape [n], got " + Arrays.toString(indices.shape()));
    }
    Tensor rows = Tensor.full(rest, indices.size(), classes);
    for (int i = 0; i < indices.size(); i++) {
      double index = indices.data()[i];
      // The first comparison also refuses NaN, and -0.0 counts as 0.
      if (!(index >= 0 && index < classes) || index != Math.rint(index)) {
        throw new IllegalArgumentException(
            "class index in row "
                + i
                + " must be a whole number in [0, "
                + classes
                + "), got "
                + index);
      }
      rows.data()[i * classes + (int) index] = 1;
    }
    return rows;
  }
}
