package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static final Tensor LOGITS =
      Tensor.of(
          new double[][] {
            {3, 2, 1, 0}, {0, 1, 5, 5}, {-1, -2, -3, -4}, {0, Double.NaN, 9, 0}, {1, 1, 1, 1}
          });

  @Test
  void accuracyIsOfTheFirstLargestOutput() {
    assertThat(Metric.accuracy().of(LOGITS, Tensor.of(0, 2, 1, 2, 0))).isEqualTo(0.6);
    assertThat(Metric.accuracy().of(LOGITS, Tensor.of(0, 3, 0, 0, 1))).isEqualTo(0.4);
    Tensor rows = Tensor.full(-1, 5, 4);
    rows.set(1, 0, 0).set(1, 1, 3).set(1, 2, 0).set(1, 3, 2).set(1, 4, 0);
    assertThat(Metric.accuracy().of(LOGITS, rows)).isEqualTo(0.6);
  }

  @Test
  void topKCountsTheKLargest() {
    Tensor targets = Tensor.of(1, 3, 2, 2, 3);
    double[] expected = {0, 0.4, 0.6, 0.8, 0.8};
    for (int k = 1; k <= 5; k++) {
      assertThat(Metric.topK(k).of(LOGITS, targets)).as("k = %d", k).isEqualTo(expected[k - 1]);
    }
    Tensor first = Tensor.of(0, 2, 1, 2, 0);
    assertThat(Metric.topK(1).of(LOGITS, first)).isEqualTo(Metric.accuracy().of(LOGITS, first));
  }

  @Test
  void everyRoundedOutputHasToEqualItsTarget() {
    Tensor predictions =
        Tensor.of(
            new double[][] {{0.4, 0.51}, {0.5, 1.5}, {-0.4, 1.49}, {0.6, 1}, {Double.NaN, 1}});
    Tensor targets = Tensor.of(new double[][] {{0, 1}, {0, 2}, {0, 1}, {0, 1}, {0, 1}});
    assertThat(Metric.roundedAccuracy().of(predictions, targets)).isEqualTo(0.6);
    assertThat(Metric.roundedAccuracy().of(Tensor.of(0.9, 1.6), Tensor.of(1, 1))).isEqualTo(0.5);
  }

  @Test
  void meanAbsoluteErrorIsOverAllElements() {
    Tensor predictions = Tensor.of(new double[][] {{1, 2}, {3, -4}});
    Tensor targets = Tensor.of(new double[][] {{0, 4}, {3, 1}});
    assertThat(Metric.meanAbsoluteError().of(predictions, targets)).isEqualTo(2);
  }

  /** The first two numbers are those of scikit-learn's documentation of r2_score. */
  @Test
  void rSquaredIsThatOfScikitLearn() {
    Metric r2 = Metric.rSquared();
    assertThat(r2.of(Tensor.of(2.5, 0, 2, 8), Tensor.of(3, -0.5, 2, 7)))
        .isCloseTo(0.9486081370449679, within(1e-15));
    Tensor targets = Tensor.of(new double[][] {{0.5, 1}, {-1, 1}, {7, -6}});
    Tensor predictions = Tensor.of(new double[][] {{0, 2}, {-1, 2}, {8, -5}});
    assertThat(r2.of(predictions, targets)).isCloseTo(0.936800526662, within(1e-11));
    assertThat(r2.of(Tensor.of(2, 2, 2), Tensor.of(1, 2, 3))).isZero();
    assertThat(r2.of(Tensor.of(3, 2, 1), Tensor.of(1, 2, 3))).isEqualTo(-3);
    assertThat(r2.of(Tensor.of(0.1, 0.1, 0.1), Tensor.of(0.1, 0.1, 0.1))).isEqualTo(1);
    assertThat(r2.of(Tensor.of(0.1, 0.1, 0.2), Tensor.of(0.1, 0.1, 0.1))).isZero();
  }

  @Test
  void shapesThatDoNotFit() {
    refused(
        Metric.accuracy(),
        Tensor.zeros(3, 1),
        Tensor.zeros(3),
        "accuracy expects predictions [n, classes] of two classes or more but got [3, 1]");
    refused(
        Metric.topK(2),
        Tensor.zeros(3, 4),
        Tensor.zeros(2),
        "top-2 expects targets [3] or [3, 4] but got [2]");
    refused(
        Metric.accuracy(),
        Tensor.zeros(0, 4),
        Tensor.zeros(0),
        "accuracy expects at least one sample but got [0]");
    String same = " expects predictions and targets of one shape [n, ...] but got [3, 1] and [3]";
    refused(Metric.rSquared(), Tensor.zeros(3, 1), Tensor.zeros(3), "R²" + same);
    refused(
        Metric.meanAbsoluteError(),
        Tensor.zeros(3, 1),
        Tensor.zeros(3),
        "mean absolute error" + same);
    refused(
        Metric.roundedAccuracy(), Tensor.zeros(3, 1), Tensor.zeros(3), "rounded accuracy" + same);
    for (Metric metric :
        List.of(Metric.rSquared(), Metric.meanAbsoluteError(), Metric.roundedAccuracy())) {
      assertThatThrownBy(() -> metric.of(Tensor.zeros(0, 2), Tensor.zeros(0, 2)))
          .isInstanceOf(ShapeException.class)
          .hasMessageEndingWith(" expects at least one sample but got [0, 2]");
    }
  }

  @Test
  void targetsThatAreNoClass() {
    for (double bad : new double[] {-1, 4, 0.5, Double.NaN}) {
      assertThatThrownBy(() -> Metric.accuracy().of(LOGITS, Tensor.of(0, 0, bad, 0, 0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the target in row 2 must be a whole number in [0, 4), got " + bad);
    }
    Tensor rows = Tensor.zeros(5, 4).set(Double.NaN, 1, 2);
    assertThatThrownBy(() -> Metric.accuracy().of(LOGITS, rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the target in row 1 has a NaN");
  }

  private static void refused(Metric metric, Tensor predictions, Tensor targets, String message) {
    assertThatThrownBy(() -> metric.of(predictions, targets))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }
}
