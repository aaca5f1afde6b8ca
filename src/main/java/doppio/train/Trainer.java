package doppio.train;

import doppio.Generator;
import doppio.data.Samples;
import doppio.internal.Require;
import doppio.loss.Loss;
import doppio.metric.Metric;
import doppio.model.Registry;
import doppio.nn.Module;
import doppio.optim.Optimizer;
import doppio.optim.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The training loop.
 *
 * <pre>{@code
 * History history = new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
 *     .epochs(20).batchSize(64).shuffle(new Generator(0))
 *     .validation(heldOut).metric("accuracy", Metric.accuracy())
 *     .callback(new ProgressBar(System.out)).fit(train);
 * }</pre>
 *
 * <p>Every batch is {@code optimizer.zeroGrad()}, {@code loss.forward(model.forward(inputs),
 * targets)}, {@code model.accumulateGradients(loss.backward())}, {@code optimizer.step()}: the same
 * bits as a loop written by hand. Nothing is printed unless a {@link Callback} does.
 *
 * <p>A training may be interrupted at any time, by Ctrl-C, {@link #interrupt()} or {@link
 * Thread#interrupt()}: it ends after the batch in hand, and the next {@link #fit} goes on there. So
 * does one in another process, from a file that {@link #save(Path)} or {@link Checkpoints} has
 * written, after {@link #resume(Path)}: with the same bits as if nothing had happened.
 *
 * <p>A setting that cannot be is refused at once with an {@link IllegalArgumentException}.
 * Shuffling, schedule and metrics are to be chosen before the training begins; afterwards they
 * throw an {@link IllegalStateException}. The other settings may change between two calls of {@code
 * fit}. One trainer is for one thread at a time; {@link #interrupt()} is for any.
 */
public final class Trainer {
  private final Settings settings;
  private volatile Training training;
  private boolean fitting;

  /**
   * A trainer of one epoch in batches of 32, shuffled with the default generator.
   *
   * @throws IllegalArgumentException if the optimizer has none of the model's parameters
   */
  public Trainer(Module model, Loss loss, Optimizer optimizer) {
    settings = new Settings(model, loss, optimizer);
  }

  /** Sets the number of epochs in all, with those before a {@link #resume(Path)} or another fit. */
  public Trainer epochs(int epochs) {
    settings.epochs(epochs);
    return this;
  }

  /** Sets the number of samples in a batch; the last one of an epoch holds what is left. */
  public Trainer batchSize(int batchSize) {
    settings.batchSize(batchSize);
    return this;
  }

  /** Draws the order of each epoch from this generator, not from the default one. */
  public Trainer shuffle(Generator generator) {
    notBegun();
    settings.shuffle = Objects.requireNonNull(generator, "generator");
    return this;
  }

  /** Takes the samples in their own order; those that are sorted by class train badly so. */
  public Trainer inOrder() {
    notBegun();
    settings.shuffle = null;
    return this;
  }

  /**
   * Computes each gradient as the sum over blocks of so many rows of the batch, each alone on a
   * replica of the model, by several threads where there are; returns this trainer. The result is
   * the same on any number of threads, but not that of the whole batch at once: sums have another
   * order, random layers other numbers, and batch statistics are those of a block. All layers and
   * the loss describe themselves, see {@link Module#describe}.
   *
   * <p><b>Accumulation of gradients</b> over k batches of 8 is this: {@code .batchSize(8 *
   * k).gradientBlocks(8)} needs the memory of 8 rows for each thread.
   */
  public Trainer gradientBlocks(int rows) {
    return gradientSource(new BlockGradients(rows, null));
  }

  /** Takes the gradient of each step from a source of your own; returns this trainer. */
  public Trainer gradientSource(GradientSource source) {
    notBegun();
    settings.source = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets how many losses of batches the history keeps, 65,536 at first: all up to there, evenly
   * thinned ones beyond; 0 for none. Returns this trainer.
   */
  public Trainer historyLimit(int losses) {
    notBegun();
    settings.historyLimit = Require.atLeast(0, "history limit", losses);
    return this;
  }

  /**
   * Lets the learning rates follow a schedule whose time counts epochs, with a factor for each;
   * returns this trainer. The optimizer's rates and groups are to be set before.
   */
  public Trainer schedulePerEpoch(Schedule schedule) {
    notBegun();
    settings.schedule(schedule, false);
    return this;
  }

  /** As {@link #schedulePerEpoch}, with a time that counts steps. */
  public Trainer schedulePerStep(Schedule schedule) {
    notBegun();
    settings.schedule(schedule, true);
    return this;
  }

  /** Measures loss and metrics on this set after every epoch, by {@link Module#infer}. */
  public Trainer validation(Samples validation) {
    settings.validation(validation);
    return this;
  }

  /**
   * Measures a metric on copies of the validation set's targets and of the predictions for it,
   * after every epoch; returns this trainer.
   *
   * @param name what the history and its CSV file call it: letters, digits, blanks and {@code _.%-}
   */
  public Trainer metric(String name, Metric metric) {
    notBegun();
    settings.metric(name, metric);
    return this;
  }

  /** Scales the gradients as {@link doppio.optim.GradientClip#norm} does, in every step. */
  public Trainer clipNorm(double max) {
    settings.clipNorm = Require.notNegative("max", max);
    return this;
  }

  /** Clamps them before that, as {@link doppio.optim.GradientClip#value} does, in every step. */
  public Trainer clipValue(double limit) {
    settings.clipValue = Require.notNegative("limit", limit);
    return this;
  }

  /**
   * Adds {@link doppio.loss.L2#penalty} of the model's parameters to the loss that is recorded, in
   * training and validation. It changes no gradient, as {@link Optimizer#weightDecay} does.
   */
  public Trainer l2(double lambda) {
    settings.l2 = Require.finiteNotNegative("lambda", lambda);
    return this;
  }

  /** Names the modules of your own in the model, so that its checkpoints are model files too. */
  public Trainer registry(Registry own) {
    settings.registry = Objects.requireNonNull(own, "own");
    return this;
  }

  /** Adds a callback; they are called in the order in which they were added. */
  public Trainer callback(Callback callback) {
    settings.callbacks.add(Objects.requireNonNull(callback, "callback"));
    return this;
  }

  /**
   * Trains until all epochs are done or something ends it before; goes on from where the last call
   * or {@link #resume(Path)} left off. Where the model is in evaluation mode it is in training mode
   * meanwhile, whatever callbacks do; a part that evaluates in a model that trains goes on so.
   *
   * @return what the training gave: the trainer's one history, which a further call adds to
   * @throws IllegalArgumentException if there are no samples, or the validation set's have another
   *     shape, or loss or metrics do not take the targets, or the data cannot be those of the epoch
   *     that was broken off
   * @throws NonFiniteLossException if a loss is NaN or infinite; its batch has changed no parameter
   * @throws ArithmeticException if an epoch's steps left a parameter infinite or NaN
   * @throws IllegalStateException if there are metrics but no validation set, nothing would be
   *     trained, the training runs already, or an error has left a step half made: {@link #resume}
   */
  public History fit(Samples data) {
    requireIdle(" already");
    use(begun -> DataCheck.check(settings, begun, data));
    fitting = true;
    try {
      new Loop(settings, training, data, settings.callbacks).run();
    } finally {
      fitting = false;
    }
    return training.history();
  }

  /**
   * Tries one step and one validation batch before a long run, on the first samples and without
   * callbacks, and leaves everything as it was, gradients too; call {@code forward} before the next
   * {@code backward}. Throws what {@link #fit} would; returns losses, metrics and time of the two.
   */
  public EpochResult trial(Samples data) {
    requireIdle("");
    return new Trial(settings, data).run(training);
  }

  /** Ends {@link #fit} after the batch in hand; nothing where it does not run. From any thread. */
  public void interrupt() {
    Optional.ofNullable(training).ifPresent(Training::interrupt);
  }

  /** Where the training stands, and what it has given. */
  public Training training() {
    use(begun -> {});
    return training;
  }

  /** Saves a {@link Checkpoint} for {@link #resume(Path)}, see {@link Training#save(Path)}. */
  public void save(Path file) throws IOException {
    use(begun -> begun.save(file));
  }

  /** As {@link #save(Path)}, to a stream, which is flushed and not closed. */
  public void save(OutputStream out) throws IOException {
    use(begun -> begun.save(out));
  }

  /**
   * Takes model, optimizer, schedule, generators and history to where a training stood when it was
   * saved. The trainer has to be made as that one was; the number of epochs, callbacks, clipping,
   * the L2 term and the validation set may differ. Where the file brings other learning rates or
   * weight decays than the trainer had, a warning is logged to {@code doppio.train}.
   *
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if it is no checkpoint of such a trainer; the message names
   *     what does not fit. After any exception all is as it was before.
   */
  public Trainer resume(Path file) throws IOException {
    load(begun -> begun.checkpoint().load(file)).sayWhatChanged(file.toString());
    return this;
  }

  /** As {@link #resume(Path)}, from a stream, which is read to its end and not closed. */
  public Trainer resume(InputStream in) throws IOException {
    load(begun -> begun.checkpoint().load(in)).sayWhatChanged("the checkpoint");
    return this;
  }

  /**
   * As {@link #resume(Path)}, but the learning rates stay this trainer's: those that its optimizer
   * was made with, times the factor of its schedule where the training stands.
   */
  public Trainer resumeWithOwnRates(Path file) throws IOException {
    load(begun -> begun.checkpoint().load(file)).restore();
    return this;
  }

  private OwnRates load(Training.Use<IOException> loading) throws IOException {
    requireIdle("");
    OwnRates own = new OwnRates(settings);
    use(loading);
    return own;
  }

  /** Where that fails, a training that has not begun still has not. */
  private <E extends Exception> void use(Training.Use<E> use) throws E {
    Training begun = training == null ? new Training(settings) : training;
    use.of(begun);
    training = begun;
  }

  /** What is trained, by what, and the settings that were made. */
  @Override
  public String toString() {
    return settings.toString();
  }

  private void requireIdle(String suffix) {
    if (fitting) {
      throw new IllegalStateException("fit is running" + suffix);
    }
  }

  private void notBegun() {
    if (training != null) {
      throw new IllegalStateException("the training has begun");
    }
  }
}
