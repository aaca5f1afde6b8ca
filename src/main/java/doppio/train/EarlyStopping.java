package doppio.train;

import doppio.Tensor;
import doppio.internal.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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

  /** What is known of one training; a callback may serve several. */
  private static final class State {
    private final BestEpoch best;
    private int resumes;
    private int heldEpoch;
    private Map<String, Tensor> held = Map.of();

    State(BestEpoch best) {
      this.best = best;
    }

    void hold(int epoch, Map<String, Tensor> state) {
      Map<String, Tensor> copy = new LinkedHashMap<>();
      state.forEach((name, value) -> copy.put(name, value.copy()));
      held = copy;
      heldEpoch = epoch;
    }
  }

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
   * before this one. Which epoch it was is {@link Training#restoredEpoch()}. The copy is in no
   * checkpoint: where a training is resumed after its best epoch, it is read from the file of a
   * {@link Checkpoints#best} among the trainer's callbacks that watches the same; without that, the
   * start is refused.
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
    State state = state(training);
    if (state.resumes != training.resumes()) {
      state.resumes = training.resumes();
      state.hold(0, Map.of());
    }
    int best = state.best.update(training);
    if (restores && best != state.heldEpoch) {
      boolean here = best == training.epoch() && training.batch() == 0;
      state.hold(best, here ? training.model().stateDict() : fromFile(training, best));
    }
    stopIfTooLate(training, best);
  }

  private Map<String, Tensor> fromFile(Training training, int epoch) {
    Optional<BestCheckpoint> file = BestCheckpoint.of(training, monitor);
    Map<String, Tensor> found = file.map(f -> f.state(training, epoch)).orElse(null);
    if (found == null) {
      throw new IllegalStateException(
          "EarlyStopping cannot restore epoch "
              + epoch
              + ", the best one: it was before the training was resumed"
              + file.map(f -> ", and is not in " + f.file()).orElse(""));
    }
    return found;
  }

  @Override
  public void epoch(Training training) {
    State state = state(training);
    int best = state.best.update(training);
    if (restores && best == training.epoch()) {
      state.hold(best, training.model().stateDict());
    }
    stopIfTooLate(training, best);
  }

  @Override
  public void end(Training training) {
    State state = state(training);
    boolean ended =
        training.outcome() == Outcome.STOPPED || training.outcome() == Outcome.COMPLETED;
    if (restores && ended && state.heldEpoch > 0) {
      training.model().loadStateDict(state.held);
      boolean last = state.heldEpoch == training.epoch() && training.batch() == 0;
      training.restored(last ? 0 : state.heldEpoch);
    }
  }

  private State state(Training training) {
    return training.kept(this, () -> new State(new BestEpoch(monitor::merit, minDelta)));
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
