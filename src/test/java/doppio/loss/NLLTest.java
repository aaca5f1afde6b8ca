package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.nn.LogSoftmax;
import org.junit.jupiter.api.Test;

class NLLTest {
  private static final String NOTHING_COUNTS =
      " expects a target that counts but all are ignored or weigh nothing (divisor 0.0): a mean"
          + " over nothing is no number";

  private final Tensor x = Tensor.of(new double[][] {{-1, -2, -4}, {-3, -0.5, -1}});
  private final NLL loss = new NLL();

  @Test
  void theMeanOverTheRowsIsTheOneWorkedByHand() {
    check(Tensor.of(0, 2), 2, 2, -0.5, 0, 0, 0, 0, -0.5);
  }

  @Test
  void theMeanDividesByTheWeightsThatCounted() {
    loss.weights(1, 2, 3);
    check(Tensor.of(0, 2), 1 + 3, 4, -0.25, 0, 0, 0, 0, -0.75);
    check(Tensor.of(1, 1), 4 + 1, 4, 0, -0.5, 0, 0, -0.5, 0);
  }

  @Test
  void anIgnoredRowCountsForNothing() {
    loss.ignoreIndex(-100);
    check(Tensor.of(-100, 1), 0.5, 1, 0, 0, 0, 0, -1, 0);
    loss.weights(1, 2, 3);
    check(Tensor.of(-100, 1), 1, 2, 0, 0, 0, 0, -1, 0);
    loss.ignoreIndex(1);
    check(Tensor.of(2, 1), 12, 3, 0, 0, -1, 0, 0, 0);
  }

  @Test
  void theSumCountsWeightsAndLeavesOutIgnoredRows() {
    NLL sum = new NLL(Reduction.SUM).weights(1, 2, 3).ignoreIndex(7);
    assertThat(sum.forward(x, Tensor.of(7, 2))).isEqualTo(3);
    assertThat(sum.backward().data()).containsExactly(0, 0, 0, 0, 0, -3);
    assertThat(sum.divisor()).isEqualTo(1);
    assertThat(sum.forward(x, Tensor.of(7, 7))).isZero();
  }

  @Test
  void ofTheLogarithmOfASoftmaxItIsTheCrossEntropy() {
    Tensor logits = RandomTensors.normal(1, 7, 4, 5);
    Tensor target = Tensor.zeros(7, 4);
    for (int i = 0; i < target.size(); i++) {
      target.data()[i] = i % 7 == 6 ? -1 : i % 5;
    }
    double[] weights = {1, 0.5, 2, 0, 3};
    LogSoftmax softmax = new LogSoftmax();
    CrossEntropy both = new CrossEntropy().weights(weights).ignoreIndex(-1);
    loss.weights(weights).ignoreIndex(-1);
    double value = loss.forward(softmax.forward(logits), target);
    assertThat(value).isCloseTo(both.forward(logits, target), within(1e-14));
    assertThat(softmax.backward(loss.backward()).data())
        .containsExactly(both.backward().data(), within(1e-15));
  }

  @Test
  void whatDoesNotCountMayBeInfinite() {
    Tensor spoilt = x.copy().set(Double.NEGATIVE_INFINITY, 0, 1).set(Double.NaN, 0, 2);
    loss.weights(1, 0, 1).ignoreIndex(2);
    check(spoilt, Tensor.of(1, 0), 3, 1, 0, 0, 0, -1, 0, 0);
    check(spoilt, Tensor.of(2, 0), 3, 1, 0, 0, 0, -1, 0, 0);
    assertThat(loss.forward(spoilt.set(Double.NaN, 1, 0), Tensor.of(1, 0))).isNaN();
    assertThat(new NLL().forward(spoilt, Tensor.of(1, 1))).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void aSingleRowAndStepsAreTaken() {
    assertThat(loss.forward(Tensor.of(-1, -2), Tensor.wrap(new double[] {1}))).isEqualTo(2);
    assertThat(loss.forward(x.reshape(1, 2, 3), Tensor.of(new double[][] {{0, 2}}))).isEqualTo(1);
    assertThat(loss.forward(Tensor.of(new double[][] {{-7}}), Tensor.of(0.0))).isEqualTo(7);
  }

  @Test
  void aMeanOverNothingIsRefused() {
    loss.ignoreIndex(-100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.forward(x, Tensor.of(-100, -100)))
        .withMessage("NLL(ignoreIndex -100)" + NOTHING_COUNTS);
  }

  @Test
  void indicesThatAreNoneAreRefused() {
    for (double bad : new double[] {3, -1, 0.5, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.forward(x, Tensor.of(2, bad)))
          .withMessage("NLL expects class indices 0 to 2 (3 classes) but got " + bad + " in row 1");
    }
  }

  @Test
  void otherShapesAreRefused() {
    refused(x, Tensor.zeros(3), "NLL expects class indices [2] but got [3]");
    refused(x, Tensor.zeros(2, 3), "NLL expects class indices [2] but got [2, 3]");
    refused(
        Tensor.zeros(2, 3, 4),
        Tensor.zeros(2, 4),
        "NLL expects class indices [2, 3] but got [2, 4]; the log-probabilities' last dimension is"
            + " the classes");
    refused(
        Tensor.zeros(), Tensor.zeros(), "NLL expects log-probabilities […, classes] but got []");
    loss.weights(1, 2);
    refused(
        x,
        Tensor.zeros(2),
        "NLL(weight [1.0, 2.0]) has 2 class weights and expects log-probabilities […, 2] but got"
            + " [2, 3]");
  }

  @Test
  void badWeightsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.weights(9, -0.5))
        .withMessage("class weights must be finite and not negative, got -0.5 for class 1");
  }

  private void check(Tensor target, double sum, double divisor, double... gradient) {
    check(x, target, sum, divisor, gradient);
  }

  private void check(Tensor x, Tensor target, double sum, double divisor, double... gradient) {
    assertThat(loss.divisor(x, target)).isEqualTo(divisor);
    assertThat(loss.forward(x, target)).isEqualTo(sum / divisor);
    assertThat(loss.sum()).isEqualTo(sum);
    assertThat(loss.backward().data()).containsExactly(gradient);
  }

  private void refused(Tensor prediction, Tensor target, String message) {
    assertThatThrownBy(() -> loss.forward(prediction, target))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }
}
