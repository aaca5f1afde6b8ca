package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What makes one vector of a sequence. */
class StepsOfSequencesTest {
  private static final int SHAPES = 200;

  private final Tensor x = Tensor.of(1, 2, 3, 4, 5, 9, -1, 0, 0, 0, 4, 6).reshape(2, 3, 2);

  @Test
  void theLastStepIsTaken() {
    LastStep last = new LastStep();
    Tensor y = last.forward(x);
    assertThat(y.shape()).containsExactly(2, 2);
    assertThat(y.data()).containsExactly(5, 9, 4, 6);
    assertThat(last.backward(Tensor.of(1, 2, 3, 4).reshape(2, 2)).data())
        .containsExactly(0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4);
    assertThat(last.infer(Tensor.of(7, 8).reshape(2, 1)).shape()).containsExactly(1);
  }

  @Test
  void theMeanIsThatOfTheSteps() {
    MeanOverSteps mean = new MeanOverSteps();
    Tensor y = mean.forward(x);
    assertThat(y.shape()).containsExactly(2, 2);
    assertThat(y.data()).containsExactly(3, 5, 1, 2);
    assertThat(mean.backward(Tensor.of(3, 6, 9, 12).reshape(2, 2)).data())
        .containsExactly(1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4);
    assertThat(mean.infer(Tensor.of(7, 8).reshape(2, 1)).data()).containsExactly(7.5);
  }

  /** The mean over steps that are not finite is not, either. */
  @Test
  void numbersThatAreNotFiniteShow() {
    double inf = Double.POSITIVE_INFINITY;
    Tensor steps = Tensor.of(inf, inf, 1, -inf, Double.NaN, 1).reshape(2, 3);
    assertThat(new MeanOverSteps().infer(steps).data()).containsExactly(Double.NaN, Double.NaN, 1);
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    SplittableRandom random = new SplittableRandom(12);
    for (int seed = 0; seed < SHAPES; seed++) {
      int n = random.nextInt(5);
      int steps = 1 + random.nextInt(9);
      int f = 1 + random.nextInt(5);
      Tensor input =
          n == 0 ? RandomTensors.normal(seed, steps, f) : RandomTensors.normal(seed, n, steps, f);
      GradientCheck.check(new LastStep(), input);
      GradientCheck.check(new MeanOverSteps(), input);
    }
  }
}
