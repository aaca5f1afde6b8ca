package doppio.train;

import doppio.Tensor;
import doppio.internal.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Stops a training whose epochs no longer get better: when {@code patience} epochs in a row were
 * not better than the best one before them.
 *
 * <p>The model keeps its last state; {@link #restoreBest()} asks for that of the best epoch. What
 * was best is read from the history, so a training that is resumed goes on counting.
 */
public final class EarlyStopping implements Callback {
  private final int patience;
  private final double minDelta;
  private Monitor monitor = Monitor.validationLoss();
  private boolean restores;
  private int heldEpoch;
  private Map<String, Tensor> held = Map.of();

  /**
   * Watches the validation loss; every improvement counts.
   *
   * @throws IllegalArgumentException if {@code patience < 1}
   */
  public EarlyStopping(int patience) {
    this(patience, 0);
  }

  /**
   * Watches the validation loss.
   *
   * @param patience how many epochs may pass without improvement
   * @param minDelta an improvement is a change by more than this
   * @throws IllegalArgumentException if {@code patience < 1}, or minDelta is negative or not finite
   */
  public EarlyStopping(int patience, double minDelta) {
    this.patience = Require.atLeast(1, "patience", patience);
    this.minDelta = Require.finiteNotNegative("minDelta", minDelta);
  }

  /** Watches something else; returns this callback. */
  public EarlyStopping watch(Monitor monitor) {
    this.monitor = Objects.requireNonNull(monitor, "monitor");
    return this;
  }

  /**
   * Keeps a copy of the parameters of the best epoch, and gives them back to the model when the
   * training is stopped or completed; not when it is interrupted or fails. Returns this callback.
   *
   * <p>The optimizer's state stays the last one, so callbacks that save at the end should come
   * before this one. The copy is in no checkpoint: a training resumed after its best epoch is
   * refused; use {@link Checkpoints#best} there.
   */
  public EarlyStopping restoreBest() {
    restores = true;
    return this;
  }

  /**
   * Stops at once where a resumed training had run out of patience.
   *
   * @throws IllegalStateException if the trainer does not measure what is watched, or the best
   *     epoch is to be restored and was before the training was resumed
   */
  @Override
  public void start(Training training) {
    monitor.check("EarlyStopping", training);
    int best = monitor.best(training.history(), minDelta);
    if (restores && best != heldEpoch) {
      throw new IllegalStateException(
          "EarlyStopping cannot restore epoch "
              + best
              + ", the best one: it was before the training was resumed");
    }
    stopIfTooLate(training, best);
  }

  @Override
  public void epoch(Training training) {
    int best = monitor.best(training.history(), minDelta);
    if (restores && best == training.epoch()) {
      heldEpoch = best;
      held = new LinkedHashMap<>();
      training.model().stateDict().forEach((name, value) -> held.put(name, value.copy()));
    }
    stopIfTooLate(training, best);
  }

  @Override
  public void end(Training training) {
    boolean ended =
        training.outcome() == Outcome.STOPPED || training.outcome() == Outcome.COMPLETED;
    if (ended && heldEpoch > 0) {
      training.model().loadStateDict(held);
    }
  }

  /** The settings. */
  @Override
  public String toString() {
    return "EarlyStopping(patience "
        + patience
        + (minDelta == 0 ? "" : ", min delta " + minDelta)
        + ", "
        + monitor
        + (restores ? ", restores the best)" : ")");
  }

  private void stopIfTooLate(Training training, int best) {
    if (training.epoch() - best >= patience) {
      training.stop();
    }
  }
}
