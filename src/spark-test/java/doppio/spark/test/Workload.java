package doppio.spark.test;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.loss.MSE;
import doppio.model.Registry;
import doppio.nn.BatchNorm1d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.nn.Window;
import doppio.optim.Adam;
import doppio.spark.Sample;
import doppio.spark.SparkTrainer;
import doppio.train.History;
import doppio.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** A small training, to be done in one JVM and on Spark: all of it comes from seeds. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the shapes
enum Workload {
  /** Batch statistics, two generators, class weights, rows that do not count. */
  EVERYTHING(
      () -> {
        Generator generator = new Generator(3);
        return new Sequential(
            new Linear(6, 20, generator),
            new BatchNorm1d(20),
            new ReLU(),
            new Dropout(0.3, generator),
            new Dropout(0.1),
            new Linear(20, 3, generator));
      },
      () -> new CrossEntropy().weights(0.5, 2, 1.25).ignoreIndex(-100),
      new int[] {6},
      new int[0]),
  /** Images, and a module that is not the library's. */
  IMAGES(
      () -> {
        Generator generator = new Generator(5);
        return new Sequential(
            new Conv2d(2, 3, Window.of(2).padding(1), generator),
            new Doubled(),
            new Flatten(),
            new Dropout(0.2, new Generator(8)),
            new Linear(3 * 4 * 4, 3, generator));
      },
      CrossEntropy::new,
      new int[] {2, 3, 3},
      new int[0]),
  /** Numbers as targets; no random layer. */
  NUMBERS(
      () -> {
        Generator generator = new Generator(7);
        return new Sequential(new Linear(6, 9, generator), new Tanh(), new Linear(9, 2, generator));
      },
      MSE::new,
      new int[] {6},
      new int[] {2});

  static final int SAMPLES = 150;
  static final int BATCH = 64;

  /** 64 rows are six blocks and a half of those; the last 22 of an epoch two blocks. */
  static final int BLOCK = 10;

  private final Supplier<Module> model;
  private final Supplier<Loss> loss;
  private final int[] inputShape;
  private final int[] targetShape;

  Workload(Supplier<Module> model, Supplier<Loss> loss, int[] inputShape, int[] targetShape) {
    this.model = model;
    this.loss = loss;
    this.inputShape = inputShape;
    this.targetShape = targetShape;
  }

  static Registry own() {
    return Registry.of("Doubled", Doubled.class, parts -> new Doubled());
  }

  Module model() {
    return model.get();
  }

  Trainer trainer(Module model) {
    return new Trainer(model, loss.get(), new Adam(model.parameters(), 0.01))
        .epochs(2)
        .batchSize(BATCH)
        .clipNorm(1)
        .registry(own())
        .shuffle(new Generator(4));
  }

  SparkTrainer onSpark(Trainer trainer) {
    return new SparkTrainer(trainer, BLOCK)
        .registry(own())
        .inputShape(inputShape)
        .targetShape(targetShape);
  }

  /** What one JVM makes of it. */
  String local() {
    Module trained = model();
    History history = trainer(trained).gradientBlocks(BLOCK).fit(data());
    return fingerprint(trained, history);
  }

  /** What the cluster makes of it, from rows in so many partitions and in an order from a seed. */
  String onSpark(JavaSparkContext spark, int partitions, long order) {
    Module trained = model();
    return fingerprint(trained, onSpark(trainer(trained)).fit(rows(spark, partitions, order)));
  }

  JavaRDD<Sample> rows(JavaSparkContext spark, int partitions, long order) {
    List<Sample> samples = samples();
    Collections.shuffle(samples, new Random(order));
    return spark.parallelize(samples, partitions);
  }

  List<Sample> samples() {
    Dataset data = data();
    int width = data.inputs().size() / SAMPLES;
    int targets = data.targets().size() / SAMPLES;
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      samples.add(
          new Sample(
              i,
              Arrays.copyOfRange(data.inputs().data(), i * width, (i + 1) * width),
              Arrays.copyOfRange(data.targets().data(), i * targets, (i + 1) * targets)));
    }
    return samples;
  }

  /** One row in four is ignored where the loss ignores −100, the first ten among them. */
  Dataset data() {
    Tensor inputs = Tensor.zeros(behind(inputShape));
    Tensor targets = Tensor.zeros(behind(targetShape));
    new Generator(11).normal(inputs.data(), 0, 1);
    if (targetShape.length > 0) {
      new Generator(12).normal(targets.data(), 0, 1);
    } else {
      for (int i = 0; i < SAMPLES; i++) {
        boolean ignored = this == EVERYTHING && (i < 10 || i % 4 == 0);
        targets.set(ignored ? -100 : i % 3, i);
      }
    }
    return new Dataset(inputs, targets);
  }

  private static int[] behind(int[] shape) {
    int[] all = new int[shape.length + 1];
    all[0] = SAMPLES;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return all;
  }

  /** Every bit of the model and of the losses of all batches. */
  static String fingerprint(Module model, History history) {
    long hash = 1;
    for (Tensor t : model.stateDict().values()) {
      hash = 31 * hash + Arrays.hashCode(t.data());
    }
    hash = 31 * hash + Arrays.hashCode(history.batchLoss());
    return Long.toHexString(31 * hash + Arrays.hashCode(history.trainLoss()));
  }
}
