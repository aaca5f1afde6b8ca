package doppio.train;

import doppio.ShapeException;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import java.util.Arrays;

/** Whether a trainer can go on with a data set: said before the first batch, not after an epoch. */
final class DataCheck {
  private DataCheck() {}

  static void check(Settings settings, RunningEpoch running, Samples data) {
    if (data.size() == 0) {
      throw new IllegalArgumentException("the training set is empty: " + data);
    }
    Dataset validation = settings.validation;
    if (validation == null && !settings.metrics.isEmpty()) {
      throw new IllegalStateException(
          Signs.text(
              "metrics are measured on the validation set, but there is none: call validation(…)"));
    }
    if (validation != null) {
      sameRows("inputs", data.inputShape(), validation.inputs().shape());
      sameRows("targets", data.targetShape(), validation.targets().shape());
    }
    boolean fits = data.size() == running.samples && settings.batchSize == running.batchSize;
    if (running.batch > 0 && !fits) {
      throw new IllegalArgumentException(
          "an epoch of "
              + running.samples
              + " samples in batches of "
              + running.batchSize
              + " was broken off and cannot go on with "
              + data.size()
              + " in batches of "
              + settings.batchSize);
    }
  }

  private static void sameRows(String what, int[] row, int[] held) {
    int[] expected = new int[row.length + 1];
    expected[0] = held[0];
    for (int d = 1; d < expected.length; d++) {
      // A dimension that differs from sample to sample, -1, may be any.
      expected[d] = row[d - 1] < 0 && d < held.length ? held[d] : row[d - 1];
    }
    if (!Arrays.equals(expected, held)) {
      throw new ShapeException(
          "expected a validation set with "
              + what
              + " "
              + Shapes.text(expected)
              + " but got "
              + Shapes.text(held));
    }
  }
}
