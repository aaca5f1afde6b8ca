package doppio.attack;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Composite;
import doppio.nn.Dropout;
import doppio.nn.Embedding;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Pass;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.ParameterGroup;
import doppio.optim.ParameterState;
import doppio.table.Classifier;
import doppio.table.Encoder;
import doppio.table.Regressor;
import doppio.train.BlockGradient;
import doppio.train.BlockWorker;
import doppio.train.GradientSource;
import doppio.train.History;
import doppio.train.NonFiniteGradientException;
import doppio.train.NonFiniteLossException;
import doppio.train.Step;
import doppio.train.Trainer;
import doppio.train.Training;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Objects that a user only gets to see at work, or that random arguments would hardly ever make:
 * one recipe a type.
 */
final class Caught {
  private static final Map<Class<?>, Function<Random, Object>> RECIPES =
      Map.ofEntries(
          Map.entry(Trainer.class, Caught::trainer),
          Map.entry(Training.class, random -> trainer(random).training()),
          Map.entry(History.class, random -> trainer(random).training().history()),
          Map.entry(Step.class, Caught::step),
          Map.entry(Pass.class, Caught::pass),
          Map.entry(ParameterState.class, random -> new Rule().state),
          Map.entry(ParameterGroup.class, Caught::group),
          Map.entry(BlockGradient.class, Caught::block),
          Map.entry(NonFiniteLossException.class, random -> failure(Double.NaN, 0)),
          Map.entry(NonFiniteGradientException.class, random -> failure(1, Double.NaN)),
          Map.entry(ColumnEmbeddings.class, random -> embeddings()),
          Map.entry(Encoder.class, Caught::encoder),
          Map.entry(Classifier.class, Caught::classifier),
          Map.entry(Regressor.class, Caught::regressor));

  private Caught() {}

  static boolean has(Class<?> type) {
    return RECIPES.containsKey(type);
  }

  static Object make(Class<?> type, Random random) {
    return RECIPES.get(type).apply(random);
  }

  /** One that has trained, or has not begun. */
  private static Trainer trainer(Random random) {
    Module model =
        new Sequential(
            new Linear(3, 2, new Generator(1)),
            new Dropout(0.5, new Generator(2)),
            new Linear(2, 1, new Generator(3)));
    Trainer trainer =
        new Trainer(model, new MSE(), new Adam(model.parameters(), 0.1))
            .batchSize(2)
            .shuffle(new Generator(4));
    if (random.nextBoolean()) {
      trainer.fit(data());
    }
    return trainer;
  }

  private static Dataset data() {
    return new Dataset(Tensor.full(0.5, 4, 3), Tensor.full(0.25, 4, 1));
  }

  private static Step step(Random random) {
    Step[] seen = new Step[1];
    GradientSource source =
        step -> {
          seen[0] = step;
          return 1;
        };
    begun(source).epochs(1 + random.nextInt(2)).fit(data());
    return seen[0];
  }

  /** A trainer whose gradients come from a source. */
  private static Trainer begun(GradientSource source) {
    Module model = new Linear(3, 1, new Generator(1));
    return new Trainer(model, new MSE(), new Adam(model.parameters(), 0.1))
        .batchSize(2)
        .inOrder()
        .gradientSource(source);
  }

  private static Throwable failure(double loss, double gradient) {
    GradientSource source =
        step -> {
          step.model().parameters().forEach(p -> p.accumulator().fill(gradient));
          return loss;
        };
    try {
      begun(source).fit(data());
    } catch (NonFiniteLossException | NonFiniteGradientException e) {
      return e;
    }
    throw new AssertionError("a training without numbers ends well");
  }

  /** A pass that is over, or was one of several. */
  private static Pass pass(Random random) {
    Passing passing = new Passing();
    Tensor x = Tensor.full(1, 2, 3);
    if (random.nextBoolean()) {
      passing.infer(x);
    } else {
      passing.forward(x);
    }
    if (random.nextBoolean() && passing.pass.isRecording()) {
      passing.backward(x);
    }
    return passing.pass;
  }

  private static ParameterGroup group(Random random) {
    Adam adam = new Adam(new Linear(3, 2).parameters(), random.nextDouble());
    return adam.groups().get(0);
  }

  private static BlockGradient block(Random random) {
    Batch batch = new Batch(data().inputs(), data().targets());
    return new BlockWorker(new Linear(3, 1), new MSE()).compute(batch, 0, random.nextInt(3), 1);
  }

  private static ColumnEmbeddings embeddings() {
    return new ColumnEmbeddings(3, new int[] {1}, new Embedding(4, 2));
  }

  private static Encoder<Flower> encoder(Random random) {
    Encoder<Flower> encoder = Encoder.of(Flower.class);
    return random.nextBoolean() ? encoder : encoder.fit(Flower.field(random));
  }

  private static Classifier<Flower> classifier(Random random) {
    Classifier<Flower> plain =
        Classifier.of(Flower.class, "label").trainer(t -> t.epochs(1)).seed(1);
    return random.nextBoolean() ? plain : plain.fit(Flower.field(random));
  }

  private static Regressor<Flower> regressor(Random random) {
    Regressor<Flower> plain = Regressor.of(Flower.class, "size").trainer(t -> t.epochs(1)).seed(1);
    return random.nextBoolean() ? plain : plain.fit(Flower.field(random));
  }

  /** Keeps the pass that it saw. */
  private static final class Passing extends Composite {
    private Pass pass;

    @Override
    protected Tensor compute(Pass pass, Tensor x) {
      this.pass = pass;
      return x;
    }

    @Override
    protected Tensor inputGradient(Pass pass, Tensor gradOutput) {
      this.pass = pass;
      return gradOutput;
    }
  }

  /** Keeps the state that it was given. */
  private static final class Rule extends Optimizer {
    private ParameterState state;

    Rule() {
      super(List.of(new Parameter(Tensor.full(1, 2))), 0.1);
      groups().get(0).parameters().get(0).accumulator().fill(1);
      step();
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      this.state = state;
    }
  }
}
