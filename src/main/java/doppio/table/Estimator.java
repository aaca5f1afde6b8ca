package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.internal.Names;
import doppio.io.SafeTensors;
import doppio.loss.Loss;
import doppio.metric.Predictions;
import doppio.model.Registry;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.train.Callback;
import doppio.train.ProgressBar;
import doppio.train.Trainer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * What a {@link Classifier} and a {@link Regressor} have in common: the settings and the training.
 * A setting returns what it is called on, so that settings stand in a chain before {@code fit}.
 *
 * <p>Unless told otherwise the network has two hidden layers of 128 and 64 with {@link
 * doppio.nn.ReLU}; {@link doppio.optim.AdamW} trains it with a rate of 0.001 and a weight decay of
 * 0.1 for 100 epochs at most, in batches of 16. Of 50 rows or more a tenth is held out, and the
 * parameters are those of the epoch that was best on it, after which no better one came in 20. This
 * was chosen on generated tables, of 100 to 5,000 rows, by {@code TableDefaults} in src/jmh.
 *
 * <p>{@code fit} leaves this as it was and returns what has learned, which never changes and
 * answers any number of threads.
 *
 * @param <R> the rows
 * @param <E> what the settings return
 */
public abstract sealed class Estimator<R extends Record, E extends Estimator<R, E>>
    permits Classifier, Regressor {
  private final Encoder<R> encoder;
  private final String target;
  private final Module network;
  private String weights;
  private long seed;
  private Recipe recipe = Recipe.USUAL;
  private BiFunction<Integer, Integer, ? extends Module> maker;
  private Consumer<? super Trainer> trainer = t -> {};
  private Callback progress;
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
    int size = network.infer(encoder.encodeUnseen()).size();
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

  /** Pools words that were seen less often, see {@link Encoder#rare}. */
  public E rare(int times) {
    encoder.rare(times);
    return self();
  }

  /** Pools words beyond so many of a component, see {@link Encoder#mostWords}. */
  public E mostWords(int words) {
    encoder.mostWords(words);
    return self();
  }

  /** Learns numbers for words that are so many or more, see {@link Encoder#embedFrom}. */
  public E embedFrom(int words) {
    encoder.embedFrom(words);
    return self();
  }

  /** Lets a component say how much its row counts in the training; it is no input then. */
  public E weights(String component) {
    encoder.without(component);
    weights = component;
    return self();
  }

  /** Draws all that is random from this seed, 0 unless set: the same seed learns the same. */
  public E seed(long seed) {
    this.seed = seed;
    return self();
  }

  /**
   * Trains a network of your own.
   *
   * @param maker makes one of so many inputs and so many outputs. Tables for words that are many
   *     come in front of it, and count among its inputs with what they give.
   */
  public E network(BiFunction<Integer, Integer, ? extends Module> maker) {
    this.maker = Objects.requireNonNull(maker, "maker");
    return self();
  }

  /**
   * Shows the training by a callback: {@code new ProgressBar(System.out)}, or one of {@link
   * ProgressBar.Style#SILENT} for nothing. Unless set it is a bar on the standard error stream
   * where that is a terminal, and nothing elsewhere.
   */
  public E progress(Callback progress) {
    this.progress = Objects.requireNonNull(progress, "progress");
    return self();
  }

  /** Changes the training, all else stays: {@code .trainer(t -> t.epochs(60).batchSize(64))}. */
  public E trainer(Consumer<? super Trainer> settings) {
    trainer = Objects.requireNonNull(settings, "settings");
    return self();
  }

  /** Trains by another recipe, to compare it with the usual one. */
  final E recipe(Recipe recipe) {
    this.recipe = recipe;
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
    double[] ones = new double[rows.size()];
    Arrays.fill(ones, 1);
    return isWeighted() ? encoder.schema().weights(rows, weights) : ones;
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
    Module net = network(learned, outputs, recipe, maker, seed);
    Dataset data = new Dataset(learned.encode(rows), targets);
    Callback shown =
        progress == null ? new ProgressBar(System.err, ProgressBar.Style.TERMINAL) : progress;
    recipe.train(
        net, loss, data, classes, new Generator(seed), t -> trainer.accept(t.callback(shown)));
    return new Learned<>(learned, net);
  }

  /** A network for what an encoder gives, by the maker or else the recipe. */
  static Module network(
      Encoder<?> encoder,
      int outputs,
      Recipe recipe,
      BiFunction<Integer, Integer, ? extends Module> maker,
      long seed) {
    Generator generator = new Generator(seed);
    ColumnEmbeddings tables = encoder.embeddings(generator);
    int width = tables.outFeatures();
    Module net =
        maker == null ? recipe.network(width, outputs, generator) : maker.apply(width, outputs);
    return tables.columns().length == 0 ? net : new Sequential(tables, net);
  }

  @SuppressWarnings("unchecked") // the two that there are say so themselves
  private E self() {
    return (E) this;
  }
}
