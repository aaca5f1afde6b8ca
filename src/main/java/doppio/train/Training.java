package doppio.train;

import doppio.nn.Module;
import doppio.optim.Optimizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A training as its callbacks see it: where it stands, what it has given so far, and how to stop
 * it.
 *
 * <p>For the thread that trains.
 */
public final class Training {
  private final Settings settings;
  private final History history;

  /** What belongs to the running epoch, and is kept when it is broken off. */
  RunningEpoch running = new RunningEpoch();

  final StepInHand inHand = new StepInHand(this);

  private long steps;

  private Outcome outcome = Outcome.RUNNING;
  private boolean stopped;
  private boolean threadInterrupted;
  private boolean begun;
  private boolean fitting;
  private int resumes;
  private int restored;

  /** What callbacks keep of this training, and not of another one that has the same callback. */
  private final IdentityHashMap<Callback, Object> kept = new IdentityHashMap<>();

  private volatile boolean interrupted;

  Training(Settings settings) {
    this.settings = settings;
    history = new History(List.copyOf(settings.metrics.keySet()), settings.historyLimit);
  }

  /** The model that is trained. */
  public Module model() {
    return settings.model;
  }

  /** The optimizer. */
  public Optimizer optimizer() {
    return settings.optimizer;
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
    return settings.epochs;
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

  /**
   * The loss of the running epoch's batches so far, see {@link EpochResult#trainLoss()}: of a loss
   * that is a sum the sum, else the mean.
   */
  public double meanLoss() {
    return running.meanLoss(settings.loss.reduction());
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
   * The epoch whose parameters {@link EarlyStopping#restoreBest} has given back to the model; 0
   * where it has those of the last one.
   */
  public int restoredEpoch() {
    return restored;
  }

  /**
   * Saves a {@link Checkpoint} to go on from with {@link Trainer#resume(Path)}. Thread interruption
   * does not keep it from being written; it ends the training afterwards, or stays where none runs.
   *
   * @param file replaced as a whole; its folder must exist
   * @throws IOException if it cannot be written; the old file is then as it was
   * @throws ArithmeticException if a step was so large that a parameter is no finite number
   * @throws IllegalStateException in the middle of a step: if called in {@link Callback#gradients},
   *     or after an error broke one off while it changed the parameters
   */
  public void save(Path file) throws IOException {
    write(training -> training.checkpoint().save(file));
  }

  /** As {@link #save(Path)}, to a stream, which is flushed and not closed. */
  public void save(OutputStream out) throws IOException {
    write(training -> training.checkpoint().save(out, Map.of()));
  }

  /** Something that is done with a training. */
  interface Use<E extends Exception> {
    void of(Training training) throws E;
  }

  private void write(Use<IOException> writing) throws IOException {
    inHand.requireNone();
    FiniteParameters.require(settings);
    writing.of(this);
    if (fitting) {
      pollInterrupt();
    }
  }

  /** What is saved, and loaded by {@link Trainer#resume(Path)}. */
  Checkpoint checkpoint() {
    Checkpoint checkpoint =
        new Checkpoint(settings.model).registry(settings.registry).optimizer(settings.optimizer);
    if (settings.timetable != null) {
      checkpoint.part("scheduler", settings.timetable::save, settings.timetable::read);
    }
    if (settings.shuffle != null) {
      checkpoint.generator("shuffle", settings.shuffle);
    }
    TrainingState state = new TrainingState(this);
    GradientSource source = settings.source;
    checkpoint.part("gradient", () -> state.saveSource(source), s -> state.readSource(source, s));
    return checkpoint.part("trainer", state::save, s -> state.read(s, settings));
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
        + inHand
        + ")";
  }

  /** What a callback keeps of this training. */
  @SuppressWarnings("unchecked") // a callback keeps things of one type
  <T> T kept(Callback callback, Supplier<T> fresh) {
    return (T) kept.computeIfAbsent(callback, c -> fresh.get());
  }

  /** The trainer's callbacks. */
  List<Callback> callbacks() {
    return settings.callbacks;
  }

  /** The number of samples in a batch of the running epoch. */
  int batchSize() {
    return running.batchSize;
  }

  boolean hasSchedule() {
    return settings.timetable != null;
  }

  /** The number of samples that are measured after each epoch. */
  int validationSamples() {
    return settings.validation == null ? 0 : settings.validation.size();
  }

  boolean hasLoss(boolean onValidation) {
    return !onValidation || settings.validation != null;
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
    fitting = true;
    restored = 0;
    pollInterrupt();
  }

  void end(boolean failed) {
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
    fitting = false;
    if (threadInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void endStep(int rows, double withoutPenalty, double divisor, double penalty) {
    running.count(rows, withoutPenalty, divisor, penalty);
    history.addBatch(steps, running.loss);
    steps++;
    inHand.end();
  }

  /** Whether the source of gradients has begun, here or in the training that a file came from. */
  boolean isBegun() {
    return begun;
  }

  void noteBegun() {
    begun = true;
  }

  /** How often the training has gone to where another one stood. */
  int resumes() {
    return resumes;
  }

  /** Goes to where another training stood, which had begun or not. */
  void goTo(RunningEpoch epoch, long stepsDone, boolean hadBegun) {
    begun = hadBegun;
    resumes++;
    restored = 0;
    running = epoch;
    steps = stepsDone;
    inHand.find();
  }

  /** Notes that the model has the parameters of an epoch before the last. */
  void restored(int epoch) {
    restored = epoch;
  }
}
