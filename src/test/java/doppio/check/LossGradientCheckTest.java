package doppio.check;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.CrossEntropy;
import doppio.loss.Hinge;
import doppio.loss.Loss;
import doppio.loss.MSE;
import org.junit.jupiter.api.Test;

class LossGradientCheckTest {
  private final Tensor x = RandomTensors.normal(2, 3, 4);

  @Test
  void lossesOfTheLibraryAreRight() {
    GradientCheck.check(new MSE(), x, RandomTensors.normal(3, 3, 4));
    GradientCheck.check(MSE.half(), x, RandomTensors.normal(3, 3, 4));
    GradientCheck.check(new CrossEntropy(), x, Tensor.of(0, 3, 1));
    Tensor signs = Tensor.of(-1, 1, 1, -1);
    GradientCheck.check(new Hinge(), Tensor.of(2, -5, 3, 0.5), signs);
    // All on the margin, or next to it.
    GradientCheck.check(new Hinge(), signs.copy(), signs);
    GradientCheck.check(new Hinge(), Tensor.of(-0.9999, 0.9995, 1.0001, -1.0000001), signs);
  }

  @Test
  void aWrongLossFails() {
    GradientCheck.check(new Cubes(3), Tensor.of(1, 2), Tensor.of(0, 0));
    assertThatThrownBy(() -> GradientCheck.check(new Cubes(2), Tensor.of(1, 2), Tensor.of(0, 0)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("GradientCheck: prediction[")
        .hasMessageContaining("] of Cubes: analytic ")
        .hasMessageEndingWith(" (relative error 0.33, tolerance 1.0E-6)");
  }

  /** The sum of the cubes of the predictions, with a factor in the derivative that should be 3. */
  private static final class Cubes extends Loss {
    private final double factor;

    Cubes(double factor) {
      this.factor = factor;
    }

    @Override
    protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
      double sum = 0;
      for (int i = 0; i < prediction.size(); i++) {
        double p = prediction.data()[i];
        sum += p * p * p;
        gradient.data()[i] = factor * p * p;
      }
      return sum;
    }
  }
}
