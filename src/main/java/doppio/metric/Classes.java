package doppio.metric;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;

/**
 * The classes of predictions {@code [n, classes]} and of targets, which are class indices {@code
 * [n]} or rows {@code [n, classes]} whose one largest number marks the class.
 */
final class Classes {
  /** The class of a row that has a NaN: none. */
  static final int NONE = -1;

  private Classes() {}

  /** Checks the shapes; returns the number of classes. */
  static int count(String who, Tensor predictions, Tensor targets) {
    if (predictions.rank() != 2 || predictions.dim(1) < 2) {
      throw new ShapeException(
          who
              + " expects predictions [n, classes] of two classes or more but got "
              + Shapes.text(predictions));
    }
    boolean indices = targets.rank() == 1 && targets.dim(0) == predictions.dim(0);
    if (!indices && !targets.sameShape(predictions)) {
      throw new ShapeException(
          who
              + " expects targets ["
              + predictions.dim(0)
              + "] or "
              + Shapes.text(predictions)
              + " but got "
              + Shapes.text(targets));
    }
    return predictions.dim(1);
  }

  /** The place of the row's largest number, the first of equals. */
  static int argmax(double[] rows, int row, int classes) {
    int from = row * classes;
    int best = 0;
    for (int c = 0; c < classes; c++) {
      if (Double.isNaN(rows[from + c])) {
        return NONE;
      }
      if (rows[from + c] > rows[from + best]) {
        best = c;
      }
    }
    return best;
  }

  /** The class that a sample should have. */
  static int target(Tensor targets, int row, int classes) {
    if (targets.rank() == 2) {
      return marked(targets.data(), row, classes);
    }
    return Require.index("the target", row, targets.data()[row], classes);
  }

  /** The place of the row's largest number; a row of zeros, say, marks none. */
  private static int marked(double[] rows, int row, int classes) {
    int best = argmax(rows, row, classes);
    if (best == NONE) {
      throw new IllegalArgumentException("the target in row " + row + " has a NaN");
    }
    double largest = rows[row * classes + best];
    for (int c = best + 1; c < classes; c++) {
      if (rows[row * classes + c] == largest) {
        throw new IllegalArgumentException(
            "the target in row "
                + row
                + " must have one largest number, which marks its class, but has "
                + largest
                + " for the classes "
                + best
                + " and "
                + c);
      }
    }
    return best;
  }

  /** The targets, which there have to be. */
  static Tensor notEmpty(String who, Tensor targets) {
    if (targets.size() == 0) {
      throw new ShapeException(
          who + " expects at least one sample but got " + Shapes.text(targets));
    }
    return targets;
  }

  /** Checks that both are of one shape and not empty. */
  static void sameShape(String who, Tensor predictions, Tensor targets) {
    if (!predictions.sameShape(targets) || targets.rank() == 0) {
      throw new ShapeException(
          who
              + " expects predictions and targets of one shape [n, ...] but got "
              + Shapes.text(predictions)
              + " and "
              + Shapes.text(targets));
    }
    notEmpty(who, targets);
  }
}
