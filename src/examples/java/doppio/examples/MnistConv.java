package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.metric.ConfusionMatrix;
import doppio.metric.Metric;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Window;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.train.ProgressBar;
import doppio.train.ShutdownHook;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads digits with a small convolutional network, and shows what its filters have become and what
 * they see in a digit.
 *
 * <p>The last 15 % of the images are not looked at before the end, whatever the seed, so that
 * nothing is chosen by them. Of the others, one in seventeen gives the progress its accuracy. The
 * images to train on move by up to a pixel, anew for every epoch.
 */
public final class MnistConv {
  private static final int SIDE = 28;
  private static final int FILTERS = 16;
  private static final int WIDE = 32;
  private static final double SEEN = 0.85;
  private static final double TRAINING_PART = 16.0 / 17;

  private static final int EPOCHS = 8;
  private static final int BATCH = 32;
  private static final double LEARNING_RATE = 2e-3;
  private static final double DROPOUT = 0.3;

  /** Where the layers stand whose output is shown. */
  private static final int FIRST_RELU = 2;

  private static final int SECOND_RELU = 6;

  private final Generator generator;
  private final Sequential model;

  /** Everything random comes from the seed. */
  private MnistConv(int seed) {
    generator = new Generator(seed);
    model =
        new Sequential(
            new Conv2d(1, FILTERS, Window.of(5).padding(2), generator),
            new BatchNorm2d(FILTERS),
            new ReLU(),
            new MaxPool2d(2),
            convolution(FILTERS, WIDE),
            new BatchNorm2d(WIDE),
            new ReLU(),
            new MaxPool2d(2),
            new Residual(
                new Sequential(
                    convolution(WIDE, WIDE),
                    new BatchNorm2d(WIDE),
                    new ReLU(),
                    convolution(WIDE, WIDE),
                    new BatchNorm2d(WIDE))),
            new ReLU(),
            new Flatten(),
            new Dropout(DROPOUT, generator),
            new Linear(WIDE * SIDE / 4 * SIDE / 4, ImageData.CLASSES, generator));
  }

  private Conv2d convolution(int in, int out) {
    return new Conv2d(in, out, Window.of(3).padding(1), generator);
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Reads digits with a small convolutional network, and shows what it sees.")
            .option("epochs", "how often all are seen (" + EPOCHS + ")")
            .images("MNIST")
            .seed()
            .option("seeds", "how many runs, each with the next seed (1)")
            .out()
            .parse(args);
    int epochs = options.number("epochs", 1, EPOCHS);
    int seed = options.number("seed", 0, 66);
    int seeds = options.number("seeds", 1, 1);
    ImageData data = ImageData.load(options);
    Dataset.Split parts = images(data.train()).split(SEEN);
    System.out.println("Images: " + data.name() + ".");

    double[] accuracies = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      MnistConv run = new MnistConv(seed + i);
      run.fit(parts.train(), epochs);
      ConfusionMatrix result = ConfusionMatrix.of(run.model, parts.heldOut());
      accuracies[i] = 100 * result.accuracy();
      System.out.println(
          String.format(
              Locale.ROOT,
              "Seed %d: %.2f %% of the last %d images right, which were not looked at before",
              seed + i,
              accuracies[i],
              parts.heldOut().size()));
      if (i == 0) {
        System.out.println();
        System.out.println(result);
        run.draw(parts.heldOut(), options.folder().resolve("mnist-conv.png"));
      }
    }
    if (seeds > 1) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "Median of %d seeds: %.2f %%",
              seeds,
              DigitsClassifier.median(accuracies)));
    }
  }

  private static Dataset images(Dataset flat) {
    return new Dataset(flat.inputs().reshape(flat.size(), 1, SIDE, SIDE), flat.targets());
  }

  private void fit(Dataset seen, int epochs) {
    Dataset.Split parts = seen.shuffle(generator).split(TRAINING_PART);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%,d parameters, %d images to train on, %d beside them to see how it goes.",
            model.parameters().stream().mapToInt(p -> p.value().size()).sum(),
            parts.first().size(),
            parts.second().size()));
    MovingImages images = new MovingImages(parts.first(), generator);
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), LEARNING_RATE))
        .epochs(epochs)
        .batchSize(BATCH)
        .shuffle(generator)
        .schedulePerEpoch(Schedule.cosine(epochs))
        .validation(parts.second())
        .metric("accuracy", Metric.accuracy())
        .callback(images)
        .callback(new ShutdownHook())
        .callback(new ProgressBar(System.out))
        .fit(images.moving());
  }

  /** Draws the filters, and what two layers make of the first image. */
  private void draw(Dataset data, Path file) throws IOException {
    Tensor filters = ((Conv2d) model.get(0)).weight().value();
    Tensor digit = data.slice(0, 1).inputs();
    new ImageSheet()
        .row("A digit that the network has not seen")
        .image("class " + (int) data.targets().get(0), digit.reshape(SIDE, SIDE))
        .channels("The sixteen filters of 5 × 5", filters.reshape(FILTERS, 5, 5))
        .channels("The digit behind the first convolution and its ReLU", maps(digit, FIRST_RELU))
        .channels("The digit behind the second convolution and its ReLU", maps(digit, SECOND_RELU))
        .save(file);
  }

  /** The output {@code [c, h, w]} of a layer for one image {@code [1, 1, h, w]}. */
  private Tensor maps(Tensor image, int layer) {
    Tensor x = image;
    for (int i = 0; i <= layer; i++) {
      x = model.get(i).infer(x);
    }
    return x.reshape(x.dim(1), x.dim(2), x.dim(3));
  }
}
