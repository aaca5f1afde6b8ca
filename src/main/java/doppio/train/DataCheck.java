package doppio.train;

import doppio.ShapeException;
import doppio.data.Samples;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Whether a trainer can go on, with a data set: said before the first batch, not after an epoch.
 */
final class DataCheck {
  private DataCheck() {}

  static void check(Settings settings, Training training, Samples data) {
    training.inHand.requireNone();
    RunningEpoch running = training.running;
    if (data.size() == 0) {
      throw new IllegalArgumentException("the training set is empty: " + data);
    }
    Samples validation = settings.validation;
    if (validation == null && !settings.metrics.isEmpty()) {
      throw new IllegalStateException(
          Signs.text(
              "metrics are measured on the validation set, but there is none: call validation(…)"));
    }
    if (validation != null) {
      int n = validation.size();
      sameRows("inputs", n, data.inputShape(), validation.inputShape());
      sameRows("targets", n, data.targetShape(), validation.targetShape());
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

  /** Refuses other shapes; a dimension that differs from sample to sample, -1, may be any. */
  private static void sameRows(String what, int n, int[] row, int[] held) {
    int[] expected = row.clone();
    for (int d = 0; d < Math.min(row.length, held.length); d++) {
      expected[d] = row[d] < 0 || held[d] < 0 ? held[d] : row[d];
    }
    if (!Arrays.equals(expected, held)) {
      throw new ShapeException(
          "expected a validation set with "
              + what
              + " "
              + Shapes.text(rows(n, expected))
              + " but got "
              + Shapes.text(rows(n, held)));
    }
  }

  private static int[] rows(int n, int[] row) {
    return IntStream.concat(IntStream.of(n), Arrays.stream(row)).toArray();
  }
}
