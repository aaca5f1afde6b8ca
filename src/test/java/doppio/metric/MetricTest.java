package doppio.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
  void accuracyOverStepsCountsEveryStep() {
    Tensor steps = Tensor.wrap(new double[] {2, 1, 0, 3, 5, 4, 1, 1, 7, 6, 0, 1}, 2, 3, 2);
    Tensor targets = Tensor.of(new double[][] {{0, 1, 1}, {0, 0, 0}});
    assertThat(Metric.accuracy().of(steps, targets)).isEqualTo(4 / 6.0);
    Tensor rows = Tensor.wrap(new double[] {1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0}, 2, 3, 2);
    assertThat(Metric.accuracy().of(steps, rows)).isEqualTo(4 / 6.0);
    assertThat(Metric.topK(1).of(steps, targets)).isEqualTo(4 / 6.0);
    assertThat(Metric.topK(2).of(steps, targets)).isEqualTo(1);
    ConfusionMatrix matrix = new ConfusionMatrix(steps, targets);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.accuracy()).isEqualTo(4 / 6.0);
  }

  /** As {@code CrossEntropy.ignoreIndex}: neither right nor wrong. */
  @Test
  void accuracyLeavesOutTheIndexToIgnore() {
    Tensor steps = Tensor.wrap(new double[] {2, 1, 0, 3, 5, 4, 1, 1, 7, 6, 0, 1}, 2, 3, 2);
    Tensor targets = Tensor.of(new double[][] {{0, -100, -100}, {1, 0, -100}});
    assertThat(Metric.accuracy(-100).of(steps, targets)).isEqualTo(2 / 3.0);
    assertThat(Metric.accuracy(0).of(LOGITS, Tensor.of(0, 2, 1, 0, 0))).isEqualTo(0.5);
    assertThat(Metric.accuracy(-100).of(steps, Tensor.full(-100, 2, 3))).isNaN();
    // A row that marks its class has no index.
    Tensor two = Tensor.of(new double[][] {{2, 1}, {2, 1}});
    Tensor marks = Tensor.of(new double[][] {{0, 1}, {1, 0}});
    assertThat(Metric.accuracy(0).of(two, marks)).isEqualTo(0.5);
    assertThat(Metric.accuracy(-100)).hasToString("accuracy");
    assertThatThrownBy(() -> Metric.accuracy(-1).of(steps, targets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the target in row [0, 1] must be a whole number in [0, 2), got -100.0");
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void accuracyOverStepsIsThatOfTheSameRows(
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll @IntRange(min = 1, max = 9) int t,
      @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor steps = Tensor.zeros(n, t, classes);
    random.uniform(steps.data(), 0, 3);
    Tensor targets = Tensor.zeros(n, t);
    random.uniform(targets.data(), -1, classes);
    for (int i = 0; i < n * t; i++) {
      targets.data()[i] = Math.floor(targets.data()[i]);
    }
    double expected = Metric.accuracy(-1).of(steps.reshape(n * t, classes), targets.reshape(n * t));
    assertThat(Metric.accuracy(-1).of(steps, targets)).isEqualTo(Double.valueOf(expected));
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
  void ofEqualOutputsTheFirstIsTheLarger() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(places(infinity, infinity, 0)).containsExactly(1, 2, 3);
    assertThat(places(-infinity, -infinity, 0)).containsExactly(2, 3, 1);
    assertThat(places(0, -infinity, infinity, -infinity)).containsExactly(2, 3, 1, 4);
    assertThat(places(infinity, -infinity)).containsExactly(1, 2);
    assertThat(places(5, 5, 5)).containsExactly(1, 2, 3);
    assertThat(places(0.0, -0.0, 0.0)).containsExactly(1, 2, 3);
    assertThat(places(1, 2, 2, 1, 3)).containsExactly(4, 2, 3, 5, 1);
    double max = Double.MAX_VALUE;
    assertThat(places(-max, max, -max)).containsExactly(2, 1, 3);
    assertThat(places(0, Double.MIN_VALUE)).containsExactly(2, 1);
  }

  @Test
  void anOutputThatIsNanIsNotAmongTheLargest() {
    Tensor one = Tensor.of(new double[][] {{1, Double.NaN, 3}});
    for (int k = 1; k <= 4; k++) {
      for (int target = 0; target < 3; target++) {
        assertThat(Metric.topK(k).of(one, Tensor.of(target))).isZero();
      }
    }
  }

  /** For each class of one sample the least k whose top-k counts it as right. */
  private static int[] places(double... outputs) {
    Tensor prediction = Tensor.of(new double[][] {outputs});
    int[] places = new int[outputs.length];
    for (int c = 0; c < outputs.length; c++) {
      Tensor target = Tensor.of(c);
      for (int k = outputs.length; k >= 1; k--) {
        double part = Metric.topK(k).of(prediction, target);
        places[c] = part == 1 ? k : places[c];
        assertThat(part).isIn(0.0, 1.0);
      }
      double first = places[c] == 1 ? 1 : 0;
      assertThat(Metric.accuracy().of(prediction, target)).isEqualTo(first);
    }
    return places;
  }

  @Test
  void atLeastOneOutputHasToBeAskedFor() {
    assertThatThrownBy(() -> Metric.topK(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k must be at least 1, got 0");
  }

  @Test
  void metricsPrintTheirNames() {
    assertThat(
            List.of(
                Metric.accuracy(),
                Metric.roundedAccuracy(),
                Metric.topK(3),
                Metric.meanAbsoluteError(),
                Metric.rSquared()))
        .hasToString("[accuracy, rounded accuracy, top-3, mean absolute error, R²]");
  }

  @Test
  void everyRoundedOutputHasToEqualItsTarget() {
    Tensor predictions =
        Tensor.of(
            new double[][] {{0.4, 0.51}, {0.5, 1.5}, {-0.4, 1.49}, {0.6, 1}, {Double.NaN, 1}});
    Tensor targets = Tensor.of(new double[][] {{0, 1}, {0, 2}, {0, 1}, {0, 1}, {0, 1}});
    assertThat(Metric.roundedAccuracy().of(predictions, targets)).isEqualTo(0.6);
    assertThat(Metric.roundedAccuracy().of(Tensor.of(0.9, 1.6), Tensor.of(1, 1))).isEqualTo(0.5);
    Tensor firstWrong = Tensor.of(new double[][] {{0, 5}, {1, 1}});
    Tensor right = Tensor.of(new double[][] {{0, 1}, {1, 1}});
    assertThat(Metric.roundedAccuracy().of(firstWrong, right)).isEqualTo(0.5);
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
  void meanAbsoluteErrorOfTenMillionElementsIsExact() {
    int n = 10_000_000;
    double mean = Metric.meanAbsoluteError().of(Tensor.full(0.1, n), Tensor.zeros(n));
    assertThat(mean).isCloseTo(0.1, within(2e-17));
  }

  /** scikit-learn: not defined for fewer than two samples, and NaN. */
  @Test
  void rSquaredOfOneSampleIsNoNumber() {
    Metric r2 = Metric.rSquared();
    assertThat(r2.of(Tensor.of(1), Tensor.of(1))).isNaN();
    assertThat(r2.of(Tensor.of(1), Tensor.of(3))).isNaN();
    assertThat(r2.of(Tensor.zeros(1, 3), Tensor.full(2, 1, 3))).isNaN();
    assertThat(r2.of(Tensor.of(1, 3), Tensor.of(1, 3))).isEqualTo(1);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void rSquaredIsThatOfBigDecimal(
      @ForAll @IntRange(min = 2, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 3) int outputs,
      @ForAll @IntRange(min = -320, max = 300) int exponent,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    double size = Math.pow(10, exponent);
    Tensor targets = Tensor.zeros(n, outputs);
    Tensor predictions = Tensor.zeros(n, outputs);
    random.uniform(targets.data(), 1000, 1003);
    random.uniform(predictions.data(), -1, 1);
    for (int i = 0; i < targets.size(); i++) {
      targets.data()[i] *= size;
      predictions.data()[i] = targets.data()[i] + size * predictions.data()[i];
    }
    double expected = exact(predictions, targets);
    assertThat(Metric.rSquared().of(predictions, targets))
        .isCloseTo(expected, within(1e-13 * Math.max(1, Math.abs(expected))));
  }

  @Test
  void rSquaredOfLargeNumbersThatHardlyDifferIsRight() {
    double[] y = {1e15, 1e15 + 1, 1e15 + 2.5, 1e15 - 7, 1e15 + 0.125};
    double[] p = {1e15 + 0.5, 1e15 + 1, 1e15 + 2, 1e15 - 7, 1e15};
    double expected = exact(Tensor.of(p), Tensor.of(y));
    assertThat(Metric.rSquared().of(Tensor.of(p), Tensor.of(y))).isCloseTo(expected, within(1e-15));
  }

  @Test
  void rSquaredOfTheLargestAndTheSmallestNumbersIsRight() {
    for (double size : new double[] {Double.MAX_VALUE, 1e155, 1e-162, 5 * Double.MIN_VALUE}) {
      Tensor targets = Tensor.of(size, -size, -size, size);
      Tensor predictions = Tensor.of(size, size, -size, size);
      // Residuals 0, 2, 0, 0 around deviations of 1.
      assertThat(Metric.rSquared().of(predictions, targets)).as("%s", size).isZero();
      assertThat(Metric.rSquared().of(targets, targets)).isEqualTo(1);
    }
  }

  @Test
  void nanIsNotHidden() {
    Tensor ones = Tensor.of(1, 1, 1);
    assertThat(Metric.rSquared().of(Tensor.of(1, Double.POSITIVE_INFINITY, 1), ones)).isNaN();
    Tensor bad = Tensor.of(1, Double.NaN, 3);
    for (Metric metric : List.of(Metric.rSquared(), Metric.meanAbsoluteError())) {
      assertThat(metric.of(bad, Tensor.of(1, 2, 3))).isNaN();
      assertThat(metric.of(bad, Tensor.of(1, 1, 1))).isNaN();
      assertThat(metric.of(Tensor.of(1, 2, 3), bad)).isNaN();
    }
  }

  /** The mean over the outputs of 1 − Σ(y − ŷ)² / Σ(y − ȳ)². */
  private static double exact(Tensor predictions, Tensor targets) {
    int n = targets.dim(0);
    int outputs = targets.size() / n;
    BigDecimal all = BigDecimal.ZERO;
    for (int k = 0; k < outputs; k++) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = k; i < targets.size(); i += outputs) {
        sum = sum.add(new BigDecimal(targets.data()[i]));
      }
      BigDecimal residual = BigDecimal.ZERO;
      BigDecimal total = BigDecimal.ZERO;
      for (int i = k; i < targets.size(); i += outputs) {
        BigDecimal y = new BigDecimal(targets.data()[i]);
        residual = residual.add(y.subtract(new BigDecimal(predictions.data()[i])).pow(2));
        // n(y − ȳ) needs no division.
        total = total.add(y.multiply(BigDecimal.valueOf(n)).subtract(sum).pow(2));
      }
      BigDecimal scaled = residual.multiply(BigDecimal.valueOf((long) n * n));
      all = all.add(BigDecimal.ONE.subtract(scaled.divide(total, MathContext.DECIMAL128)));
    }
    return all.divide(BigDecimal.valueOf(outputs), MathContext.DECIMAL128).doubleValue();
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
        Metric.rootMeanSquaredError(),
        Tensor.zeros(3, 1),
        Tensor.zeros(3),
        "root mean squared error" + same);
    refused(Metric.logLoss(), Tensor.zeros(3, 1), Tensor.zeros(3), "log loss" + same);
    refused(
        Metric.roundedAccuracy(), Tensor.zeros(3, 1), Tensor.zeros(3), "rounded accuracy" + same);
    refused(
        Metric.rSquared(),
        Tensor.zeros(),
        Tensor.zeros(),
        "R² expects predictions and targets of one shape [n, ...] but got [] and []");
    refused(
        Metric.accuracy(),
        Tensor.zeros(4),
        Tensor.zeros(4),
        "accuracy expects predictions [n, classes] of two classes or more but got [4]");
    refused(
        Metric.accuracy(),
        Tensor.zeros(3, 4),
        Tensor.zeros(3, 1),
        "accuracy expects targets [3] or [3, 4] but got [3, 1]");
    refused(
        Metric.accuracy(),
        Tensor.zeros(3, 5, 4),
        Tensor.zeros(3),
        "accuracy expects targets [3, 5] or [3, 5, 4] but got [3]");
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
    Tensor rows = Tensor.full(-1, 5, 4).set(1, 0, 3).set(Double.NaN, 1, 2);
    assertThatThrownBy(() -> Metric.accuracy().of(LOGITS, rows))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the target in row 1 has a NaN");
  }

  @Test
  void rowsThatMarkNoClassAreRefused() {
    double infinity = Double.POSITIVE_INFINITY;
    noClass("0.0 for the classes 0 and 1", 0, 0, 0, 0);
    noClass("-1.0 for the classes 0 and 1", -1, -1, -1, -1);
    noClass("1.0 for the classes 1 and 3", 0, 1, 0, 1);
    noClass("0.5 for the classes 0 and 3", 0.5, 0, 0, 0.5);
    noClass("Infinity for the classes 2 and 3", 0, 0, infinity, infinity);
    noClass("0.0 for the classes 1 and 2", -1, 0.0, -0.0, -1);
  }

  private static void noClass(String what, double... row) {
    Tensor targets = Tensor.of(new double[][] {{1, 0, 0, 0}, row});
    Tensor predictions = Tensor.zeros(2, 4);
    String message =
        "the target in row 1 must have one largest number, which marks its class, but has " + what;
    for (Metric metric : List.of(Metric.accuracy(), Metric.topK(2))) {
      assertThatThrownBy(() -> metric.of(predictions, targets))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }
    assertThatThrownBy(() -> new ConfusionMatrix(predictions, targets))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void targetsThatNoRoundedOutputEquals() {
    for (double bad : new double[] {0.5, -1e-3, Double.NaN, Double.POSITIVE_INFINITY}) {
      Tensor targets = Tensor.of(new double[][] {{0, 1}, {-3, bad}});
      assertThatThrownBy(() -> Metric.roundedAccuracy().of(Tensor.zeros(2, 2), targets))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the target in row 1 must be a whole number, got " + bad);
    }
  }

  private static void refused(Metric metric, Tensor predictions, Tensor targets, String message) {
    assertThatThrownBy(() -> metric.of(predictions, targets))
        .isInstanceOf(ShapeException.class)
        .hasMessage(message);
  }
}
