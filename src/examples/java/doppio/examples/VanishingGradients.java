package doppio.examples;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.optim.Momentum;
import doppio.train.GradientStatistics;
import doppio.train.History;
import doppio.train.ProgressBar;
import doppio.train.ShutdownHook;
import doppio.train.Trainer;
import java.awt.Color;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * A network 784–512–1024–512–10 with sigmoids, and with ReLUs: how large the gradient of each
 * Linear's weight is, batch by batch.
 *
 * <p>Made as a PyTorch program that calls {@code torch.manual_seed} and draws its weights as
 * floats; everything after that is in double precision.
 */
public final class VanishingGradients {
  static final List<String> WEIGHTS = List.of("0.weight", "2.weight", "4.weight", "6.weight");

  private static final double MEAN = 0.1307;
  private static final double STD = 0.3081;
  private static final double LEARNING_RATE = 0.01;
  private static final double MOMENTUM = 0.5;
  private static final int BATCH = 64;

  /** From so many images on, one epoch is enough to see it. */
  private static final int MANY = 20_000;

  private static final int EPOCHS_OF_FEW = 10;

  private static final List<String> NAMES =
      List.of("784 to 512", "512 to 1024", "1024 to 512", "512 to 10");
  private static final Color[] COLORS = {
    Charts.BLUE, new Color(0xcc, 0x79, 0xa7), new Color(0x00, 0x9e, 0x73), Charts.ORANGE
  };

  private VanishingGradients() {}

  /**
   * What a training gave.
   *
   * @param history its losses, and the accuracy after each epoch
   * @param gradients the mean of |∂W| of every weight and batch
   */
  record Run(History history, GradientStatistics gradients) {
    /** The mean of |∂W| over a weight's elements and all batches, of a layer counted from 0. */
    double gradient(int layer) {
      return Arrays.stream(gradients.means(WEIGHTS.get(layer))).average().orElseThrow();
    }

    double accuracy(int epoch) {
      return history.metric("accuracy")[epoch];
    }

    double lastAccuracy() {
      return accuracy(history.size() - 1);
    }
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Sigmoid against ReLU: how much of the gradient reaches each layer.")
            .option("epochs", "how often all are seen (1 from 20,000 images on, else 10)")
            .images("Fashion-MNIST")
            .seed()
            .out()
            .parse(args);
    int seed = options.number("seed", 0, 66);
    // In random order: a folder may hold them class by class.
    ImageData data = ImageData.load(options, new Generator(seed));
    Dataset train = data.train().normalize(MEAN, STD);
    Dataset test = data.test().size() == 0 ? train : data.test().normalize(MEAN, STD);
    int epochs = options.number("epochs", 1, train.size() < MANY ? EPOCHS_OF_FEW : 1);
    System.out.println("Images: " + data.name() + ".");
    System.out.println(
        train.size()
            + " to train on; accuracy on "
            + (test == train ? "these same images." : "the " + test.size() + " test images."));

    Module sigmoid = network(Sigmoid::new, seed);
    Module relu = network(ReLU::new, seed);
    System.out.println(ExpectedLogits.compare(sigmoid, relu, seed, data.test(), test));
    Run sigmoidRun = fit("Sigmoid", sigmoid, train, test, epochs, seed);
    Run reluRun = fit("ReLU", relu, train, test, epochs, seed);

    print(sigmoidRun, reluRun);
    VanishingAnswers.print(sigmoidRun, reluRun);
    LineChart.save(
        options.folder().resolve("vanishing-gradients.png"),
        chart("Sigmoid", sigmoidRun),
        chart("ReLU", reluRun));
  }

  /** Four Linears, with an activation between them. */
  private static Module network(Supplier<Module> activation, int seed) {
    Generator.manualSeed(seed);
    Generator floats = Generator.defaultGenerator().singlePrecision();
    return new Sequential(
        new Linear(ImageData.PIXELS, 512, floats),
        activation.get(),
        new Linear(512, 1024, floats),
        activation.get(),
        new Linear(1024, 512, floats),
        activation.get(),
        new Linear(512, ImageData.CLASSES, floats));
  }

  private static Run fit(
      String name, Module model, Dataset train, Dataset test, int epochs, int seed) {
    GradientStatistics gradients = new GradientStatistics(WEIGHTS.toArray(new String[0]));
    History history =
        new Trainer(
                model,
                new CrossEntropy(),
                new Momentum(model.parameters(), LEARNING_RATE, MOMENTUM))
            .epochs(epochs)
            .batchSize(BATCH)
            .shuffle(new Generator(seed))
            .validation(test)
            .metric("accuracy", Metric.accuracy())
            .callback(gradients)
            .callback(new ShutdownHook())
            .callback(new ProgressBar(System.out).label(name))
            .fit(train);
    return new Run(history, gradients);
  }

  private static void print(Run sigmoid, Run relu) {
    System.out.println();
    System.out.println("mean |dW| over all batches    sigmoid       ReLU  ReLU / sigmoid");
    for (int layer = 0; layer < NAMES.size(); layer++) {
      double s = sigmoid.gradient(layer);
      double r = relu.gradient(layer);
      System.out.println(
          String.format(
              Locale.ROOT,
              "Linear %d, %-14s     %.3e  %.3e  %14.1f",
              layer + 1,
              NAMES.get(layer),
              s,
              r,
              r / s));
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "last / first                 %10.1f %10.1f%n",
            sigmoid.gradient(3) / sigmoid.gradient(0),
            relu.gradient(3) / relu.gradient(0)));
  }

  private static LineChart chart(String name, Run run) {
    LineChart chart = new LineChart(name, "batch", "mean |∂W|");
    for (int layer = 0; layer < NAMES.size(); layer++) {
      chart.line(NAMES.get(layer), COLORS[layer], run.gradients.means(WEIGHTS.get(layer)));
    }
    return chart;
  }
}
