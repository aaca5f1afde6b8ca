package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private final ConfusionMatrix matrix =
      new ConfusionMatrix(
          Tensor.of(new double[][] {{1, 0, 0}, {0, 2, 1}, {0, 1, 0}, {5, 1, 0}}),
          Tensor.of(0, 1, 0, 0));

  @Test
  void counts() {
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
  void prints() {
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
  void ofAModel() {
    Problem problem = new Problem(1);
    ConfusionMatrix of = ConfusionMatrix.of(problem.model, Problem.DATA);
    Tensor predictions = problem.model.infer(Problem.DATA.inputs());
    assertThat(of.accuracy()).isEqualTo(Metric.accuracy().of(predictions, Problem.DATA.targets()));
  }

  @Test
  void aPredictionThatIsNone() {
    Tensor predictions = Tensor.zeros(2, 2).set(Double.NaN, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConfusionMatrix(predictions, Tensor.zeros(2)))
        .withMessage("the prediction in row 1 has a NaN");
  }
}
