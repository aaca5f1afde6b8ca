package doppio.train;

import java.util.Objects;

/** What tells a better epoch from a worse one: a number of the history and its good direction. */
public final class Monitor {
  private static final String VALIDATION_LOSS = "validation loss";
  private static final String TRAINING_LOSS = "training loss";

  private final String name;
  private final boolean metric;
  private final double sign;

  private Monitor(String name, boolean metric, double sign) {
    this.name = Objects.requireNonNull(name, "name");
    this.metric = metric;
    this.sign = sign;
  }

  /** The lower the loss on the validation set, the better. */
  public static Monitor validationLoss() {
    return new Monitor(VALIDATION_LOSS, false, -1);
  }

  /** The lower the mean loss of the epoch's batches, the better. */
  public static Monitor trainingLoss() {
    return new Monitor(TRAINING_LOSS, false, -1);
  }

  /** The higher the metric of this name, the better. */
  public static Monitor highest(String metric) {
    return new Monitor(metric, true, 1);
  }

  /** The lower the metric of this name, the better. */
  public static Monitor lowest(String metric) {
    return new Monitor(metric, true, -1);
  }

  /**
   * The number of the best epoch, from 1; the first of equals. 0 if no epoch has a number that is
   * not NaN.
   *
   * @throws IllegalArgumentException if the history has no such metric
   */
  public int best(History history) {
    return best(history, 0);
  }

  /** The number of the last epoch that was better than all before it by more than minDelta. */
  int best(History history, double minDelta) {
    double[] values = values(history);
    int best = 0;
    for (int i = 0; i < values.length; i++) {
      double value = sign * values[i];
      if (best == 0 ? !Double.isNaN(value) : value > sign * values[best - 1] + minDelta) {
        best = i + 1;
      }
    }
    return best;
  }

  /**
   * Refuses a training that does not have what is watched.
   *
   * @throws IllegalStateException if there is no such number
   */
  void check(String who, Training training) {
    boolean there =
        metric ? training.history().metrics().contains(name) : training.hasLoss(needsValidation());
    if (!there) {
      throw new IllegalStateException(
          who + " watches " + watched() + ", which the trainer does not measure");
    }
  }

  private boolean needsValidation() {
    return name.equals(VALIDATION_LOSS);
  }

  private double[] values(History history) {
    if (metric) {
      return history.metric(name);
    }
    return needsValidation() ? history.validationLoss() : history.trainLoss();
  }

  private String watched() {
    return metric ? "the metric " + name : "the " + name;
  }

  /** What is watched, and which direction is good. */
  @Override
  public String toString() {
    return (sign > 0 ? "highest " : "lowest ") + name;
  }
}
