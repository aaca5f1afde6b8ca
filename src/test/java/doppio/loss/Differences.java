package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;

/** Compares a loss's gradient with central differences of its value. */
final class Differences {
  private static final double STEP = 1e-5;

  private Differences() {}

  static void check(Loss loss, Tensor prediction, Tensor target) {
    loss.forward(prediction, target);
    double[] gradient = loss.backward().data();
    for (int i = 0; i < prediction.size(); i++) {
      double difference =
          (moved(loss, prediction, target, i, STEP) - moved(loss, prediction, target, i, -STEP))
              / (2 * STEP);
      assertThat(gradient[i])
          .as("%s, element %d of %s", loss, i, prediction)
          .isCloseTo(difference, within(1e-8 * Math.max(1, Math.abs(difference))));
    }
  }

  private static double moved(Loss loss, Tensor prediction, Tensor target, int i, double by) {
    Tensor moved = prediction.copy();
    moved.data()[i] += by;
    return loss.forward(moved, target);
  }
}
