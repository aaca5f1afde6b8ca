package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.internal.Names;
import doppio.io.SafeTensors;
import doppio.loss.Loss;
import doppio.metric.CrossValidation;
import doppio.metric.Predictions;
import doppio.model.Registry;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.AdamW;
import doppio.train.EarlyStopping;
import doppio.train.Trainer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a {@link Classifier} and a {@link Regressor} have in common: the settings, each of which
 * returns what it is called on, and the training.
 *
 * <p>Unless told otherwise the network has two hidden layers of 64 and 32 with {@link ReLU}; {@link
 * AdamW} trains it with a rate of 0.003 and a weight decay of 0.1 for 100 epochs at most, in
 * batches of 32. Of 50 rows or more a tenth is held out, and the parameters are those of the epoch
 * that was best on it, after which no better one came in 20.
 *
 * <p>{@code fit} leaves this as it was and returns what has learned, which never changes and
 * answers any number of threads.
 *
 * @param <R> the rows
 * @param <E> what the settings return
 */
public abstract sealed class Estimator<R extends Record, E extends Estimator<R, E>>
    permits Classifier, Regressor {
  private static final int[] HIDDEN = {64, 32};
  private static final double RATE = 3e-3;
  private static final double DECAY = 0.1;
  private static final int EPOCHS = 100;
  private static final int BATCH = 32;
  private static final int PATIENCE = 20;
  private static final int FOLDS = 10;
  private static final int FEWEST = 50;

  private final Encoder<R> encoder;
  private final String target;
  private final Module network;
  private String weights;
  private long seed;
  private BiFunction<Integer, Integer, ? extends Module> maker = this::usual;
  private Consumer<? super Trainer> trainer = t -> {};
  private Registry registry = Registry.none();

  /** An encoder and a network that have learned. */
  record Learned<R extends Record>(Encoder<R> encoder, Module network) {}

  Estimator(Class<R> type, String target) {
    encoder = Encoder.of(type).without(target);
    this.target = target;
    network = null;
    Schema<R> schema = encoder.schema();
    if (!schema.isColumn(schema.index(target))) {
      throw schema.noColumn(schema.index(target), "");
    }
  }

  Estimator(Estimator<R, E> settings, Learned<R> learned) {
    encoder = learned.encoder;
    network = learned.network;
    target = settings.target;
    registry = settings.registry;
  }

  Estimator(Class<R> type, Saved saved, int outputs, Registry own) {
    encoder = Encoder.of(type, saved.columns());
    network = saved.network();
    target = saved.target();
    registry = own;
    int size = network.infer(Tensor.zeros(1, encoder.width())).size();
    if (size != outputs) {
      throw new IllegalArgumentException(
          "expected a network of " + outputs + " outputs but this one has " + size);
    }
  }

  /** Leaves out components, such as an identity or a name. */
  public E without(String... names) {
    encoder.without(names);
    return self();
  }

  /** Takes components for words, see {@link Encoder#categorical}. */
  public E categorical(String... names) {
    encoder.categorical(names);
    return self();
  }

  /** Takes components for numbers, see {@link Encoder#numeric}. */
  public E numeric(String... names) {
    encoder.numeric(names);
    return self();
  }

  /** Takes log(1 + x) of components, see {@link Encoder#log}. */
  public E log(String... names) {
    encoder.log(names);
    return self();
  }

  /** Has a row count as much in the training as this component says, which is no input then. */
  public E weights(String component) {
    encoder.without(component);
    weights = component;
    return self();
  }

  /** Draws first parameters, order and held-out rows from this seed, 0 unless set. */
  public E seed(long seed) {
    this.seed = seed;
    return self();
  }

  /**
   * Trains a network of your own.
   *
   * @param maker makes one of so many inputs and so many outputs
   */
  public E network(BiFunction<Integer, Integer, ? extends Module> maker) {
    this.maker = Objects.requireNonNull(maker, "maker");
    return self();
  }

  /** Changes the training: {@code .trainer(t -> t.epochs(60).callback(progress))}. */
  public E trainer(Consumer<? super Trainer> settings) {
    trainer = Objects.requireNonNull(settings, "settings");
    return self();
  }

  /** Names the modules of your own in the network, for the file. */
  public E registry(Registry own) {
    registry = Objects.requireNonNull(own, "own");
    return self();
  }

  /**
   * Saves network, encoder and what the outputs mean in one model file, which is replaced as a
   * whole.
   *
   * @throws IllegalStateException if nothing was learned yet
   * @throws IllegalArgumentException if a module in the network is not described
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    SafeTensors.save(file, saved());
  }

  /** As {@link #save(Path)}, to a stream, which is not closed. */
  public void save(OutputStream out) throws IOException {
    SafeTensors.save(out, saved());
  }

  private SafeTensors.Contents saved() {
    encoder.width();
    return new Saved(Names.of(this), target, answers(), encoder.columns(), network)
        .contents(registry);
  }

  /**
   * How much the answers to these rows need each component; the score is accuracy or R².
   *
   * @param rows held-out ones, with the target
   * @param repetitions how often each component is shuffled
   * @throws IllegalArgumentException if a target is missing, or {@code repetitions < 1}
   */
  public Importance importance(List<R> rows, int repetitions, Generator generator) {
    ToDoubleFunction<Tensor> score = score(rows);
    return Importance.of(
        encoder.columns(),
        encoder.encode(rows),
        repetitions,
        generator,
        inputs -> score.applyAsDouble(outputs(inputs)));
  }

  /** What has learned: the encoder; before, what it would learn from. */
  @Override
  public String toString() {
    return Names.of(this) + " of " + target + " by " + encoder;
  }

  /** What the outputs mean, for the file. */
  abstract List<String> answers();

  /** How good outputs for these rows are. */
  abstract ToDoubleFunction<Tensor> score(List<R> rows);

  /** The outputs for rows. */
  final Tensor outputs(List<R> rows) {
    return outputs(encoder.encode(rows));
  }

  private Tensor outputs(Tensor inputs) {
    return inputs.dim(0) == 1
        ? network.infer(inputs)
        : Predictions.of(network, new Dataset(inputs, inputs));
  }

  /** The target of each row. */
  final Object[] targets(List<R> rows) {
    return encoder.schema().values(rows, target);
  }

  /** The weight of each row, with a mean of 1. */
  final double[] weights(List<R> rows) {
    double[] w = new double[rows.size()];
    Object[] values = isWeighted() ? encoder.schema().values(rows, weights) : null;
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      w[i] = values == null ? 1 : Column.number(weights, Column.Kind.NUMBER, values[i], i);
      if (w[i] < 0) {
        throw new IllegalArgumentException(
            "row " + i + ", " + weights + ": a weight must not be negative, got " + w[i]);
      }
      sum += w[i];
    }
    if (sum == 0) {
      throw new IllegalArgumentException(weights + ": no row weighs anything");
    }
    for (int i = 0; i < w.length; i++) {
      w[i] *= w.length / sum;
    }
    return w;
  }

  final boolean isWeighted() {
    return weights != null;
  }

  final String target() {
    return target;
  }

  /**
   * Trains.
   *
   * @param classes what the rows to hold out are spread over
   */
  final Learned<R> learn(List<R> rows, Tensor targets, int outputs, List<?> classes, Loss loss) {
    Encoder<R> learned = encoder.fit(rows);
    Dataset data = new Dataset(learned.encode(rows), targets);
    Module net = maker.apply(learned.width(), outputs);
    Generator generator = new Generator(seed);
    Trainer training =
        new Trainer(net, loss, new AdamW(net.parameters(), RATE).weightDecay(DECAY))
            .epochs(EPOCHS)
            .batchSize(BATCH)
            .shuffle(generator);
    if (rows.size() >= FEWEST) {
      int[] fold = CrossValidation.of(FOLDS, generator).assign(classes);
      training
          .validation(part(data, i -> fold[i] == 0))
          .callback(new EarlyStopping(PATIENCE).restoreBest());
      data = part(data, i -> fold[i] != 0);
    }
    trainer.accept(training);
    training.fit(data);
    net.eval();
    return new Learned<>(learned, net);
  }

  private static Dataset part(Dataset data, IntPredicate rows) {
    return data.subset(IntStream.range(0, data.size()).filter(rows).toArray());
  }

  private Module usual(int in, int out) {
    Generator generator = new Generator(seed);
    return new Sequential(
        new Linear(in, HIDDEN[0], generator),
        new ReLU(),
        new Linear(HIDDEN[0], HIDDEN[1], generator),
        new ReLU(),
        new Linear(HIDDEN[1], out, generator));
  }

  @SuppressWarnings("unchecked") // the two that there are say so themselves
  private E self() {
    return (E) this;
  }
}
