package doppio.train;

import doppio.Tensor;
import doppio.loss.L2;
import doppio.metric.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a model's predictions for the validation set are worth. The loss and each metric see copies:
 * one that sorts what it gets changes nothing for the others.
 */
final class Validation {
  /** A validation set needs no small batches. */
  private static final int BATCH = 256;

  private final Settings settings;
  private final Answers answers;

  private Validation(Settings settings, Answers answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Over all samples. */
  static Validation of(Settings settings) {
    int batch = Math.max(BATCH, settings.batchSize);
    return new Validation(settings, Answers.of(settings.model, settings.validation, batch));
  }

  /** Over as many as are predicted at a time. */
  static Validation ofFirst(Settings settings) {
    return new Validation(settings, first(settings));
  }

  static Answers first(Settings settings) {
    return Answers.ofFirst(settings.model, settings.validation, BATCH);
  }

  /**
   * What an epoch gave.
   *
   * @throws NonFiniteLossException if the loss is NaN, or a metric is because a prediction or
   *     target is
   */
  EpochResult result(int epoch, RunningEpoch running, double trainLoss) {
    double loss = settings.loss.forward(predictions(), targets());
    if (settings.l2 > 0) {
      loss += L2.penalty(settings.l2, settings.model.parameters());
    }
    refuseNaN(epoch, "validation loss", loss, true);
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, Metric> metric : settings.metrics.entrySet()) {
      double value = metric.getValue().of(predictions(), targets());
      refuseNaN(epoch, "metric " + metric.getKey(), value, false);
      values.put(metric.getKey(), value);
    }
    return running.result(epoch, trainLoss, loss, values);
  }

  /** A metric may be undefined for numbers that are all finite: 0 of 0, say. */
  private void refuseNaN(int epoch, String what, double value, boolean always) {
    if (Double.isNaN(value)) {
      NonFiniteLossException why = Diagnosis.of(settings, value, epoch, what, always);
      if (why != null) {
        throw why;
      }
    }
  }

  private Tensor predictions() {
    return answers.predictions().copy();
  }

  private Tensor targets() {
    return answers.targets().copy();
  }
}
