package doppio.train;

import doppio.internal.Signs;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one epoch gave.
 *
 * @param epoch its number, from 1
 * @param trainLoss the loss of its batches, each before its step, as if they were one batch: the
 *     mean over all samples, by their weights where the loss has some; the sum where the loss is
 *     one. It does not depend on the size of a batch
 * @param validationLoss the loss over the whole validation set after the epoch; NaN without one
 * @param metrics the metrics on the validation set, in the order in which they were asked for
 * @param learningRate the rate of the optimizer's default group at the epoch's last step
 * @param seconds the time that its batches took, the callbacks' included, validation not
 * @param samples the number of samples trained on
 * @param batches the number of batches
 */
public record EpochResult(
    int epoch,
    double trainLoss,
    double validationLoss,
    Map<String, Double> metrics,
    double learningRate,
    double seconds,
    int samples,
    int batches) {
  /** Keeps a copy of the map. */
  public EpochResult {
    metrics =
        Collections.unmodifiableMap(
            new LinkedHashMap<>(Objects.requireNonNull(metrics, "metrics")));
  }

  /** Samples trained on per second. */
  public double samplesPerSecond() {
    return samples / seconds;
  }

  /** The epoch's number, losses, metrics and throughput. */
  @Override
  public String toString() {
    return "epoch " + epoch + ": " + text();
  }

  /** Losses, metrics and throughput. */
  String text() {
    StringBuilder s = new StringBuilder("loss ").append(EpochText.number(trainLoss));
    if (!Double.isNaN(validationLoss)) {
      s.append(", validation loss ").append(EpochText.number(validationLoss));
    }
    metrics.forEach(
        (name, value) -> s.append(", " + Signs.text(name) + " " + EpochText.number(value)));
    return s.append("; ").append(EpochText.throughput(samplesPerSecond())).toString();
  }
}
