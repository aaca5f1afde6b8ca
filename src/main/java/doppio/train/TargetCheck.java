package doppio.train;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Slices;
import doppio.loss.Loss;
import doppio.metric.Predictions;
import java.util.Arrays;

/**
 * Whether loss and metrics take the targets that there are: said before the first batch, not after
 * an epoch. One row that the model infers tells the shape of its predictions; their values do not
 * matter here.
 */
final class TargetCheck {
  private static final int CHUNK = 1024;

  private final Settings settings;

  private TargetCheck(Settings settings) {
    this.settings = settings;
  }

  static void check(Settings settings, Samples data) {
    TargetCheck check = new TargetCheck(settings);
    if (settings.validation != null) {
      check.validation(settings.validation);
    }
    if (data instanceof Dataset inMemory && inMemory.targetShape().length == 0) {
      check.training(inMemory);
    }
  }

  private void validation(Dataset data) {
    Tensor targets = data.targets();
    Tensor predictions = zeros(data.slice(0, 1), data.size());
    named(
        "the validation set: ",
        () -> {
          if (!(settings.loss.divisor(predictions, targets.copy()) > 0)) {
            // Nothing counts in the whole set: the loss has the words for it.
            settings.loss.forward(predictions, targets.copy());
          }
        });
    settings.metrics.forEach(
        (name, metric) ->
            named("metric " + name + ": ", () -> metric.check(predictions, targets.copy())));
    NonFiniteLossException nan = Diagnosis.ahead(settings, data);
    if (nan != null) {
      throw nan;
    }
  }

  /** Class indices, a chunk at a time; the row of one that is none is looked for on its own. */
  private void training(Dataset data) {
    Tensor row = zeros(data.slice(0, 1), 1);
    double[] targets = data.targets().data();
    for (int chunk = 0; chunk < Slices.count(targets.length, CHUNK); chunk++) {
      int from = Slices.start(targets.length, CHUNK, chunk);
      int to = Slices.start(targets.length, CHUNK, chunk + 1);
      if (!fits(row, targets, from, to)) {
        for (int i = from; i < to; i++) {
          int at = i;
          named("row " + i + " of the training set: ", () -> divisor(row, targets, at, at + 1));
        }
      }
    }
  }

  private boolean fits(Tensor row, double[] targets, int from, int to) {
    try {
      divisor(row, targets, from, to);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void divisor(Tensor row, double[] targets, int from, int to) {
    int[] shape = row.shape();
    shape[0] = to - from;
    Loss loss = settings.loss;
    double unused =
        loss.divisor(Tensor.zeros(shape), Tensor.of(Arrays.copyOfRange(targets, from, to)));
  }

  private Tensor zeros(Dataset oneRow, int rows) {
    int[] shape = Predictions.of(settings.model, oneRow).shape();
    shape[0] = rows;
    return Tensor.zeros(shape);
  }

  private static void named(String what, Runnable check) {
    try {
      check.run();
    } catch (ShapeException e) {
      throw shape(what, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + e.getMessage(), e);
    }
  }

  private static ShapeException shape(String what, ShapeException e) {
    ShapeException named = new ShapeException(what + e.getMessage());
    named.initCause(e);
    return named;
  }
}
