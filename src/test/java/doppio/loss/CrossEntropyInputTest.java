package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

/** What the cross-entropy refuses. */
class CrossEntropyInputTest {
  private final CrossEntropy loss = new CrossEntropy();
  private final Tensor logits = Tensor.of(new double[][] {{1, -2, 0.5}, {0, 3, -1}});

  @Test
  void shapesThatDoNotFit() {
    wrongShape(
        Tensor.zeros(2, 3, 4),
        Tensor.zeros(2, 3),
        "CrossEntropy expects logits [n, classes] or [classes] but got [2, 3, 4]");
    wrongShape(
        Tensor.zeros(),
        Tensor.zeros(),
        "CrossEntropy expects logits [n, classes] or [classes] but got []");
    wrongShape(
        Tensor.zeros(4, 3),
        Tensor.zeros(3),
        "CrossEntropy expects class indices [4] or probabilities [4, 3] but got [3]");
    wrongShape(
        Tensor.zeros(4, 3),
        Tensor.zeros(4, 1),
        "CrossEntropy expects class indices [4] or probabilities [4, 3] but got [4, 1]");
    wrongShape(
        Tensor.zeros(4, 3),
        Tensor.zeros(),
        "CrossEntropy expects class indices [4] or probabilities [4, 3] but got []");
    wrongShape(
        Tensor.zeros(3),
        Tensor.zeros(1),
        "CrossEntropy expects class indices [] or probabilities [3] but got [1]");
  }

  @Test
  void indicesThatAreNone() {
    for (double bad : new double[] {3, -1, 0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.forward(logits, Tensor.of(2, bad)))
          .withMessage(
              "CrossEntropy expects class indices 0 to 2 (3 classes) but got " + bad + " in row 1");
    }
  }

  @Test
  void probabilitiesThatAreNone() {
    for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Tensor target = Tensor.full(0.5, 2, 3).set(bad, 1, 2);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.forward(logits, target))
          .withMessage(
              "CrossEntropy expects probabilities but got " + bad + " for class 2 in row 1");
    }
  }

  @Test
  void badSmoothingChangesNothing() {
    loss.labelSmoothing(0.1);
    double value = loss.forward(logits, Tensor.of(0, 2));
    for (double bad : new double[] {-0.1, 1.5, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.labelSmoothing(bad))
          .withMessage("label smoothing must be in [0, 1], got " + bad);
    }
    assertThat(loss.forward(logits, Tensor.of(0, 2))).isEqualTo(value);
  }

  private void wrongShape(Tensor prediction, Tensor target, String message) {
    assertThatThrownBy(() -> loss.forward(prediction, target))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }
}
