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
    this.name = Objects.requireNonNull(name, "metric");
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
    if (metric && !history.metrics().contains(name)) {
      throw new IllegalArgumentException("no metric " + name + "; there are " + history.metrics());
    }
    return new BestEpoch(this::merit, 0).update(history.epochs());
  }

  /** How good an epoch was: the larger the better. */
  double merit(EpochResult epoch) {
    if (metric) {
      return sign * epoch.metrics().get(name);
    }
    return sign * (needsValidation() ? epoch.validationLoss() : epoch.trainLoss());
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

  private String watched() {
    return metric ? "the metric " + name : "the " + name;
  }

  /** Whether the other watches the same, in the same direction. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Monitor that
        && name.equals(that.name)
        && metric == that.metric
        && sign == that.sign;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, metric, sign);
  }

  /** What is watched, and which direction is good. */
  @Override
  public String toString() {
    return (sign > 0 ? "highest " : "lowest ") + name;
  }
}
