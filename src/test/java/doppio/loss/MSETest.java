package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import org.junit.jupiter.api.Test;

/** The numbers are PyTorch's. */
class MSETest {
  private final Tensor prediction = Tensor.of(new double[][] {{0.5, -1}, {2, 3}, {0, -4}});
  private final Tensor target = Tensor.of(new double[][] {{1, 1}, {2, -1}, {0.25, 0}});

  @Test
  void theMeanIsOverAllElements() {
    MSE mse = new MSE();
    assertThat(mse.forward(prediction, target)).isEqualTo(6.052083333333333);
    assertThat(mse.backward().data())
        .containsExactly(
            new double[] {-1 / 6.0, -2 / 3.0, 0, 4 / 3.0, -1 / 12.0, -4 / 3.0}, within(1e-15));
  }

  @Test
  void theSumIsTheMeanTimesTheElements() {
    MSE mse = new MSE(Reduction.SUM);
    assertThat(mse.forward(prediction, target)).isEqualTo(36.3125);
    assertThat(mse.backward().data()).containsExactly(-1, -4, 0, 8, -0.5, -8);
  }

  @Test
  void theHalfFormIsExactlyHalf() {
    for (Reduction reduction : Reduction.values()) {
      MSE whole = new MSE(reduction);
      MSE half = MSE.half(reduction);
      assertThat(half.forward(prediction, target)).isEqualTo(whole.forward(prediction, target) / 2);
      double[] gradient = whole.backward().data();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] /= 2;
      }
      assertThat(half.backward().data()).containsExactly(gradient);
    }
    assertThat(MSE.half().forward(prediction, target)).isEqualTo(6.052083333333333 / 2);
  }

  @Test
  void aPerfectPredictionHasNoLoss() {
    MSE mse = new MSE();
    assertThat(mse.forward(target, target)).isZero();
    assertThat(mse.backward().data()).containsOnly(0);
  }

  @Test
  void nanIsNotHidden() {
    assertThat(new MSE().forward(Tensor.of(1, Double.NaN), Tensor.of(1, 1))).isNaN();
  }
}
