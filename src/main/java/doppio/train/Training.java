package doppio.train;

import doppio.nn.Module;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;

/**
 * A training as its callbacks see it: where it stands, what it has given so far, and how to stop
 * it.
 *
 * <p>For the thread that trains.
 */
public final class Training {
  private final Trainer trainer;
  private final History history;

  /** What belongs to the running epoch, and is kept when it is broken off. */
  RunningEpoch running = new RunningEpoch();

  private long steps;

  private Outcome outcome = Outcome.RUNNING;
  private boolean stopped;
  private boolean threadInterrupted;
  private boolean midStep;
  private boolean resumed;
  private volatile boolean interrupted;

  Training(Trainer trainer) {
    this.trainer = trainer;
    history = new History(List.copyOf(trainer.metrics.keySet()), trainer.historyLimit);
  }

  /** The model that is trained. */
  public Module model() {
    return trainer.model;
  }

  /** The optimizer. */
  public Optimizer optimizer() {
    return trainer.optimizer;
  }

  /** What the training has given so far. */
  public History history() {
    return history;
  }

  /** The number of epochs done. */
  public int epoch() {
    return history.size();
  }

  /** The number of epochs to do in all. */
  public int epochs() {
    return trainer.epochs;
  }

  /** The number of batches done in the running epoch; 0 between two epochs. */
  public int batch() {
    return running.batch;
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return running.batches();
  }

  /** The number of steps done in all epochs together. */
  public long step() {
    return steps;
  }

  /** The loss of the last batch, before its step, with the L2 term if there is one. */
  public double loss() {
    return running.loss;
  }

  /** The mean of the losses in the running epoch so far, weighted by the number of samples. */
  public double meanLoss() {
    return running.meanLoss();
  }

  /** The samples per second in the running epoch so far. */
  public double samplesPerSecond() {
    return running.samplesDone() / running.seconds();
  }

  /** How the training ended; {@link Outcome#RUNNING} until it has. */
  public Outcome outcome() {
    return outcome;
  }

  /** Ends the training after the batch or epoch in hand. */
  public void stop() {
    stopped = true;
  }

  /**
   * Saves a {@link Checkpoint} to go on from with {@link Trainer#resume}. Thread interruption does
   * not keep it from being written; it ends the training afterwards.
   *
   * @param file replaced as a whole; its folder must exist
   * @throws IOException if it cannot be written; the old file is then as it was
   * @throws IllegalStateException if it is called in {@link Callback#gradients}, in the middle of a
   *     step
   */
  public void save(Path file) throws IOException {
    if (midStep) {
      throw new IllegalStateException("a checkpoint cannot be saved in the middle of a step");
    }
    while (!saved(file)) {
      pollInterrupt();
    }
  }

  private boolean saved(Path file) throws IOException {
    try {
      checkpoint().save(file);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    }
  }

  /** What is saved, and loaded by {@link Trainer#resume}. */
  Checkpoint checkpoint() {
    Checkpoint checkpoint = new Checkpoint(trainer.model).optimizer(trainer.optimizer);
    if (trainer.scheduler != null) {
      checkpoint.scheduler(trainer.scheduler);
    }
    if (trainer.shuffle != null) {
      checkpoint.generator("shuffle", trainer.shuffle);
    }
    TrainingState state = new TrainingState(this);
    checkpoint.part("gradient", trainer.source::stateDict, trainer.source::read);
    return checkpoint.part("trainer", state::save, s -> state.read(s, trainer.shuffle != null));
  }

  /** Where it stands. */
  @Override
  public String toString() {
    return "Training("
        + epoch()
        + " of "
        + epochs()
        + " epochs done"
        + (batch() == 0 ? "" : ", " + batch() + " of " + batches() + " batches")
        + ", "
        + outcome
        + ")";
  }

  boolean hasLoss(boolean onValidation) {
    return !onValidation || trainer.validation != null;
  }

  /** From any thread: ends the training after the batch in hand. */
  void interrupt() {
    interrupted = true;
  }

  boolean isStopping() {
    return stopped || interrupted;
  }

  /** Takes a thread interruption for one of the training. */
  void pollInterrupt() {
    if (Thread.interrupted()) {
      threadInterrupted = true;
      interrupted = true;
    }
  }

  void begin() {
    outcome = Outcome.RUNNING;
    stopped = false;
    interrupted = false;
    threadInterrupted = false;
    pollInterrupt();
  }

  void end(boolean failed) {
    midStep = false;
    pollInterrupt();
    if (failed) {
      outcome = Outcome.FAILED;
    } else if (epoch() >= epochs()) {
      outcome = Outcome.COMPLETED;
    } else {
      outcome = interrupted ? Outcome.INTERRUPTED : Outcome.STOPPED;
    }
  }

  /** Gives the thread its interruption back, which could not be left on while files are written. */
  void restoreInterrupt() {
    pollInterrupt();
    if (threadInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void beginStep() {
    midStep = true;
  }

  void endStep() {
    running.count();
    history.addBatch(steps, running.loss);
    steps++;
    midStep = false;
  }

  /** Whether the training goes on from a file, at its very beginning perhaps. */
  boolean isResumed() {
    return resumed;
  }

  /** Goes to where another training stood. */
  void goTo(RunningEpoch epoch, long stepsDone) {
    resumed = true;
    running = epoch;
    steps = stepsDone;
  }
}
