package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.metric.ConfusionMatrix;
import doppio.metric.Metric;
import doppio.metric.Predictions;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Softmax;
import doppio.optim.Adam;
import doppio.optim.Schedule;
import doppio.train.History;
import doppio.train.ProgressBar;
import doppio.train.ShutdownHook;
import doppio.train.Trainer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Learns to read handwritten digits of 8 × 8 pixels, and says how well on digits held out. */
public final class DigitsClassifier {
  private static final int PIXELS = 64;
  private static final double WHITE = 16;
  private static final int CLASSES = 10;
  private static final double TRAINING_PART = 0.7;

  private static final int HIDDEN = 128;
  private static final double DROPOUT = 0.3;
  private static final int BATCH = 32;
  private static final double LEARNING_RATE = 3e-3;
  private static final int EPOCHS = 40;
  private static final int HINGE_STEPS = 100;
  private static final int HINGE_SEEDS = 5;
  private static final String ACCURACY = "accuracy";

  private final int seed;
  private final int epochs;
  private final Generator generator;
  private final Dataset train;
  private final Dataset heldOut;
  private final Module model;

  /** Everything random, the split too, comes from the seed. */
  private DigitsClassifier(int seed, int epochs) {
    this.seed = seed;
    this.epochs = epochs;
    generator = new Generator(seed);
    Dataset.Split parts = Digits.load().scale(1 / WHITE).shuffle(generator).split(TRAINING_PART);
    train = parts.first();
    heldOut = parts.second();
    model =
        new Sequential(
            new Linear(PIXELS, HIDDEN, generator),
            new ReLU(),
            new Dropout(DROPOUT, generator),
            new Linear(HIDDEN, HIDDEN, generator),
            new ReLU(),
            new Dropout(DROPOUT, generator),
            new Linear(HIDDEN, CLASSES, generator));
  }

  /** Answers {@code --help}. */
  public static void main(String[] args) throws IOException {
    Options options =
        Options.of("Learns to read handwritten digits, and says how well on digits held out.")
            .option("loss", "cross-entropy, which reads well, or hinge, as a notebook had it")
            .option("epochs", "how often all are seen (40; steps with --loss hinge, 100)")
            .seed()
            .option("seeds", "how many runs, each with the next seed (1; with --loss hinge 5)")
            .out()
            .option("progress", "auto, bar, lines or silent (auto)")
            .parse(args);
    boolean hinge = options.choice("loss", "cross-entropy", "hinge").equals("hinge");
    int epochs = options.number("epochs", 1, hinge ? HINGE_STEPS : EPOCHS);
    int seed = options.number("seed", 0, 66);
    int seeds = options.number("seeds", 1, hinge ? HINGE_SEEDS : 1);
    if (hinge) {
      HingeDigits.run(epochs, seed, seeds, options.folder());
      return;
    }
    String style = options.choice("progress", "auto", "bar", "lines", "silent");
    ProgressBar.Style progress = ProgressBar.Style.valueOf(style.toUpperCase(Locale.ROOT));

    double[] accuracies = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      DigitsClassifier run = new DigitsClassifier(seed + i, epochs);
      if (i == 0) {
        System.out.println(
            "Training on " + run.train.size() + " digits, " + run.heldOut.size() + " held out.");
      }
      Trainer trainer =
          run.trainer()
              .callback(new ShutdownHook())
              .callback(new ProgressBar(System.out, progress));
      History history = trainer.fit(run.train);
      ConfusionMatrix result = ConfusionMatrix.of(run.model, run.heldOut);
      accuracies[i] = 100 * result.accuracy();
      System.out.println(
          String.format(
              Locale.ROOT, "Seed %d: held-out accuracy %.2f %%", run.seed, accuracies[i]));
      if (i == 0) {
        System.out.println();
        System.out.println(result);
        LearningCurve.save(
            history, ACCURACY, options.folder().resolve("digits-learning-curve.png"));
        Tensor probabilities = new Softmax().infer(Predictions.of(run.model, run.heldOut));
        SampleSheet sheet = new SampleSheet(run.heldOut, 1, probabilities, "probability");
        sheet.save(options.folder().resolve("digits-samples.png"));
        sheet.saveRow(options.folder().resolve("digits-row.png"));
      }
    }
    if (seeds > 1) {
      System.out.println(
          String.format(Locale.ROOT, "Median of %d seeds: %.2f %%", seeds, median(accuracies)));
    }
  }

  private Trainer trainer() {
    return new Trainer(model, new CrossEntropy(), new Adam(model.parameters(), LEARNING_RATE))
        .epochs(epochs)
        .batchSize(BATCH)
        .shuffle(generator)
        .schedulePerEpoch(Schedule.cosine(epochs))
        .validation(heldOut)
        .metric(ACCURACY, Metric.accuracy());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
