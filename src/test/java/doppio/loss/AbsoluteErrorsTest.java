package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The absolute error and Huber's, by hand. */
class AbsoluteErrorsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Tensor prediction = Tensor.of(1, 5, 2, -4);
  private final Tensor target = Tensor.of(2, 2, 2, -4.5);

  @Test
  void theMeanAbsoluteErrorIsTheOneWorkedByHand() {
    L1 loss = new L1();
    // 1, 3, 0 and ½
    assertThat(loss.forward(prediction, target)).isEqualTo(4.5 / 4);
    assertThat(loss.backward().data()).containsExactly(-0.25, 0.25, 0, 0.25);
    assertThat(loss.sum()).isEqualTo(4.5);
    assertThat(loss.divisor()).isEqualTo(4);
  }

  @Test
  void theSumOfAbsoluteErrorsIsTheOneWorkedByHand() {
    L1 loss = new L1(Reduction.SUM);
    assertThat(loss.forward(prediction, target)).isEqualTo(4.5);
    assertThat(loss.backward().data()).containsExactly(-1, 1, 0, 1);
    assertThat(loss.divisor()).isEqualTo(1);
  }

  @Test
  void huberIsASquareNearTheTargetAndALineFarFromIt() {
    Huber loss = new Huber(2);
    // ½·1², 2·(3 − 1), 0 and ½·¼
    assertThat(loss.forward(prediction, target)).isEqualTo((0.5 + 4 + 0.125) / 4);
    assertThat(loss.backward().data()).containsExactly(-0.25, 0.5, 0, 0.125);
    assertThat(loss.sum()).isEqualTo(4.625);
    Huber sum = new Huber(1, Reduction.SUM);
    assertThat(sum.forward(prediction, target)).isEqualTo(0.5 + 2.5 + 0.125);
    assertThat(sum.backward().data()).containsExactly(-1, 1, 0, 0.5);
  }

  @Test
  void squareAndLineMeetAtDelta() {
    Huber loss = new Huber(3);
    assertThat(loss.forward(Tensor.of(3.0), Tensor.of(0.0))).isEqualTo(4.5);
    assertThat(loss.backward().data()).containsExactly(3);
    assertThat(loss.delta()).isEqualTo(3);
  }

  @Test
  void infinityAndNanAreNotHidden() {
    for (Loss loss : new Loss[] {new L1(), new Huber(1)}) {
      assertThat(loss.forward(Tensor.of(INFINITY, 0), Tensor.of(0, 0))).isEqualTo(INFINITY);
      assertThat(loss.backward().data()).containsExactly(0.5, 0);
      assertThat(loss.forward(Tensor.of(Double.NaN, 0), Tensor.of(0, 0))).isNaN();
      assertThat(loss.backward().data()).containsExactly(Double.NaN, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aDeltaThatIsNoneIsRefused(double delta) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Huber(delta))
        .withMessage("delta must be finite and above 0, got " + delta);
  }

  @Test
  void targetsOfAnotherShapeAreRefused() {
    assertThatThrownBy(() -> new L1().forward(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("L1 expects a target [4, 1] but got [4]");
    assertThatThrownBy(() -> new Huber(1).forward(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("Huber(delta 1.0) expects a target [4, 1] but got [4]");
  }
}
