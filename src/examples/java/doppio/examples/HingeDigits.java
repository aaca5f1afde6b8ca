package doppio.examples;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Digits;
import doppio.loss.Hinge;
import doppio.metric.ConfusionMatrix;
import doppio.metric.Predictions;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.optim.SGD;
import doppio.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The digits as a course's notebook sets them up: raw pixels, a hinge loss for each class against
 * the rest, a hundred steps over all samples, and a decay of the weights that the learning rate
 * does not scale. It does badly; changes of the set-up show why.
 */
final class HingeDigits {
  private static final int PIXELS = 64;
  private static final double WHITE = 16;
  private static final int CLASSES = 10;
  private static final int HIDDEN = 64;
  private static final double TRAINING_PART = 0.7;
  private static final double LEARNING_RATE = 0.01;
  private static final double DECAY = 0.01;
  private static final int LONGER = 10;

  private final Dataset train;
  private final Dataset heldOut;
  private final Module model;

  /** Everything random, the split too, comes from the seed. */
  private HingeDigits(int seed) {
    Generator generator = new Generator(seed);
    Dataset.Split parts = Digits.load().shuffle(generator).split(TRAINING_PART);
    train = parts.first();
    heldOut = parts.second();
    model =
        new Sequential(
            linear(PIXELS, HIDDEN, generator), new ReLU(), linear(HIDDEN, CLASSES, generator));
  }

  /** Trains with the next {@code seeds} seeds, prints the accuracies and draws some digits. */
  static void run(int steps, int seed, int seeds, Path folder) throws IOException {
    System.out.println("Hinge loss, one class against the rest, on raw pixels.");
    System.out.println("Held-out accuracy, median of seeds (lowest to highest), loss at the end:");
    System.out.println();
    System.out.println("steps  decay a step                    accuracy                 loss");
    measure("as the source has it", steps, DECAY, seed, seeds);
    measure("decay times rate", steps, LEARNING_RATE * DECAY, seed, seeds);
    measure("more steps", LONGER * steps, DECAY, seed, seeds);
    measure("both", LONGER * steps, LEARNING_RATE * DECAY, seed, seeds);
    System.out.println();
    System.out.println("A decay of 0.01 at a rate of 0.01 is as an L2 term with lambda = 1: it");
    System.out.println("takes 1/100 of all weights a step, whatever the gradient. In so few steps");
    System.out.println("that hardly matters, they are just too few; in many it wins. The network");
    System.out.println("then says about -1 for every class, which alone costs a loss of 0.2.");
    System.out.println();

    HingeDigits source = new HingeDigits(seed);
    source.fit(steps, DECAY);
    System.out.println(ConfusionMatrix.of(source.model, source.heldOut));
    Tensor outputs = Predictions.of(source.model, source.heldOut);
    new SampleSheet(source.heldOut, WHITE, outputs, "output")
        .save(folder.resolve("digits-hinge-samples.png"));
  }

  private static void measure(String name, int steps, double decay, int seed, int seeds) {
    double[] accuracies = new double[seeds];
    double[] losses = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      HingeDigits run = new HingeDigits(seed + i);
      losses[i] = run.fit(steps, decay);
      accuracies[i] = 100 * ConfusionMatrix.of(run.model, run.heldOut).accuracy();
    }
    Arrays.sort(accuracies);
    Arrays.sort(losses);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%5d  %6.4f, %-22s  %4.1f %% (%4.1f to %4.1f)  %5.2f",
            steps,
            decay,
            name,
            accuracies[seeds / 2],
            accuracies[0],
            accuracies[seeds - 1],
            losses[seeds / 2]));
  }

  /** Trains on all samples at once; returns the loss before the last step. */
  private double fit(int steps, double decay) {
    SGD optimizer = new SGD(model.parameters(), LEARNING_RATE);
    optimizer.decoupledWeightDecay(decay);
    return new Trainer(model, new Hinge(), optimizer)
        .epochs(steps)
        .batchSize(train.size())
        .inOrder()
        .fit(train.plusMinusOne(CLASSES))
        .last()
        .trainLoss();
  }

  /** A layer with weights from N(0, 1) and zero biases. */
  private static Linear linear(int in, int out, Generator generator) {
    Tensor weight = Init.normal(Tensor.zeros(out, in), 0, 1, generator);
    return new Linear(new Parameter(weight), new Parameter(Tensor.zeros(out)));
  }
}
