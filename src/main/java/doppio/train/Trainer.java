package doppio.train;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.data.Samples;
import doppio.internal.Require;
import doppio.loss.Loss;
import doppio.metric.Metric;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.Optimizer;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The training loop.
 *
 * <pre>{@code
 * History history = new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
 *     .epochs(20)
 *     .batchSize(64)
 *     .shuffle(new Generator(0))
 *     .validation(heldOut)
 *     .metric("accuracy", Metric.accuracy())
 *     .callback(new ProgressBar(System.out))
 *     .fit(train);
 * }</pre>
 *
 * <p>Every batch is {@code optimizer.zeroGrad()}, {@code loss.forward(model.forward(inputs),
 * targets)}, {@code model.accumulateGradients(loss.backward())}, {@code optimizer.step()}: the same
 * bits as a loop written by hand. Nothing is printed or logged unless a {@link Callback} does.
 *
 * <p>A training may be interrupted at any time, by Ctrl-C, {@link #interrupt()} or {@link
 * Thread#interrupt()}: it ends after the batch in hand, and the next {@link #fit} goes on there. So
 * does one in another process, from a file that {@link #save} or {@link Checkpoints} has written,
 * after {@link #resume}: with the same bits as if nothing had happened.
 *
 * <p>Shuffling, schedule and metrics are to be chosen before the training begins; afterwards they
 * throw an {@link IllegalStateException}. The other settings may change between two calls of {@code
 * fit}. One trainer is for one thread at a time; {@link #interrupt()} is for any.
 */
public final class Trainer {
  final Module model;
  final Loss loss;
  final Optimizer optimizer;
  final Map<String, Metric> metrics = new LinkedHashMap<>();
  final List<Callback> callbacks = new ArrayList<>();
  GradientSource source = new WholeBatch();
  int historyLimit = HISTORY_LIMIT;
  int epochs = 1;
  int batchSize = 32;
  double clipNorm = Double.POSITIVE_INFINITY;
  double clipValue = Double.POSITIVE_INFINITY;
  double l2;

  /** Null for the samples' own order. */
  Generator shuffle = Generator.defaultGenerator();

  Dataset validation;
  Scheduler scheduler;
  boolean schedulePerStep;

  private static final int HISTORY_LIMIT = 1 << 16;

  private volatile Training training;
  private boolean fitting;

  /**
   * A trainer of one epoch in batches of 32, shuffled with the default generator.
   *
   * @throws IllegalArgumentException if the optimizer has none of the model's parameters
   */
  public Trainer(Module model, Loss loss, Optimizer optimizer) {
    this.model = Objects.requireNonNull(model, "model");
    this.loss = Objects.requireNonNull(loss, "loss");
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    if (Collections.disjoint(optimized(), model.parameters())) {
      throw new IllegalArgumentException("the optimizer has none of the model's parameters");
    }
  }

  /**
   * Sets the number of epochs in all, those before a {@link #resume} or an earlier {@link #fit}
   * included; returns this trainer.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Trainer epochs(int epochs) {
    this.epochs = Require.atLeast(0, "epochs", epochs);
    return this;
  }

  /**
   * Sets the number of samples in a batch; returns this trainer. The last batch of an epoch holds
   * what is left: all samples, where they are fewer than a batch.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Trainer batchSize(int batchSize) {
    this.batchSize = Require.atLeast(1, "batch size", batchSize);
    return this;
  }

  /**
   * Draws a new order of the samples for every epoch from this generator, as {@link
   * doppio.data.DataLoader#shuffle} does; returns this trainer. Without this call the orders come
   * from the default generator.
   */
  public Trainer shuffle(Generator generator) {
    notBegun();
    shuffle = Objects.requireNonNull(generator, "generator");
    return this;
  }

  /**
   * Takes the samples in their own order in every epoch, as a reference run may need it; returns
   * this trainer. Samples that are sorted by class train badly so.
   */
  public Trainer inOrder() {
    notBegun();
    shuffle = null;
    return this;
  }

  /**
   * Computes each gradient as the sum over blocks of so many rows of the batch, each alone on a
   * replica of the model, by several threads where there are; returns this trainer. The result is
   * the same on any number of threads, but not that of the whole batch at once: sums have another
   * order, random layers other numbers, and batch statistics are those of a block. It is also the
   * way to accumulate gradients: a batch of 8 · k in blocks of 8 needs the memory of 8 for each
   * thread.
   *
   * <p>All layers and the loss describe themselves, see {@link Module#describe}.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Trainer gradientBlocks(int rows) {
    return gradientSource(new BlockGradients(Require.atLeast(1, "rows", rows)));
  }

  /** Takes the gradient of each step from a source of your own; returns this trainer. */
  public Trainer gradientSource(GradientSource source) {
    notBegun();
    this.source = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets how many losses of batches the history keeps, 65,536 at first: all up to there, evenly
   * thinned ones beyond; 0 for none. Returns this trainer.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Trainer historyLimit(int losses) {
    notBegun();
    historyLimit = Require.atLeast(0, "history limit", losses);
    return this;
  }

  /**
   * Lets the learning rates follow a schedule whose time counts epochs; returns this trainer. Rates
   * and groups of the optimizer are to be set before.
   */
  public Trainer schedulePerEpoch(Schedule schedule) {
    return schedule(schedule, false);
  }

  /** As {@link #schedulePerEpoch}, with a time that counts steps. */
  public Trainer schedulePerStep(Schedule schedule) {
    return schedule(schedule, true);
  }

  private Trainer schedule(Schedule schedule, boolean perStep) {
    notBegun();
    if (scheduler != null) {
      throw new IllegalStateException("there is a schedule already");
    }
    scheduler = new Scheduler(optimizer, schedule);
    schedulePerStep = perStep;
    return this;
  }

  /**
   * Measures the loss, and the metrics, on a validation set after every epoch, by {@link
   * Module#infer}; returns this trainer.
   *
   * @throws IllegalArgumentException if the set is empty
   */
  public Trainer validation(Dataset validation) {
    if (validation.size() == 0) {
      throw new IllegalArgumentException(
          "the validation set is empty: " + validation + "; leave it out to train without one");
    }
    this.validation = validation;
    return this;
  }

  /**
   * Measures a metric on the validation set after every epoch; returns this trainer.
   *
   * @param name what the history and its CSV file call it: letters, digits, blanks and {@code _.%-}
   * @throws IllegalArgumentException if the name is another or taken
   */
  public Trainer metric(String name, Metric metric) {
    notBegun();
    if (metrics.containsKey(name)) {
      throw new IllegalArgumentException("there are two metrics named " + name);
    }
    // It stands in CSV and safetensors files as it is.
    if (!name.matches("[\\p{L}\\p{N}_.%-][\\p{L}\\p{N} _.%-]*")) {
      throw new IllegalArgumentException(
          "a metric's name has letters, digits, blanks and _.%-, got \"" + name + "\"");
    }
    metrics.put(name, Objects.requireNonNull(metric, "metric"));
    return this;
  }

  /** Scales the gradients as {@link doppio.optim.GradientClip#norm} does, in every step. */
  public Trainer clipNorm(double max) {
    clipNorm = Require.notNegative("max", max);
    return this;
  }

  /**
   * Clamps the gradients as {@link doppio.optim.GradientClip#value} does, in every step, before
   * their norm is looked at.
   */
  public Trainer clipValue(double limit) {
    clipValue = Require.notNegative("limit", limit);
    return this;
  }

  /**
   * Adds {@link doppio.loss.L2#penalty} of the model's parameters to the loss that is recorded, in
   * training and validation; returns this trainer. It changes no gradient: the optimizer's {@link
   * Optimizer#weightDecay} does that.
   *
   * @throws IllegalArgumentException if lambda is negative or not finite
   */
  public Trainer l2(double lambda) {
    l2 = Require.finiteNotNegative("lambda", lambda);
    return this;
  }

  /** Adds a callback; they are called in the order in which they were added. */
  public Trainer callback(Callback callback) {
    callbacks.add(Objects.requireNonNull(callback, "callback"));
    return this;
  }

  /**
   * Trains until all epochs are done or something ends it before; goes on from where the last call
   * or {@link #resume} left off. Where the model is in evaluation mode it is in training mode
   * meanwhile.
   *
   * @return what the training gave: the trainer's one history, which a further call adds to
   * @throws IllegalArgumentException if there are no samples, or the validation set's have another
   *     shape, or the data cannot be those of the epoch that was broken off
   * @throws NonFiniteLossException if a loss is NaN or infinite; the batch has then not changed the
   *     parameters
   * @throws IllegalStateException if there are metrics but no validation set, or the training runs
   *     already
   */
  public History fit(Samples data) {
    if (fitting) {
      throw new IllegalStateException("fit is running already");
    }
    DataCheck.check(this, training().running, data);
    fitting = true;
    try {
      new Loop(this, training, data).run();
    } finally {
      fitting = false;
    }
    return training.history();
  }

  /** Ends {@link #fit} after the batch in hand; nothing where it does not run. From any thread. */
  public void interrupt() {
    Training current = training;
    if (current != null) {
      current.interrupt();
    }
  }

  /** Where the training stands, and what it has given. */
  public Training training() {
    if (training == null) {
      training = new Training(this);
    }
    return training;
  }

  /**
   * Saves a {@link Checkpoint} for {@link #resume}.
   *
   * @throws IOException if it cannot be written; the old file is then as it was
   */
  public void save(Path file) throws IOException {
    training().save(file);
  }

  /**
   * Takes model, optimizer, schedule, generators and history to where a training stood when it was
   * saved. The trainer has to be made as that one was; the number of epochs, callbacks, clipping,
   * the L2 term and the validation set may differ.
   *
   * @return this trainer
   * @throws IOException if the file cannot be read or is no safetensors file
   * @throws IllegalArgumentException if it is no checkpoint of such a trainer; the message names
   *     what does not fit. After any exception all is as it was before.
   */
  public Trainer resume(Path file) throws IOException {
    if (fitting) {
      throw new IllegalStateException("fit is running");
    }
    training().checkpoint().load(file);
    return this;
  }

  /** What is trained, by what, and the settings that were made. */
  @Override
  public String toString() {
    return TrainerText.of(this);
  }

  /** What the optimizer changes. */
  List<Parameter> optimized() {
    return optimizer.groups().stream().flatMap(g -> g.parameters().stream()).toList();
  }

  private void notBegun() {
    if (training != null) {
      throw new IllegalStateException("the training has begun");
    }
  }
}
