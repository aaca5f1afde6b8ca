package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

class BCEWithLogitsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double LOG_4 = StrictMath.log(4);
  private static final double LOG_4_3 = StrictMath.log(4 / 3.0);

  /** The logistic function is 3/4 and 1/4 there. */
  private final Tensor logits = Tensor.of(StrictMath.log(3), -StrictMath.log(3));

  private final BCEWithLogits loss = new BCEWithLogits();

  @Test
  void theMeanOverTheElementsIsTheOneWorkedByHand() {
    check(Tensor.of(1, 0), 2 * LOG_4_3 / 2, -1 / 8.0, 1 / 8.0);
    check(Tensor.of(0, 1), 2 * LOG_4 / 2, 3 / 8.0, -3 / 8.0);
    // ½·log(4/3) + ½·log 4 each
    check(Tensor.of(0.5, 0.5), (LOG_4 + LOG_4_3) / 2, 1 / 8.0, -1 / 8.0);
    assertThat(loss.divisor()).isEqualTo(2);
  }

  @Test
  void whatIsPositiveCountsByItsWeight() {
    loss.positiveWeight(3);
    check(Tensor.of(1, 0), (3 * LOG_4_3 + LOG_4_3) / 2, -3 / 8.0, 1 / 8.0);
    loss.positiveWeight(3, 5);
    check(Tensor.of(1, 1), (3 * LOG_4_3 + 5 * LOG_4) / 2, -3 / 8.0, -15 / 8.0);
    assertThat(loss.divisor()).isEqualTo(2);
    loss.positiveWeight(0, 1);
    check(Tensor.of(1, 0), LOG_4_3 / 2, 0, 1 / 8.0);
  }

  @Test
  void weightsBelongToTheLastDimension() {
    Tensor rows = Tensor.of(new double[][] {{0, 0}, {0, 0}});
    loss.positiveWeight(1, 3).forward(rows, Tensor.of(new double[][] {{1, 1}, {0, 1}}));
    assertThat(loss.backward().data())
        .containsExactly(new double[] {-1 / 8.0, -3 / 8.0, 1 / 8.0, -3 / 8.0}, within(1e-16));
  }

  @Test
  void theSumIsTheMeanTimesTheElements() {
    BCEWithLogits sum = new BCEWithLogits(Reduction.SUM);
    assertThat(sum.forward(logits, Tensor.of(1, 0))).isCloseTo(2 * LOG_4_3, within(2e-16));
    assertThat(sum.backward().data())
        .containsExactly(new double[] {-1 / 4.0, 1 / 4.0}, within(1e-16));
    assertThat(sum.divisor()).isEqualTo(1);
  }

  @Test
  void largeLogitsNeitherOverflowNorVanish() {
    BCEWithLogits sum = new BCEWithLogits(Reduction.SUM);
    assertThat(sum.forward(Tensor.of(1e4), Tensor.of(0.0))).isEqualTo(1e4);
    assertThat(sum.backward().data()).containsExactly(1);
    assertThat(sum.forward(Tensor.of(-1e4), Tensor.of(0.0))).isZero();
    assertThat(sum.forward(Tensor.of(-50.0), Tensor.of(0.0)))
        .isCloseTo(StrictMath.exp(-50), within(1e-36));
    assertThat(sum.backward().data()[0]).isCloseTo(StrictMath.exp(-50), within(1e-36));
    assertThat(sum.forward(Tensor.of(50.0), Tensor.of(1.0)))
        .isCloseTo(StrictMath.exp(-50), within(1e-36));
    assertThat(sum.backward().data()[0]).isCloseTo(-StrictMath.exp(-50), within(1e-36));
  }

  @Test
  void certaintyThatIsRightCostsNothing() {
    BCEWithLogits sum = new BCEWithLogits(Reduction.SUM);
    Tensor certain = Tensor.of(INFINITY, -INFINITY);
    assertThat(sum.forward(certain, Tensor.of(1, 0))).isZero();
    assertThat(sum.backward().data()).containsExactly(0, 0);
    assertThat(sum.forward(certain, Tensor.of(0, 1))).isEqualTo(INFINITY);
    assertThat(sum.backward().data()).containsExactly(1, -1);
  }

  @Test
  void nanIsNotHidden() {
    for (double y : new double[] {0, 0.5, 1}) {
      assertThat(loss.forward(Tensor.of(Double.NaN, 1), Tensor.of(y, 1))).isNaN();
      assertThat(loss.backward().data()[0]).isNaN();
    }
  }

  /** Where neither side weighs anything, too. */
  @Test
  void nanIsNotHiddenByAWeightOfZero() {
    loss.positiveWeight(0);
    assertThat(loss.forward(Tensor.of(Double.NaN, 1), Tensor.of(1, 1))).isNaN();
    assertThat(loss.forward(Tensor.of(-INFINITY, 1), Tensor.of(1, 1))).isZero();
  }

  @Test
  void otherTargetsAreRefusedByIndex() {
    for (double bad : new double[] {-0.1, 1.5, Double.NaN}) {
      Tensor target = Tensor.zeros(2, 3).set(bad, 1, 2);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.forward(Tensor.zeros(2, 3), target))
          .withMessage("BCEWithLogits expects targets from 0 to 1 but got " + bad + " at [1, 2]");
    }
    assertThatThrownBy(() -> loss.forward(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("BCEWithLogits expects a target [4, 1] but got [4]");
  }

  @Test
  void weightsForAnotherNumberOfOutputsAreRefused() {
    loss.positiveWeight(1, 2);
    assertThatThrownBy(() -> loss.forward(Tensor.zeros(4, 3), Tensor.zeros(4, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "BCEWithLogits(posWeight [1.0, 2.0]) has 2 positive weights and expects logits […, 2]"
                + " but got [4, 3]");
    assertThatThrownBy(() -> loss.forward(Tensor.zeros(), Tensor.zeros()))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "BCEWithLogits(posWeight [1.0, 2.0]) has 2 positive weights and expects logits […, 2]"
                + " but got []");
  }

  @Test
  void badWeightsChangeNothing() {
    loss.positiveWeight(2);
    for (double bad : new double[] {-0.5, Double.NaN, INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.positiveWeight(9, bad))
          .withMessage("positive weights must be finite and not negative, got " + bad);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(loss::positiveWeight)
        .withMessage("expected a positive weight but got none");
    assertThat(loss).hasToString("BCEWithLogits(posWeight [2.0])");
  }

  private void check(Tensor target, double value, double... gradient) {
    assertThat(loss.forward(logits, target)).isCloseTo(value, within(5e-16));
    assertThat(loss.backward().data()).containsExactly(gradient, within(2e-16));
  }
}
