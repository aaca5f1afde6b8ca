package doppio.examples;

import doppio.Generator;
import doppio.data.Dataset;
import doppio.loss.CrossEntropy;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.train.EarlyStopping;
import doppio.train.Monitor;
import doppio.train.ProgressBar;
import doppio.train.ShutdownHook;
import doppio.train.Trainer;
import java.io.IOException;
import java.util.Locale;

/**
 * MNIST at its best: a network of less than 300,000 parameters, trained in less than a minute of
 * one core.
 *
 * <p>Seven tenths of the images are trained on, each moved by up to a pixel, anew for every epoch.
 * Half of the others choose the epoch whose network is kept; the last ones are looked at once, at
 * the end.
 */
public final class MnistBest {
  private static final int EPOCHS = 15;
  private static final int BATCH = 64;
  private static final double LEARNING_RATE = 2e-3;
  private static final double DROPOUT = 0.1;

  private static final double TRAINING_PART = 0.7;
  private static final double NANOS = 1e9;

  private MnistBest() {}

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Reads MNIST as well as a network of linear layers can.")
            .option("epochs", "how often all are seen (" + EPOCHS + ")")
            .images("MNIST")
            .seed()
            .parse(args);
    int epochs = options.number("epochs", 1, EPOCHS);
    Generator generator = new Generator(options.number("seed", 0, 66));
    ImageData data = ImageData.load(options);
    Dataset.Split split = data.train().shuffle(generator).split(TRAINING_PART);
    Dataset.Split rest = split.second().split(0.5);
    Module model = network(generator);
    System.out.println("Images: " + data.name() + ".");
    System.out.println(
        String.format(
            Locale.ROOT,
            "%d to train on, %d to choose by, %d not looked at before the end.",
            split.first().size(),
            rest.first().size(),
            rest.second().size()));

    long start = System.nanoTime();
    fit(model, split.first(), rest.first(), epochs, generator);
    double seconds = (System.nanoTime() - start) / NANOS;
    Dataset last = rest.second();
    double accuracy = Metric.accuracy().of(Predictions.of(model, last), last.targets());
    System.out.println(
        String.format(
            Locale.ROOT,
            "%,d parameters, trained in %.1f s: %.2f %% of the last %d images right.",
            model.parameters().stream().mapToInt(p -> p.value().size()).sum(),
            seconds,
            100 * accuracy,
            last.size()));
  }

  private static Module network(Generator generator) {
    return new Sequential(
        new Linear(ImageData.PIXELS, 256, generator),
        new ReLU(),
        new Dropout(DROPOUT, generator),
        new Linear(256, 128, generator),
        new ReLU(),
        new Dropout(DROPOUT, generator),
        new Linear(128, ImageData.CLASSES, generator));
  }

  private static void fit(
      Module model, Dataset train, Dataset choice, int epochs, Generator generator) {
    MovingImages images = new MovingImages(train, generator);
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), LEARNING_RATE))
        .epochs(epochs)
        .batchSize(BATCH)
        .shuffle(generator)
        .schedulePerEpoch(Schedule.cosine(epochs))
        .validation(choice)
        .metric("accuracy", Metric.accuracy())
        .callback(images)
        .callback(new EarlyStopping(epochs).watch(Monitor.highest("accuracy")).restoreBest())
        .callback(new ShutdownHook())
        .callback(new ProgressBar(System.out))
        .fit(images.moving());
  }
}
