package doppio.train;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.L2;
import doppio.metric.Metric;
import doppio.metric.Predictions;
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
  private final Dataset data;
  private final Tensor predictions;

  Validation(Settings settings, Dataset data) {
    this.settings = settings;
    this.data = data;
    predictions = Predictions.of(settings.model, data, Math.max(BATCH, settings.batchSize));
  }

  /** As much of a set as is predicted at a time. */
  static Dataset batch(Dataset data) {
    return data.slice(0, Math.min(BATCH, data.size()));
  }

  /**
   * What an epoch gave.
   *
   * @throws NonFiniteLossException if the loss is NaN, or a metric is because a prediction or
   *     target is
   */
  EpochResult result(int epoch, RunningEpoch running, double trainLoss) {
    double loss = settings.loss.forward(predictions.copy(), data.targets().copy());
    if (settings.l2 > 0) {
      loss += L2.penalty(settings.l2, settings.model.parameters());
    }
    refuseNaN(epoch, "validation loss", loss, true);
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, Metric> metric : settings.metrics.entrySet()) {
      double value = metric.getValue().of(predictions.copy(), data.targets().copy());
      refuseNaN(epoch, "metric " + metric.getKey(), value, false);
      values.put(metric.getKey(), value);
    }
    return running.result(epoch, trainLoss, loss, values);
  }

  /** A metric may be undefined for numbers that are all finite: 0 of 0, say. */
  private void refuseNaN(int epoch, String what, double value, boolean always) {
    if (Double.isNaN(value)) {
      NonFiniteLossException why =
          Diagnosis.of(settings, data, predictions, value, epoch, what, always);
      if (why != null) {
        throw why;
      }
    }
  }
}
