package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import org.junit.jupiter.api.Test;

class HingeTest {
  private final Hinge hinge = new Hinge();

  @Test
  void aCaseWorkedByHandComesOut() {
    // 1 + 2, 1 − 5 < 0, 1 − 3 < 0, 1 − 0.5: 3.5 / 4
    double value = hinge.forward(Tensor.of(2, -5, 3, 0.5), Tensor.of(-1, -1, 1, 1));
    assertThat(value).isEqualTo(0.875);
    assertThat(hinge.backward().data()).containsExactly(0.25, 0, 0, -0.25);
  }

  @Test
  void theSumIsTheMeanTimesTheElements() {
    Hinge sum = new Hinge(Reduction.SUM);
    assertThat(sum.forward(Tensor.of(2, -5, 3, 0.5), Tensor.of(-1, -1, 1, 1))).isEqualTo(3.5);
    assertThat(sum.backward().data()).containsExactly(1, 0, 0, -1);
  }

  @Test
  void theGradientOnTheMarginIsZero() {
    assertThat(hinge.forward(Tensor.of(1, -1), Tensor.of(1, -1))).isZero();
    assertThat(hinge.backward().data()).containsExactly(0, 0);
  }

  @Test
  void oneAgainstTheRestIsTheMeanOverAllOutputs() {
    Tensor scores = Tensor.of(new double[][] {{2, -0.5, 0}, {-2, -2, 0.25}});
    Tensor target = Tensor.of(new double[][] {{1, -1, -1}, {-1, -1, 1}});
    // row 0: 0 + 0.5 + 1, row 1: 0 + 0 + 0.75
    assertThat(hinge.forward(scores, target)).isEqualTo(2.25 / 6);
    assertThat(hinge.backward().data()).containsExactly(0, 1 / 6.0, 1 / 6.0, 0, 0, -1 / 6.0);
  }

  @Test
  void nanIsNotHidden() {
    assertThat(hinge.forward(Tensor.of(Double.NaN, 1), Tensor.of(1, 1))).isNaN();
  }

  @Test
  void otherTargetsAreRefusedByIndex() {
    refused(Tensor.of(1, -1, 0), "Hinge expects targets -1 and 1 but got 0.0 at [2]");
    refused(Tensor.of(1, 2, 0), "Hinge expects targets -1 and 1 but got 2.0 at [1]");
    refused(
        Tensor.of(new double[][] {{1, -1, 1}, {1, 1, Double.NaN}}),
        "Hinge expects targets -1 and 1 but got NaN at [1, 2]");
    refused(
        Tensor.full(1, 2, 3, 4).set(-1.5, 1, 0, 2),
        "Hinge expects targets -1 and 1 but got -1.5 at [1, 0, 2]");
    refused(Tensor.wrap(new double[] {0.5}), "Hinge expects targets -1 and 1 but got 0.5 at []");
  }

  private void refused(Tensor target, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> hinge.forward(Tensor.zeros(target.shape()), target))
        .withMessage(message);
  }
}
