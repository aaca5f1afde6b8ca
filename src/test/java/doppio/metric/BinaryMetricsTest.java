package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.loss.BCEWithLogits;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.optim.SGD;
import doppio.train.History;
import doppio.train.Trainer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures are those of scikit-learn 1.9.1. */
class BinaryMetricsTest {
  record Case(Tensor targets, Tensor scores, double auc, double precision, double logLoss) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            Tensor.of(0, 1, 0, 1, 1, 0, 1),
            Tensor.of(0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.35),
            0.7916666666666666,
            0.7916666666666666,
            0.5932165992967813),
        new Case(Tensor.of(0, 1), Tensor.of(1, 0), 0, 0.5, 36.04365338911715),
        new Case(Tensor.of(1, 1, 1), Tensor.of(0.2, 0.7, 0.7), Double.NaN, 1, 0.7742626001038552),
        new Case(Tensor.of(0, 0, 0), Tensor.of(0.1, 0.5, 0.1), Double.NaN, 0, 0.3012894039585326),
        new Case(
            Tensor.of(1, 0, 0, 0, 1, 0, 0, 1, 0, 0),
            Tensor.of(0.9, 0.9, 0.1, 0.2, 0.5, 0.5, 0.5, 0.5, 0.05, 0.3),
            0.7857142857142857,
            0.5,
            0.5917006636189972));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void figuresAreThoseOfScikitLearn(Case c) {
    Tensor scores = c.scores;
    Tensor targets = c.targets;
    int n = scores.size();
    Tensor two = Tensor.zeros(n, 2);
    for (int i = 0; i < n; i++) {
      two.set(1 - scores.get(i), i, 0);
      two.set(scores.get(i), i, 1);
    }
    assertThat(Metric.rocAuc().of(scores, targets)).isEqualTo(c.auc, within(1e-15));
    assertThat(Metric.rocAuc().of(two, targets)).isEqualTo(c.auc, within(1e-15));
    Tensor marked = Tensor.zeros(n, 2);
    for (int i = 0; i < n; i++) {
      marked.set(1, i, (int) targets.data()[i]);
    }
    assertThat(Metric.rocAuc().of(two, marked)).isEqualTo(c.auc, within(1e-15));
    assertThat(Metric.averagePrecision().of(scores.reshape(n, 1), targets.reshape(n, 1)))
        .isEqualTo(c.precision, within(1e-15));
    assertThat(Metric.logLoss().of(scores, targets)).isEqualTo(c.logLoss, within(1e-13));
    assertThat(Metric.logLoss().of(two, targets)).isEqualTo(c.logLoss, within(1e-13));
  }

  @Test
  void theLogLossOfSeveralClassesIsThatOfScikitLearn() {
    Tensor p =
        Tensor.of(new double[][] {{0.2, 0.3, 0.5}, {1, 0, 0}, {0.1, 0.8, 0.1}, {0.25, 0.25, 0.5}});
    assertThat(Metric.logLoss().of(p, Tensor.of(2, 1, 1, 0)))
        .isEqualTo(9.5865596205278, within(1e-13));
  }

  /** 0.3 of 0.6 is a half, and 0.5 of 0.75 two thirds. */
  @Test
  void theLogLossDividesByTheSumOfARow() {
    Tensor p = Tensor.of(new double[][] {{0.2, 0.3, 0.1}, {0.5, 0.125, 0.125}});
    assertThat(Metric.logLoss().of(p, Tensor.of(1, 0)))
        .isEqualTo((Math.log(2) + Math.log(1.5)) / 2, within(1e-15));
  }

  @Test
  void theRootMeanSquaredErrorIsThatOfScikitLearn() {
    assertThat(Metric.rootMeanSquaredError().of(Tensor.of(1.5, 2, 2), Tensor.of(1, 2, 4)))
        .isEqualTo(1.1902380714238083);
  }

  @Test
  void binaryAccuracyCountsWhatLiesOnTheRightSideOfTheThreshold() {
    Tensor logits = Tensor.of(-1, 0, 0.4, 3);
    Tensor targets = Tensor.of(0, 0, 1, 0);
    assertThat(Metric.binaryAccuracy(0).of(logits, targets)).isEqualTo(0.75);
    assertThat(Metric.binaryAccuracy(0.5).of(logits, targets)).isEqualTo(0.5);
  }

  /** Five lie above 0.35, and three of them are among the four that are positive. */
  @Test
  void precisionRecallAndF1AreThoseOfWhatLiesAboveTheThreshold() {
    Tensor targets = Tensor.of(0, 1, 0, 1, 1, 0, 1);
    Tensor scores = Tensor.of(0.1, 0.4, 0.36, 0.8, 0.4, 0.4, 0.35);
    assertThat(Metric.precision(0.35).of(scores, targets)).isEqualTo(3 / 5.0);
    assertThat(Metric.recall(0.35).of(scores, targets)).isEqualTo(3 / 4.0);
    assertThat(Metric.f1(0.35).of(scores, targets)).isEqualTo(6 / 9.0);
    assertThat(Metric.precision(0.4).of(scores, targets)).isEqualTo(1);
    assertThat(Metric.recall(0.4).of(scores, targets)).isEqualTo(1 / 4.0);
    assertThat(Metric.f1(0.4).of(scores, targets)).isEqualTo(2 / 5.0);
  }

  /** As scikit-learn has it with zero_division=0. */
  @Test
  void ofNothingTakenOrNothingPositiveTheyAreZero() {
    Tensor none = Tensor.of(0, 0, 0);
    Tensor all = Tensor.of(1, 1, 1);
    for (Tensor scores : new Tensor[] {none, all}) {
      for (Tensor targets : new Tensor[] {none, all}) {
        double expected = scores == all && targets == all ? 1 : 0;
        assertThat(Metric.precision(0.5).of(scores, targets)).isEqualTo(expected);
        assertThat(Metric.recall(0.5).of(scores, targets)).isEqualTo(expected);
        assertThat(Metric.f1(0.5).of(scores, targets)).isEqualTo(expected);
      }
    }
  }

  @Test
  void theyAreThoseOfTheReportOfTwoOutputs() {
    Tensor logits = Tensor.of(new double[][] {{1, 2}, {3, -1}, {0, 0.5}, {0, 0}, {2, 5}});
    Tensor targets = Tensor.of(1, 1, 0, 0, 1);
    Report.Scores scores = new Report(new ConfusionMatrix(logits, targets)).of(1);
    assertThat(Metric.precision(0).of(logits, targets)).isEqualTo(scores.precision());
    assertThat(Metric.recall(0).of(logits, targets)).isEqualTo(scores.recall());
    assertThat(Metric.f1(0).of(logits, targets)).isEqualTo(scores.f1());
  }

  @Test
  void aTrainerTakesThem() {
    Dataset data =
        new Dataset(Tensor.of(new double[][] {{0}, {1}}), Tensor.of(new double[][] {{0}, {1}}));
    Module model = new Linear(1, 1, new Generator(1));
    History history =
        new Trainer(model, new BCEWithLogits(), new SGD(model.parameters(), 0.1))
            .validation(data)
            .metric("precision", Metric.precision(0))
            .metric("recall", Metric.recall(0))
            .metric("f1", Metric.f1(0))
            .metric("accuracy", Metric.binaryAccuracy(0))
            .metric("auc", Metric.rocAuc())
            .fit(data);
    assertThat(history.last().metrics())
        .containsOnlyKeys("precision", "recall", "f1", "accuracy", "auc");
  }

  @Test
  void whatIsNoScoreOrNoTargetIsRefused() {
    Tensor targets = Tensor.of(0, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metric.rocAuc().of(Tensor.of(0, Double.NaN), targets))
        .withMessage("the prediction in row 1 has a NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metric.averagePrecision().of(targets, Tensor.of(0, 2)))
        .withMessageContaining("the target in row 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metric.logLoss().of(Tensor.of(0, 1.5), targets))
        .withMessage("log loss expects probabilities but got 1.5 in row 1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Metric.logLoss().of(Tensor.of(0.7, -0.1, 0.4).reshape(1, 3), Tensor.of(0)))
        .withMessage("log loss expects probabilities but got -0.1 in row 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metric.rocAuc().of(Tensor.zeros(0), Tensor.zeros(0)))
        .isInstanceOf(ShapeException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Metric.logLoss().of(Tensor.zeros(3, 3), targets))
        .isInstanceOf(ShapeException.class);
  }
}
