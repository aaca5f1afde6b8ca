package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.MSE;
import doppio.metric.Metric;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.SGD;
import doppio.train.EpochResult;
import doppio.train.History;
import doppio.train.ProgressBar;
import doppio.train.ShutdownHook;
import doppio.train.Trainer;
import java.awt.Color;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * A network 784–128–64–10 with tanh after every layer learns handwritten digits one sample a step,
 * as one writes it first; and the same network in batches of 64, with Adam at two rates.
 *
 * <p>The error of an epoch is the mean of the squared errors before each update.
 */
public final class MnistOnline {
  private static final int EPOCHS = 20;
  private static final double LEARNING_RATE = 0.1;
  private static final int BATCH = 64;

  /** Where there is no test part, one image in so many is held out: the last ones. */
  private static final int HELD_OUT_PART = 10;

  /** A hand-written NumPy program's errors in its first and 20th epoch of all 60,000 images. */
  private static final double[] SOURCE_ERRORS = {0.022318, 0.004329};

  private static final String SOURCE = "NumPy, one sample a step, 60,000 images";
  private static final String ROW = "%-42s  %8.6f  %8.6f  %7s  %7s";
  private static final Color GREEN = new Color(0x00, 0x9e, 0x73);

  private final int epochs;
  private final int seed;
  private final Dataset train;
  private final Dataset test;

  private MnistOnline(int epochs, int seed, Dataset train, Dataset test) {
    this.epochs = epochs;
    this.seed = seed;
    this.train = train.oneHot(ImageData.CLASSES);
    this.test = test.oneHot(ImageData.CLASSES);
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("One sample a step, as one writes it first, and batches of 64 with Adam.")
            .option("epochs", "how often all are seen (" + EPOCHS + ")")
            .images("MNIST")
            .option("held-out", "of the last images, where the folder has no test part (a tenth)")
            .seed()
            .out()
            .parse(args);
    int epochs = options.number("epochs", 1, EPOCHS);
    int seed = options.number("seed", 0, 66);
    ImageData data = ImageData.load(options);
    int all = data.train().size();
    int heldOut = options.number("held-out", 0, all / HELD_OUT_PART);
    Dataset train = data.train();
    Dataset test = data.test();
    String measuredOn = "test images";
    if (test.size() == 0 && heldOut == 0) {
      test = train;
      measuredOn = "images trained on";
    } else if (test.size() == 0) {
      if (heldOut >= all) {
        throw UsageException.wrong(
            "--held-out expects fewer than all " + all + " images, got " + heldOut);
      }
      test = train.slice(all - heldOut, all);
      train = train.slice(0, all - heldOut);
      measuredOn = "images held out";
    }
    System.out.println("Images: " + data.name() + ".");
    System.out.println(
        train.size() + " to train on; accuracy on " + test.size() + " " + measuredOn + ".");
    new MnistOnline(epochs, seed, train, test).run(options);
  }

  private void run(Options options) throws IOException {
    Module online = network();
    Module coarse = network();
    Module fine = network();
    History onlineRun =
        fit("One sample a step", online, new SGD(online.parameters(), LEARNING_RATE), 1);
    History coarseRun = fit("Adam at 0.1", coarse, new Adam(coarse.parameters(), 0.1), BATCH);
    History fineRun = fit("Adam at 0.01", fine, new Adam(fine.parameters(), 0.01), BATCH);

    System.out.println();
    System.out.println("                                            error in epoch    % right, by");
    System.out.println(
        String.format(
            Locale.ROOT, "%-42s  %8d  %8d  %7s  %7s", "", 1, epochs, "argmax", "rounded"));
    row("one sample a step, SGD at " + LEARNING_RATE, onlineRun);
    row("batches of " + BATCH + ", Adam at 0.1", coarseRun);
    row("batches of " + BATCH + ", Adam at 0.01", fineRun);
    System.out.println(
        String.format(
            Locale.ROOT, ROW, SOURCE + " *", SOURCE_ERRORS[0], SOURCE_ERRORS[1], "-", "95.19"));
    System.out.println("By rounding, a sample is right where all ten rounded outputs are.");
    System.out.println("* Its second error is that of epoch " + EPOCHS + ".");
    System.out.println();

    LineChart chart =
        new LineChart("Error of a 784-128-64-10 tanh network", "epoch", "mean squared error")
            .line("one sample a step, SGD 0.1", Charts.BLUE, onlineRun.trainLoss())
            .line("batch 64, Adam 0.1", Charts.ORANGE, coarseRun.trainLoss())
            .line("batch 64, Adam 0.01", GREEN, fineRun.trainLoss());
    if (epochs >= EPOCHS) {
      chart.points("NumPy, 60,000 images", Charts.BLACK, new double[] {1, EPOCHS}, SOURCE_ERRORS);
    }
    LineChart.save(options.folder().resolve("mnist-online.png"), chart);
  }

  /** The same weights each time: U(−1/√in, 1/√in), and zero biases. */
  private Module network() {
    Generator generator = new Generator(seed);
    return new Sequential(
        linear(ImageData.PIXELS, 128, generator),
        new Tanh(),
        linear(128, 64, generator),
        new Tanh(),
        linear(64, ImageData.CLASSES, generator),
        new Tanh());
  }

  private static Linear linear(int in, int out, Generator generator) {
    double bound = Math.sqrt(1.0 / in);
    Tensor weight = Init.uniform(Tensor.zeros(out, in), -bound, bound, generator);
    return new Linear(new Parameter(weight), new Parameter(Tensor.zeros(out)));
  }

  private History fit(String label, Module model, Optimizer optimizer, int batchSize) {
    Trainer trainer =
        new Trainer(model, new MSE(), optimizer)
            .epochs(epochs)
            .batchSize(batchSize)
            .validation(test)
            .metric("argmax", Metric.accuracy())
            .metric("rounded", Metric.roundedAccuracy())
            .callback(new ShutdownHook())
            .callback(new ProgressBar(System.out).label(label));
    if (batchSize > 1) {
      trainer.shuffle(new Generator(seed));
    } else {
      trainer.inOrder();
    }
    return trainer.fit(train);
  }

  private static void row(String name, History history) {
    List<EpochResult> all = history.epochs();
    System.out.println(
        String.format(
            Locale.ROOT,
            ROW,
            name,
            all.get(0).trainLoss(),
            history.last().trainLoss(),
            percent(history, "argmax"),
            percent(history, "rounded")));
  }

  private static String percent(History history, String metric) {
    return String.format(Locale.ROOT, "%.2f", 100 * history.last().metrics().get(metric));
  }
}
