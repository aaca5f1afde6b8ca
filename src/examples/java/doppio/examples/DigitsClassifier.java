package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Batch;
import doppio.data.DataLoader;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.CrossEntropy;
import doppio.loss.Loss;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.Adam;
import doppio.optim.Optimizer;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
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

  private final int seed;
  private final int epochs;
  private final Generator generator;
  private final Dataset train;
  private final Dataset heldOut;
  private final Module model;
  private final LearningCurve curve = new LearningCurve();

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

  /**
   * Takes {@code --epochs}, {@code --seed}, {@code --out}, {@code --seeds} (how many runs, each
   * with the next seed, for the median) and {@code --progress} (bar, lines or auto: a bar on a
   * terminal).
   */
  public static void main(String[] args) throws IOException {
    Options options = Options.parse(args, "epochs", "seed", "seeds", "out", "progress");
    int epochs = options.number("epochs", 1, EPOCHS);
    int seed = options.number("seed", 0, 66);
    int seeds = options.number("seeds", 1, 1);
    String progress = options.choice("progress", "auto", "bar", "lines");
    boolean redraws = progress.equals("auto") ? ProgressBar.onTerminal() : progress.equals("bar");
    ProgressBar bar = new ProgressBar(System.out, redraws);

    double[] accuracies = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      DigitsClassifier run = new DigitsClassifier(seed + i, epochs);
      if (i == 0) {
        System.out.println(
            "Training on " + run.train.size() + " digits, " + run.heldOut.size() + " held out.");
      }
      run.train(bar, i == 0);
      ConfusionMatrix result = run.confusion(run.heldOut);
      accuracies[i] = 100 * result.accuracy();
      bar.line(
          String.format(
              Locale.ROOT, "Seed %d: held-out accuracy %.2f %%", run.seed, accuracies[i]));
      if (i == 0) {
        System.out.println();
        System.out.println(result);
        run.curve.save(options.folder().resolve("digits-learning-curve.png"));
      }
    }
    if (seeds > 1) {
      System.out.println(
          String.format(Locale.ROOT, "Median of %d seeds: %.2f %%", seeds, median(accuracies)));
    }
  }

  private void train(ProgressBar bar, boolean showEpochs) {
    Loss loss = new CrossEntropy();
    Optimizer optimizer = new Adam(model.parameters(), LEARNING_RATE);
    Scheduler scheduler = new Scheduler(optimizer, Schedule.cosine(epochs));
    DataLoader loader = new DataLoader(train, BATCH).shuffle(generator);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      String label = String.format(Locale.ROOT, "Seed %d, epoch %2d of %d", seed, epoch, epochs);
      int done = 0;
      for (Batch batch : loader) {
        loss.forward(model.forward(batch.inputs()), batch.targets());
        optimizer.zeroGrad();
        model.accumulateGradients(loss.backward());
        optimizer.step();
        bar.show(label, ++done, loader.batches());
      }
      scheduler.step();
      if (showEpochs) {
        LearningCurve.Score onTrain = score(train);
        LearningCurve.Score onHeldOut = score(heldOut);
        curve.add(onTrain, onHeldOut);
        bar.line(
            String.format(
                Locale.ROOT,
                "%s: loss %.4f, held out %.4f; accuracy %.2f %%, held out %.2f %%",
                label,
                onTrain.loss(),
                onHeldOut.loss(),
                100 * onTrain.accuracy(),
                100 * onHeldOut.accuracy()));
      }
    }
  }

  /** Both parts are measured without dropout, after the epoch, so that they can be compared. */
  private LearningCurve.Score score(Dataset part) {
    double loss = new CrossEntropy().forward(model.infer(part.inputs()), part.targets());
    return new LearningCurve.Score(loss, confusion(part).accuracy());
  }

  private ConfusionMatrix confusion(Dataset part) {
    Tensor logits = model.infer(part.inputs());
    return new ConfusionMatrix(logits, part.targets());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
