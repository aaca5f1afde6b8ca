package doppio.train;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Slices;
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
    if (settings.validation instanceof Dataset inMemory) {
      check.validation(inMemory);
    } else if (settings.validation != null) {
      check.firstBatch();
    }
    if (data instanceof Dataset inMemory) {
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
    metrics(predictions, targets);
    NonFiniteLossException nan = Diagnosis.ahead(settings, data);
    if (nan != null) {
      throw nan;
    }
  }

  /** Of a set that is not in memory the first batch tells, whose targets may all be ignored. */
  private void firstBatch() {
    Answers first = Validation.first(settings);
    first.predictions().fill(0);
    named(
        "the validation set: ",
        () -> {
          double unused = settings.loss.divisor(first.predictions(), first.targets().copy());
        });
    metrics(first.predictions(), first.targets());
  }

  private void metrics(Tensor predictions, Tensor targets) {
    settings.metrics.forEach(
        (name, metric) ->
            named("metric " + name + ": ", () -> metric.check(predictions, targets.copy())));
  }

  /** All values, a chunk at a time; the row of one that does not fit is looked for on its own. */
  private void training(Dataset data) {
    Tensor row = zeros(data.slice(0, 1), 1);
    int size = Math.max(1, CHUNK / Math.max(1, data.targets().size() / data.size()));
    for (int chunk = 0; chunk < Slices.count(data.size(), size); chunk++) {
      int from = Slices.start(data.size(), size, chunk);
      int to = Slices.start(data.size(), size, chunk + 1);
      if (problem(row, data, from, to) != null) {
        refuse(row, data, from, to);
      }
    }
  }

  /**
   * Refuses the first row of a chunk that does not fit, unless none does: what the loss has against
   * single rows of several numbers, their shape say, it says of the first batch.
   */
  private void refuse(Tensor row, Dataset data, int from, int to) {
    IllegalArgumentException first = null;
    int at = from;
    boolean some = data.targetShape().length == 0;
    for (int i = from; i < to; i++) {
      IllegalArgumentException problem = problem(row, data, i, i + 1);
      some |= problem == null;
      at = first == null ? i : at;
      first = first == null ? problem : first;
    }
    if (first != null && some) {
      throw named("row " + at + " of the training set: ", first);
    }
  }

  /** What the loss has against rows, or null. */
  private IllegalArgumentException problem(Tensor row, Dataset data, int from, int to) {
    int[] shape = row.shape();
    shape[0] = to - from;
    int[] targetShape = data.targets().shape();
    targetShape[0] = to - from;
    int size = data.targets().size() / data.size();
    double[] targets = Arrays.copyOfRange(data.targets().data(), from * size, to * size);
    try {
      double unused = settings.loss.divisor(Tensor.zeros(shape), Tensor.wrap(targets, targetShape));
      return null;
    } catch (IllegalArgumentException e) {
      return e;
    }
  }

  private Tensor zeros(Dataset oneRow, int rows) {
    int[] shape = Predictions.of(settings.model, oneRow).shape();
    shape[0] = rows;
    return Tensor.zeros(shape);
  }

  private static void named(String what, Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      throw named(what, e);
    }
  }

  private static IllegalArgumentException named(String what, IllegalArgumentException e) {
    if (!(e instanceof ShapeException)) {
      return new IllegalArgumentException(what + e.getMessage(), e);
    }
    ShapeException named = new ShapeException(what + e.getMessage());
    named.initCause(e);
    return named;
  }
}
