package doppio.train;

import doppio.internal.Require;
import doppio.optim.ParameterGroup;
import java.util.Objects;

/**
 * Multiplies all learning rates by a factor when more than {@code patience} epochs in a row were
 * not better than the best one before them, and then counts anew; as PyTorch's scheduler of this
 * name with {@code threshold=0}.
 *
 * <pre>{@code
 * trainer.callback(new ReduceLROnPlateau(0.1, 10).minimum(1e-6))
 * }</pre>
 *
 * <p>For a trainer without a schedule, which would set the rates again. What was best is read from
 * the history, so a training that is resumed goes on counting.
 */
public final class ReduceLROnPlateau implements Callback {
  private final double factor;
  private final int patience;
  private Monitor monitor = Monitor.validationLoss();
  private double minimum;

  /** What one training has shown so far. */
  private static final class Seen {
    private int resumes = -1;
    private int epochs;
    private double best = Double.NaN;
    private int worse;

    /** Whether the rates are still to be lowered: an error may have come between. */
    private boolean due;
  }

  /**
   * Watches the validation loss; every improvement counts.
   *
   * @param factor what the rates are multiplied by, in (0, 1)
   * @param patience how many epochs in a row may pass without improvement; one more lowers the
   *     rates
   * @throws IllegalArgumentException if the factor lies outside (0, 1) or the patience is negative
   */
  public ReduceLROnPlateau(double factor, int patience) {
    this.factor = Require.properShare("factor", factor);
    this.patience = Require.atLeast(0, "patience", patience);
  }

  /** Watches something else; returns this callback. */
  public ReduceLROnPlateau watch(Monitor monitor) {
    this.monitor = Objects.requireNonNull(monitor, "monitor");
    return this;
  }

  /**
   * Sets the rate that is not gone below, 0 at first; returns this callback.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public ReduceLROnPlateau minimum(double rate) {
    minimum = Require.finiteNotNegative("minimum", rate);
    return this;
  }

  /**
   * Goes through the epochs before.
   *
   * @throws IllegalStateException if the trainer does not measure what is watched, or has a
   *     schedule
   */
  @Override
  public void start(Training training) {
    monitor.check("ReduceLROnPlateau", training);
    if (training.hasSchedule()) {
      throw new IllegalStateException(
          "ReduceLROnPlateau and the trainer's schedule set the same learning rates: use one of"
              + " them");
    }
    // A file that was saved after the last epoch by a callback before this one has the old rate.
    boolean due = lookAt(training) && training.batch() == 0;
    if (due && training.optimizer().learningRate() == training.history().last().learningRate()) {
      reduce(training);
    }
  }

  @Override
  public void epoch(Training training) {
    if (lookAt(training)) {
      reduce(training);
    }
  }

  /** Whether the rates are to be lowered after the last epoch, if that was not done before. */
  private boolean lookAt(Training training) {
    Seen seen = training.kept(this, Seen::new);
    if (seen.resumes != training.resumes()) {
      seen.resumes = training.resumes();
      seen.epochs = 0;
      seen.best = Double.NaN;
      seen.worse = 0;
      seen.due = false;
    }
    for (; seen.epochs < training.epoch(); seen.epochs++) {
      double merit = monitor.merit(training.history().epochs().get(seen.epochs));
      boolean better = Double.isNaN(seen.best) ? !Double.isNaN(merit) : merit > seen.best;
      if (better) {
        seen.best = merit;
      }
      seen.worse = better ? 0 : seen.worse + 1;
      seen.due = seen.worse > patience;
      if (seen.due) {
        seen.worse = 0;
      }
    }
    return seen.due;
  }

  private void reduce(Training training) {
    for (ParameterGroup group : training.optimizer().groups()) {
      double rate = Math.max(group.learningRate() * factor, minimum);
      if (rate < group.learningRate()) {
        group.learningRate(rate);
      }
    }
    training.kept(this, Seen::new).due = false;
  }

  /** The settings. */
  @Override
  public String toString() {
    return "ReduceLROnPlateau(factor "
        + factor
        + ", patience "
        + patience
        + (minimum == 0 ? "" : ", minimum " + minimum)
        + ", "
        + monitor
        + ")";
  }
}
