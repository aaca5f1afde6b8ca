package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Shapes;
import java.util.Arrays;

/** What targets over classes may be: class indices or probabilities. */
final class ClassTargets {
  private ClassTargets() {}

  /**
   * Refuses targets that are neither class indices, of the prediction's shape without the classes,
   * nor probabilities, of the prediction's shape.
   *
   * @param loss whose targets they are, for messages
   * @param ignored an index that need not be a class, or NaN; with one from 0 on probabilities are
   *     refused
   */
  static void check(Loss loss, Tensor prediction, Tensor target, double ignored) {
    boolean ignoresClass = ignored >= 0;
    if (target.sameShape(prediction) && !ignoresClass) {
      checkProbabilities(loss, target);
    } else if (isIndices(prediction, target)) {
      checkIndices(loss, prediction, target, ignored);
    } else {
      throw new ShapeException(
          loss
              + " expects class indices "
              + Shapes.text(withoutClasses(prediction))
              + (ignoresClass
                  ? ", one of which it ignores,"
                  : " or probabilities " + Shapes.text(prediction))
              + " but got "
              + Shapes.text(target)
              + lastAreClasses("logits", prediction));
    }
  }

  /**
   * Refuses targets that are not class indices, of the prediction's shape without the classes.
   *
   * @param ignored an index that need not be a class, or NaN
   */
  static void requireIndices(Loss loss, Tensor prediction, Tensor target, double ignored) {
    if (!isIndices(prediction, target)) {
      throw new ShapeException(
          loss
              + " expects class indices "
              + Arrays.toString(withoutClasses(prediction))
              + " but got "
              + Shapes.text(target)
              + lastAreClasses("log-probabilities", prediction));
    }
    checkIndices(loss, prediction, target, ignored);
  }

  private static boolean isIndices(Tensor prediction, Tensor target) {
    boolean fits = target.rank() == prediction.rank() - 1;
    for (int d = 0; fits && d < target.rank(); d++) {
      fits = target.dim(d) == prediction.dim(d);
    }
    return fits;
  }

  private static void checkIndices(Loss loss, Tensor prediction, Tensor target, double ignored) {
    int classes = prediction.dim(-1);
    for (int row = 0; row < target.size(); row++) {
      double y = target.data()[row];
      if (y != ignored && !Require.isIndex(y, classes)) {
        throw new IllegalArgumentException(
            loss
                + " expects class indices 0 to "
                + (classes - 1)
                + " ("
                + classes
                + " classes) but got "
                + y
                + " in row "
                + row(prediction, row));
      }
    }
  }

  private static void checkProbabilities(Loss loss, Tensor target) {
    int classes = target.dim(-1);
    for (int i = 0; i < target.size(); i++) {
      double t = target.data()[i];
      if (!Require.isFiniteNotNegative(t)) {
        throw new IllegalArgumentException(
            loss
                + " expects probabilities but got "
                + t
                + " for class "
                + i % classes
                + " in row "
                + row(target, i / classes));
      }
    }
  }

  /** For those who have the classes second, as PyTorch does. */
  private static String lastAreClasses(String predictions, Tensor prediction) {
    return prediction.rank() <= 2 ? "" : "; the " + predictions + "' last dimension is the classes";
  }

  /** The row's number, or its index where there is more than one dimension of rows. */
  private static String row(Tensor prediction, int row) {
    return prediction.rank() <= 2 ? "" + row : Shapes.index(withoutClasses(prediction), row);
  }

  private static int[] withoutClasses(Tensor prediction) {
    return Arrays.copyOf(prediction.shape(), prediction.rank() - 1);
  }
}
