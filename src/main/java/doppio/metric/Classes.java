package doppio.metric;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The classes of predictions {@code [n, classes]} and of targets, which are class indices {@code
 * [n]} or rows {@code [n, classes]} whose one largest number marks the class. Steps are rows too:
 * {@code [n, t, classes]} has n·t.
 */
final class Classes {
  /** The class of a row that has a NaN: none. */
  static final int NONE = -1;

  /** The number of classes. */
  final int count;

  /** The number of predictions. */
  final int rows;

  private final double[] predictions;
  private final double[] targets;
  private final boolean marked;

  /** The shape without the classes. */
  private final int[] shape;

  /** Checks the shapes. */
  Classes(String who, Tensor predictions, Tensor targets) {
    if (predictions.rank() < 2 || predictions.dim(-1) < 2) {
      throw new ShapeException(
          who
              + " expects predictions [n, classes] of two classes or more but got "
              + Shapes.text(predictions));
    }
    count = predictions.dim(-1);
    rows = predictions.size() / count;
    shape = Arrays.copyOf(predictions.shape(), predictions.rank() - 1);
    marked = targets.sameShape(predictions);
    if (!marked && !Arrays.equals(targets.shape(), shape)) {
      throw new ShapeException(
          who
              + " expects targets "
              + Shapes.text(shape)
              + " or "
              + Shapes.text(predictions)
              + " but got "
              + Shapes.text(targets));
    }
    this.predictions = predictions.data();
    this.targets = targets.data();
  }

  /** The place of the row's largest output, the first of equals. */
  int predicted(int row) {
    return argmax(predictions, row);
  }

  /** The class that a row should have. */
  int target(int row) {
    if (marked) {
      return marked(row);
    }
    if (!Require.isIndex(targets[row], count)) {
      throw new IllegalArgumentException(
          "the target in "
              + place(row)
              + " must be a whole number in [0, "
              + count
              + "), got "
              + targets[row]);
    }
    return (int) targets[row];
  }

  /** Whether a row's class index is this one, which need not be a class. */
  boolean has(double index, int row) {
    return !marked && targets[row] == index;
  }

  /** How messages name a row: by its number, or by its index where it is a step. */
  String place(int row) {
    return "row " + (shape.length == 1 ? row : Shapes.index(shape, row));
  }

  private int argmax(double[] of, int row) {
    int from = row * count;
    int best = 0;
    for (int c = 0; c < count; c++) {
      if (Double.isNaN(of[from + c])) {
        return NONE;
      }
      if (of[from + c] > of[from + best]) {
        best = c;
      }
    }
    return best;
  }

  /** The place of the target's largest number; a row of zeros, say, marks none. */
  private int marked(int row) {
    int best = argmax(targets, row);
    if (best == NONE) {
      throw new IllegalArgumentException("the target in " + place(row) + " has a NaN");
    }
    double largest = targets[row * count + best];
    for (int c = best + 1; c < count; c++) {
      if (targets[row * count + c] == largest) {
        throw new IllegalArgumentException(
            "the target in "
                + place(row)
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
    if (!predictions.sameShape(Objects.requireNonNull(targets, "targets")) || targets.rank() == 0) {
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
