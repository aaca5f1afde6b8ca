package doppio.examples;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.nn.Module;
import java.util.Locale;

/**
 * What PyTorch's networks say of the first two test images of Fashion-MNIST, after {@code
 * torch.manual_seed(66)} and before any training, to four digits behind the point.
 */
final class ExpectedLogits {
  private static final int SEED = 66;
  private static final int TEST_IMAGES = 10_000;
  private static final double TOLERANCE = 1e-4;

  /** The classes of the two images: an ankle boot and a pullover. */
  private static final double[] CLASSES = {9, 2};

  private static final double[][] SIGMOID = {
    {0.3537, 0.5558, 0.1939, -0.0044, 0.0700, -0.0687, 0.2242, -0.4975, 0.0686, -0.2119},
    {0.3567, 0.5539, 0.1965, -0.0021, 0.0705, -0.0674, 0.2192, -0.5005, 0.0655, -0.2142}
  };
  private static final double[][] RELU = {
    {0.0143, 0.0178, 0.0555, -0.0060, 0.0667, 0.0119, 0.0641, -0.0007, -0.0232, -0.0485},
    {0.0806, 0.0433, 0.0496, -0.0265, 0.0924, 0.0328, 0.0222, -0.0572, -0.1343, -0.0696}
  };

  private ExpectedLogits() {}

  /**
   * Compares, where it can be done, and says what came of it.
   *
   * @param test the test part as read; a compared one has 10,000 images
   * @param normalized the same, normalised
   */
  static String compare(Module sigmoid, Module relu, int seed, Dataset test, Dataset normalized) {
    if (seed != SEED) {
      return "PyTorch's 40 logits are not compared: they are those of seed " + SEED + ".";
    }
    if (test.size() != TEST_IMAGES
        || test.targets().get(0) != CLASSES[0]
        || test.targets().get(1) != CLASSES[1]) {
      return "PyTorch's 40 logits are not compared: there is no test part of Fashion-MNIST.";
    }
    Tensor images = normalized.slice(0, CLASSES.length).inputs();
    double difference =
        Math.max(
            largest(sigmoid.infer(images), Tensor.of(SIGMOID)),
            largest(relu.infer(images), Tensor.of(RELU)));
    return String.format(
        Locale.ROOT,
        "PyTorch's 40 logits before training: the largest difference is %.1e; %s %.0e.",
        difference,
        difference <= TOLERANCE ? "all agree to" : "NOT all agree to",
        TOLERANCE);
  }

  private static double largest(Tensor logits, Tensor expected) {
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      difference = Math.max(difference, Math.abs(logits.data()[i] - expected.data()[i]));
    }
    return difference;
  }
}
