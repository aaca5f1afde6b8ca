package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private final ConfusionMatrix matrix =
      new ConfusionMatrix(
          Tensor.of(new double[][] {{1, 0, 0}, {0, 2, 1}, {0, 1, 0}, {5, 1, 0}}),
          Tensor.of(0, 1, 0, 0));

  @Test
  void countsAreByActualAndPredictedClass() {
    assertThat(matrix.classes()).isEqualTo(3);
    assertThat(matrix.count(0, 0)).isEqualTo(2);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.count(1, 0)).isZero();
    assertThat(matrix.count(1, 1)).isEqualTo(1);
    assertThat(matrix.accuracy()).isEqualTo(0.75);
    assertThat(matrix.recall(0)).isEqualTo(2.0 / 3);
    assertThat(matrix.precision(1)).isEqualTo(0.5);
    assertThat(matrix.recall(2)).isNaN();
    assertThat(matrix.precision(2)).isNaN();
  }

  @Test
  void printsATableWithTheRecall() {
    assertThat(matrix)
        .hasToString(
            """
            actual | predicted
                   |   0   1   2    found
            -------+---------------------
                 0 |   2   1   .   66.7 %
                 1 |   .   1   .  100.0 %
                 2 |   .   .   .        -
            """);
  }

  @Test
  void wideNumbersWidenTheColumns() {
    Tensor predictions = Tensor.zeros(12_345, 2);
    assertThat(new ConfusionMatrix(predictions, Tensor.zeros(12_345)).toString())
        .contains("     0 | 12345     .  100.0 %\n");
  }

  @Test
  void ofAModelCountsWhatTheModelInfers() {
    Module model = new Linear(4, 3, new Generator(1));
    Tensor inputs = Init.normal(Tensor.zeros(20, 4), 0, 1, new Generator(2));
    Tensor targets = Tensor.zeros(20);
    for (int i = 0; i < 20; i++) {
      targets.set(i % 3, i);
    }
    ConfusionMatrix of = ConfusionMatrix.of(model, new Dataset(inputs, targets));
    assertThat(of.toString())
        .isEqualTo(new ConfusionMatrix(model.infer(inputs), targets).toString());
    assertThat(of.accuracy()).isEqualTo(Metric.accuracy().of(model.infer(inputs), targets));
  }

  @Test
  void aClassThatIsNeverTakenAndOneThatNeverOccurs() {
    Tensor predictions = Tensor.of(new double[][] {{1, 0, 0}, {1, 0, 0}, {0, 0, 1}});
    ConfusionMatrix of = new ConfusionMatrix(predictions, Tensor.of(0, 1, 1));
    assertThat(of.recall(1)).isZero();
    assertThat(of.recall(2)).isNaN();
    assertThat(of.precision(0)).isEqualTo(0.5);
    assertThat(of.precision(1)).isNaN();
    assertThat(of.precision(2)).isZero();
    assertThat(of.accuracy()).isEqualTo(1 / 3.0);
  }

  @Test
  void rowsMayMarkTheClasses() {
    Tensor predictions = Tensor.of(new double[][] {{1, 0, 0}, {0, 0, 1}});
    Tensor rows = Tensor.of(new double[][] {{-1, 1, -1}, {0.1, 0.2, 0.7}});
    ConfusionMatrix of = new ConfusionMatrix(predictions, rows);
    assertThat(of.count(1, 0)).isEqualTo(1);
    assertThat(of.count(2, 2)).isEqualTo(1);
    assertThat(of.accuracy()).isEqualTo(0.5);
  }

  @Test
  void ofNoSampleNothingIsKnown() {
    ConfusionMatrix none = new ConfusionMatrix(Tensor.zeros(0, 2), Tensor.zeros(0));
    assertThat(none.accuracy()).isNaN();
    assertThat(none.count(1, 1)).isZero();
  }

  @Test
  void tenThousandOfAClassNeedAColumnOfSix() {
    for (int n : new int[] {999, 1000, 9999, 10_000}) {
      String cell = String.format("%" + Math.max(4, 1 + Integer.toString(n).length()) + "d", n);
      assertThat(new ConfusionMatrix(Tensor.zeros(n, 2), Tensor.zeros(n)).toString())
          .contains("     0 |" + cell + " ");
    }
  }

  @Test
  void shapesThatDoNotFit() {
    assertThatThrownBy(() -> new ConfusionMatrix(Tensor.zeros(3, 1), Tensor.zeros(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "ConfusionMatrix expects predictions [n, classes] of two classes or more but got"
                + " [3, 1]");
  }

  @Test
  void aPredictionThatIsNone() {
    Tensor predictions = Tensor.zeros(2, 2).set(Double.NaN, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConfusionMatrix(predictions, Tensor.zeros(2)))
        .withMessage("the prediction in row 1 has a NaN");
  }

  @Test
  void classesThatThereAreNotAreRefusedByNumber() {
    ConfusionMatrix matrix = new ConfusionMatrix(Tensor.zeros(1, 3), Tensor.of(2));
    assertThat(matrix.count(2, 0)).isOne();
    for (int none : new int[] {-1, 3, 4}) {
      assertThatThrownBy(() -> matrix.count(none, 0))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("no class " + none + " among 3");
      assertThatThrownBy(() -> matrix.count(0, none)).hasMessage("no class " + none + " among 3");
    }
  }
}
