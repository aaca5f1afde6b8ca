package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the cross-entropy refuses. */
class CrossEntropyInputTest {
  private final CrossEntropy loss = new CrossEntropy();
  private final Tensor logits = Tensor.of(new double[][] {{1, -2, 0.5}, {0, 3, -1}});

  @Test
  void shapesThatDoNotFit() {
    wrongShape(
        Tensor.zeros(), Tensor.zeros(), "CrossEntropy expects logits […, classes] but got []");
    wrongShape(
        Tensor.zeros(2, 4, 3),
        Tensor.zeros(2, 3),
        "CrossEntropy expects class indices [2, 4] or probabilities [2, 4, 3] but got [2, 3]; the"
            + " logits' last dimension is the classes");
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
  void oneOutputIsNoChoiceAmongClasses() {
    String message =
        ": the softmax of one output is 1 whatever it is; use BCEWithLogits, or two outputs";
    for (int[] shape : new int[][] {{4, 1}, {1, 1}, {1}, {2, 3, 1}}) {
      Tensor prediction = Tensor.zeros(shape);
      Tensor indices = Tensor.zeros(Arrays.copyOf(shape, shape.length - 1));
      for (Tensor target : new Tensor[] {prediction.copy(), indices}) {
        String text = Arrays.toString(shape) + message;
        wrongShape(
            prediction,
            target,
            "CrossEntropy expects logits […, classes] of two classes or more but got " + text);
        assertThatThrownBy(() -> loss.divisor(prediction, target))
            .isInstanceOf(ShapeException.class)
            .hasMessageEndingWith(text);
      }
    }
    wrongShape(
        new CrossEntropy(Reduction.SUM).weights(2),
        Tensor.zeros(4, 1),
        Tensor.zeros(4),
        "CrossEntropy(sum, weight [2.0]) expects logits […, classes] of two classes or more but got"
            + " [4, 1]"
            + message);
    wrongShape(
        new CrossEntropy().labelSmoothing(0.1).ignoreIndex(-100),
        Tensor.zeros(4, 1),
        Tensor.full(-100, 4),
        "CrossEntropy(ignoreIndex -100, labelSmoothing 0.1) expects logits […, classes] of two"
            + " classes or more but got [4, 1]"
            + message);
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

  @Test
  void indicesAndProbabilitiesOfStepsThatAreNoneAreNamedByRowAndStep() {
    Tensor steps = Tensor.zeros(2, 4, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.forward(steps, Tensor.zeros(2, 4).set(3, 1, 2)))
        .withMessage(
            "CrossEntropy expects class indices 0 to 2 (3 classes) but got 3.0 in row [1, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.forward(steps, Tensor.zeros(2, 4, 3).set(-1, 1, 2, 1)))
        .withMessage("CrossEntropy expects probabilities but got -1.0 for class 1 in row [1, 2]");
  }

  @Test
  void anIndexThatIsNeitherAClassNorIgnored() {
    loss.ignoreIndex(-100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.forward(logits, Tensor.of(-100, -1)))
        .withMessage(
            "CrossEntropy(ignoreIndex -100) expects class indices 0 to 2 (3 classes) but got -1.0"
                + " in row 1");
  }

  @Test
  void probabilitiesWhereAClassIsIgnored() {
    Tensor probabilities = Tensor.full(0.5, 2, 3);
    for (int index : new int[] {0, 2, 50}) {
      loss.ignoreIndex(index);
      wrongShape(
          logits,
          probabilities,
          loss + " expects class indices [2], one of which it ignores, but got [2, 3]");
    }
    assertThat(loss.ignoreIndex(-1).forward(logits, probabilities)).isPositive();
  }

  @Test
  void aMeanOverNothingIsRefused() {
    String message =
        " expects a target that counts but all are ignored or weigh nothing (divisor 0.0): a mean"
            + " over nothing is no number";
    loss.ignoreIndex(-100).forward(logits, Tensor.of(-100, 1));
    double[] gradient = loss.backward().data();
    Tensor nothing = Tensor.of(-100, -100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.forward(logits, nothing))
        .withMessage("CrossEntropy(ignoreIndex -100)" + message);
    assertThat(loss.divisor(logits, nothing)).isZero();
    assertThat(loss.backward().data()).containsExactly(gradient);
    assertThat(loss.divisor()).isEqualTo(1);

    CrossEntropy weighted = new CrossEntropy().weights(0, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> weighted.forward(logits, Tensor.of(0, 0)))
        .withMessage("CrossEntropy(weight [0.0, 1.0, 1.0])" + message);

    CrossEntropy sum = new CrossEntropy(Reduction.SUM).ignoreIndex(-100);
    assertThat(sum.forward(logits, nothing)).isZero();
    assertThat(sum.backward().data()).containsOnly(0);
  }

  @Test
  void smoothedRowsWhoseClassesWeighNothingAreRefused() {
    CrossEntropy smoothed =
        new CrossEntropy().weights(0, 1, 1).labelSmoothing(0.5).ignoreIndex(-100);
    String message =
        smoothed
            + " expects a class that weighs something: label smoothing gives the rows of this batch"
            + " a sum, but their weights, by which it is divided, are all 0";
    for (Tensor target : new Tensor[] {Tensor.of(0, 0), Tensor.of(0, -100)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> smoothed.forward(logits, target))
          .withMessage(message);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> smoothed.divisor(logits, target))
          .withMessage(message);
    }
    assertThat(smoothed.divisor(logits, Tensor.of(-100, -100))).isZero();
    assertThat(smoothed.divisor(logits, Tensor.of(0, 2))).isEqualTo(1);
  }

  @Test
  void weightsForAnotherNumberOfClassesAreRefused() {
    loss.weights(1, 2);
    String message =
        "CrossEntropy(weight [1.0, 2.0]) has 2 class weights and expects logits […, 2] but got ";
    wrongShape(logits, Tensor.of(0, 1), message + "[2, 3]");
    wrongShape(Tensor.zeros(1), Tensor.zeros(), message + "[1]");
  }

  @Test
  void badWeightsChangeNothing() {
    loss.weights(1, 2, 3);
    for (double bad : new double[] {-0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> loss.weights(9, bad, 9))
          .withMessage(
              "class weights must be finite and not negative, got " + bad + " for class 1");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.weights(0, 0))
        .withMessage("class weights must not all be 0, got [0.0, 0.0]");
    assertThatIllegalArgumentException()
        .isThrownBy(loss::weights)
        .withMessage("class weights must not all be 0, got []");
    assertThat(loss).hasToString("CrossEntropy(weight [1.0, 2.0, 3.0])");
  }

  private void wrongShape(Tensor prediction, Tensor target, String message) {
    wrongShape(loss, prediction, target, message);
  }

  private static void wrongShape(Loss loss, Tensor prediction, Tensor target, String message) {
    assertThatThrownBy(() -> loss.forward(prediction, target))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }
}
