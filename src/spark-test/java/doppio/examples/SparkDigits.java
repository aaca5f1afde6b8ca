package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.nn.Conv2d;
import doppio.nn.Flatten;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Window;
import doppio.optim.Adam;
import doppio.spark.Sample;
import doppio.spark.SparkTrainer;
import doppio.spark.test.Cluster;
import doppio.train.BlockGradient;
import doppio.train.BlockWorker;
import doppio.train.Callback;
import doppio.train.EpochResult;
import doppio.train.History;
import doppio.train.Trainer;
import doppio.train.Training;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A small convolutional network learns the digits on Apache Spark, on one executor and on two, and
 * in this JVM alone; the parameters of all three are compared, and the times of an epoch drawn.
 */
public final class SparkDigits {
  private static final int SIDE = 28;
  private static final int LEFT = 7;
  private static final int FIRST = 32;
  private static final int SECOND = 128;
  private static final int BATCH = 512;
  private static final int BLOCK = 64;
  private static final int EXECUTORS = 2;

  /** How many blocks are timed. */
  private static final int BLOCKS = 20;

  /** Executors of a process of their own start on older JDKs only; on newer ones threads do. */
  private static final int NO_PROCESSES = 24;

  private final Dataset digits;
  private final int epochs;

  private SparkDigits(Dataset digits, int epochs) {
    this.digits = digits;
    this.epochs = epochs;
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    try {
      run(
          Options.of("Learns the digits on one and on two executors of Spark, and without.")
              .images("MNIST")
              .option("epochs", "how often all are seen (8; the first one is not timed)")
              .out()
              .parse(args));
    } catch (UsageException e) {
      (e.isHelp() ? System.out : System.err).println(e.getMessage());
      System.exit(e.isHelp() ? 0 : 2);
    }
  }

  private static void run(Options options) throws IOException {
    ImageData images = ImageData.load(options);
    Dataset digits =
        new Dataset(
            images.train().inputs().reshape(images.train().size(), 1, SIDE, SIDE),
            images.train().targets());
    SparkDigits example = new SparkDigits(digits, options.number("epochs", 2, 8));
    System.out.println(digits.size() + " digits: " + images.name());
    Module alone = model();
    double seconds = seconds(trainer(alone, example.epochs).gradientBlocks(BLOCK).fit(digits));
    System.out.println(line("This JVM, its own threads", seconds, ""));
    double[] measured = new double[EXECUTORS];
    SparkCurve curve = null;
    for (int executors = 1; executors <= EXECUTORS; executors++) {
      Module model = model();
      LayOut layOut = new LayOut();
      try (Cluster cluster = start(executors)) {
        measured[executors - 1] = example.onSpark(cluster, executors, model, layOut);
        if (executors == EXECUTORS) {
          curve = example.curve(cluster, layOut);
        }
      }
      System.out.println(
          line(
              "Executors of one core: " + executors,
              measured[executors - 1],
              bits(model).equals(bits(alone)) ? ", equal to the bit" : ", ANOTHER MODEL"));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "Two executors are %.2f times as fast as one.",
            measured[0] / measured[1]));
    System.out.println(curve);
    curve.draw(options.folder().resolve("spark-digits.png"), measured);
  }

  private static Cluster start(int executors) {
    return Runtime.version().feature() < NO_PROCESSES
        ? Cluster.start("local-cluster[" + executors + ",1,1024]")
        : Cluster.start("local[" + executors + "]");
  }

  /** Trains on so many executors; returns the seconds of an epoch. */
  private double onSpark(Cluster cluster, int executors, Module model, LayOut layOut) {
    Trainer trainer = trainer(model, epochs).callback(layOut);
    return seconds(
        new SparkTrainer(trainer, BLOCK)
            .inputShape(1, SIDE, SIDE)
            .fit(cluster.context().parallelize(samples(), executors)));
  }

  /** What the formula of the page needs, measured apart from the epochs. */
  private SparkCurve curve(Cluster cluster, LayOut layOut) {
    return new SparkCurve(
        (digits.size() + BATCH - 1) / BATCH,
        BATCH / BLOCK,
        model().parameters().stream().mapToInt(p -> p.value().size()).sum(),
        // Where blocks are computed: this JVM would take all its cores for one.
        cluster.context().parallelize(List.of(BLOCKS), 1).map(SparkDigits::blockSeconds).first(),
        layOut.seconds(),
        SparkCosts.measure(cluster, 2),
        SparkCosts.measure(cluster, 1000));
  }

  /** The seconds of a block of digits of no matter what look. */
  private static double blockSeconds(int times) {
    BlockWorker worker = new BlockWorker(model(), new CrossEntropy());
    Dataset block = new Dataset(Tensor.zeros(BLOCK, 1, SIDE, SIDE), Tensor.zeros(BLOCK));
    new Generator(1).normal(block.inputs().data(), 0, 1);
    Batch batch = block.batch(IntStream.range(0, BLOCK).toArray());
    double[] seconds = new double[times];
    for (int i = 0; i < 2 * times; i++) {
      long start = System.nanoTime();
      BlockGradient unused = worker.compute(batch, 0, 0, 0);
      seconds[i % times] = (System.nanoTime() - start) / 1e9;
    }
    return DigitsClassifier.median(seconds);
  }

  /** How much longer than the others the first step of an epoch takes, which lays out its rows. */
  private static final class LayOut implements Callback {
    private final List<Double> steps = new ArrayList<>();
    private final List<Double> more = new ArrayList<>();
    private long last = System.nanoTime();

    @Override
    public void batch(Training training) {
      steps.add((System.nanoTime() - last) / 1e9);
      last = System.nanoTime();
    }

    @Override
    public void epoch(Training training) {
      if (training.epoch() > 1) {
        double first = steps.remove(0);
        more.add(first - median(steps));
      }
      steps.clear();
      last = System.nanoTime();
    }

    private double seconds() {
      return median(more);
    }

    private static double median(List<Double> values) {
      return DigitsClassifier.median(values.stream().mapToDouble(v -> v).toArray());
    }
  }

  private List<Sample> samples() {
    int pixels = SIDE * SIDE;
    double[] inputs = digits.inputs().data();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < digits.size(); i++) {
      samples.add(
          new Sample(
              i,
              Arrays.copyOfRange(inputs, i * pixels, (i + 1) * pixels),
              digits.targets().get(i)));
    }
    return samples;
  }

  private static Module model() {
    Generator generator = new Generator(66);
    return new Sequential(
        new Conv2d(1, FIRST, Window.of(3).padding(1), generator),
        new ReLU(),
        new MaxPool2d(2),
        new Conv2d(FIRST, SECOND, Window.of(3).padding(1), generator),
        new ReLU(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(SECOND * LEFT * LEFT, ImageData.CLASSES, generator));
  }

  private static Trainer trainer(Module model, int epochs) {
    return new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), 1e-3))
        .epochs(epochs)
        .batchSize(BATCH)
        .shuffle(new Generator(1));
  }

  /** The median of the epochs behind the first, in which JVMs warm up. */
  private static double seconds(History history) {
    return DigitsClassifier.median(
        history.epochs().stream().skip(1).mapToDouble(EpochResult::seconds).toArray());
  }

  /** Every number of a model. */
  private static List<Double> bits(Module model) {
    return model.stateDict().values().stream()
        .flatMapToDouble(t -> Arrays.stream(t.data()))
        .boxed()
        .toList();
  }

  private static String line(String what, double seconds, String end) {
    return String.format(Locale.ROOT, "%-26s %6.2f s an epoch%s", what, seconds, end);
  }
}
