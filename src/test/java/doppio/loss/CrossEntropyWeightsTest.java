package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Class weights, an index to ignore, and predictions of any rank. */
class CrossEntropyWeightsTest {
  private static final double LOG_4 = StrictMath.log(4);
  private static final double LOG_4_3 = StrictMath.log(4 / 3.0);

  /** Two rows whose softmax is (1/4, 3/4). */
  private final Tensor logits =
      Tensor.of(new double[][] {{0, StrictMath.log(3)}, {0, StrictMath.log(3)}});

  private final CrossEntropy loss = new CrossEntropy();

  @Test
  void theMeanDividesByTheWeightsThatCounted() {
    // The rows cost log 4 and 2·log(4/3), and weigh 1 and 2.
    loss.weights(1, 2);
    check(Tensor.of(0, 1), LOG_4 + 2 * LOG_4_3, 3, -1 / 4.0, 1 / 4.0, 1 / 6.0, -1 / 6.0);
    check(Tensor.of(0, 0), 2 * LOG_4, 2, -3 / 8.0, 3 / 8.0, -3 / 8.0, 3 / 8.0);
  }

  @Test
  void equalWeightsChangeAMeanInNothingButItsDivisor() {
    check(Tensor.of(0, 1), LOG_4 + LOG_4_3, 2, -3 / 8.0, 3 / 8.0, 1 / 8.0, -1 / 8.0);
    loss.weights(8, 8);
    check(Tensor.of(0, 1), 8 * (LOG_4 + LOG_4_3), 16, -3 / 8.0, 3 / 8.0, 1 / 8.0, -1 / 8.0);
  }

  @Test
  void theSumOfWeightedRowsIsTheOneWorkedByHand() {
    CrossEntropy sum = new CrossEntropy(Reduction.SUM).weights(1, 2).ignoreIndex(0);
    assertThat(sum.forward(logits, Tensor.of(0, 1))).isCloseTo(2 * LOG_4_3, within(1e-15));
    assertThat(sum.backward().data())
        .containsExactly(new double[] {0, 0, 1 / 2.0, -1 / 2.0}, within(1e-15));
    assertThat(sum.divisor()).isEqualTo(1);
  }

  @Test
  void anIgnoredRowCountsForNothing() {
    loss.ignoreIndex(-100);
    check(Tensor.of(-100, 1), LOG_4_3, 1, 0, 0, 1 / 4.0, -1 / 4.0);
    loss.weights(1, 2);
    check(Tensor.of(-100, 1), 2 * LOG_4_3, 2, 0, 0, 1 / 4.0, -1 / 4.0);
    check(Tensor.of(0, -100), LOG_4, 1, -3 / 4.0, 3 / 4.0, 0, 0);
  }

  @Test
  void aClassMayBeTheIgnoredIndex() {
    loss.ignoreIndex(0);
    check(Tensor.of(0, 1), LOG_4_3, 1, 0, 0, 1 / 4.0, -1 / 4.0);
    loss.ignoreIndex(1);
    check(Tensor.of(0, 1), LOG_4, 1, -3 / 4.0, 3 / 4.0, 0, 0);
  }

  @Test
  void smoothingLeavesTheDivisorAlone() {
    // Each row: 0.8 of its own class's cost, and 0.1 of each class's, times that class's weight.
    loss.weights(1, 2).labelSmoothing(0.2);
    double each = 0.1 * (LOG_4 + 2 * LOG_4_3);
    check(
        Tensor.of(0, 1),
        0.8 * LOG_4 + 1.6 * LOG_4_3 + 2 * each,
        3,
        (0.8 * -3 / 4 + 0.1 * (3 / 4.0 - 1)) / 3,
        (0.8 * 3 / 4 + 0.1 * (9 / 4.0 - 2)) / 3,
        (1.6 * 1 / 4 + 0.1 * (3 / 4.0 - 1)) / 3,
        (1.6 * -1 / 4 + 0.1 * (9 / 4.0 - 2)) / 3);
    loss.ignoreIndex(0);
    check(
        Tensor.of(0, 1),
        1.6 * LOG_4_3 + each,
        2,
        0,
        0,
        (1.6 * 1 / 4 + 0.1 * (3 / 4.0 - 1)) / 2,
        (1.6 * -1 / 4 + 0.1 * (9 / 4.0 - 2)) / 2);
  }

  @Test
  void theMeanOverProbabilitiesIsOverRowsWhateverTheWeights() {
    loss.weights(1, 2);
    // Row 0: ½·log 4 + 2·½·log(4/3); row 1: log 4.
    Tensor target = Tensor.of(new double[][] {{0.5, 0.5}, {1, 0}});
    double[] gradient = {(1.5 / 4 - 0.5) / 2, (4.5 / 4 - 1) / 2, -3 / 8.0, 3 / 8.0};
    check(target, 1.5 * LOG_4 + LOG_4_3, 2, gradient);
    // An index that no class has cannot be among probabilities either.
    loss.ignoreIndex(-100);
    check(target, 1.5 * LOG_4 + LOG_4_3, 2, gradient);
  }

  @Test
  void aClassWithoutWeightMayBeRuledOut() {
    Tensor masked = Tensor.of(new double[][] {{0, Double.NEGATIVE_INFINITY, 0}});
    loss.weights(1, 0, 1).labelSmoothing(0.3);
    double value = loss.forward(masked, Tensor.of(2));
    assertThat(value).isCloseTo(0.9 * StrictMath.log(2), within(1e-15));
    assertThat(loss.backward().get(0, 1)).isZero();
  }

  @Test
  void whatIsInAnIgnoredRowDoesNotMatter() {
    Tensor spoilt = logits.copy().set(Double.NaN, 0, 0).set(Double.POSITIVE_INFINITY, 0, 1);
    loss.ignoreIndex(-1);
    assertThat(loss.forward(spoilt, Tensor.of(-1, 1))).isCloseTo(LOG_4_3, within(1e-15));
    assertThat(loss.backward().data())
        .containsExactly(new double[] {0, 0, 1 / 4.0, -1 / 4.0}, within(1e-15));
  }

  @Test
  void theCallersWeightsAreCopied() {
    double[] weights = {1, 2};
    loss.weights(weights);
    weights[1] = 50;
    assertThat(loss.divisor(logits, Tensor.of(1, 1))).isEqualTo(4);
  }

  @Test
  void everyRankIsRowsOfClasses() {
    Generator random = new Generator(5);
    Tensor x = Tensor.zeros(12, 3);
    random.normal(x.data(), 0, 1);
    Tensor indices = Tensor.zeros(12);
    for (int row = 0; row < 12; row++) {
      indices.set(row % 4 - 1, row);
    }
    Tensor probabilities = Tensor.zeros(12, 3);
    random.uniform(probabilities.data(), 0, 1);
    loss.weights(0.5, 2, 1).ignoreIndex(-1).labelSmoothing(0.1);
    alike(x, indices, new int[] {4, 3, 3}, new int[] {4, 3});
    alike(x, indices, new int[] {3, 4, 3}, new int[] {3, 4});
    alike(x, indices, new int[] {2, 2, 3, 3}, new int[] {2, 2, 3});
    alike(x, probabilities, new int[] {4, 3, 3}, new int[] {4, 3, 3});
    alike(x, probabilities, new int[] {1, 12, 3}, new int[] {1, 12, 3});
  }

  private void alike(Tensor x, Tensor target, int[] shape, int[] targetShape) {
    double value = loss.forward(x, target);
    double[] gradient = loss.backward().data();
    assertThat(loss.forward(x.reshape(shape), target.reshape(targetShape))).isEqualTo(value);
    assertThat(loss.backward().shape()).containsExactly(shape);
    assertThat(loss.backward().data()).containsExactly(gradient);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everySettingIsAsPyTorchDefinesIt(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 2, max = 7) int classes,
      @ForAll @IntRange(min = -2, max = 7) int ignored,
      @ForAll long seed) {
    Generator random = new Generator(seed);
    Tensor x = Tensor.zeros(rows, classes);
    random.normal(x.data(), 0, 2);
    double[] weights = new double[classes];
    random.uniform(weights, 0.1, 3);
    Tensor indices = Tensor.zeros(rows);
    for (int row = 1; row < rows; row++) {
      double draw = random.permutation(classes + 1)[0];
      indices.set(draw == classes ? ignored : draw, row);
      if (indices.get(row) >= classes) {
        indices.set(0, row);
      }
    }
    // The first row counts.
    indices.set(ignored == 0 ? classes - 1 : 0, 0);
    Tensor probabilities = Tensor.zeros(rows, classes);
    random.uniform(probabilities.data(), 0, 1);
    for (Reduction reduction : Reduction.values()) {
      for (double smoothing : new double[] {0, random.uniform(), 1}) {
        CrossEntropyReference reference =
            new CrossEntropyReference(reduction, weights, ignored, smoothing);
        CrossEntropy ours = new CrossEntropy(reduction).weights(weights).labelSmoothing(smoothing);
        double[] gradient = new double[x.size()];
        double value = reference.probabilities(x, probabilities, gradient);
        compare(ours, x, probabilities, value, gradient);
        Arrays.fill(gradient, 0);
        value = reference.indices(x, indices, gradient);
        compare(ours.ignoreIndex(ignored), x, indices, value, gradient);
      }
    }
  }

  private static void compare(
      CrossEntropy loss, Tensor x, Tensor target, double value, double[] gradient) {
    assertThat(loss.forward(x, target)).isCloseTo(value, within(1e-13 * Math.max(1, value)));
    assertThat(loss.backward().data()).as("%s", loss).containsExactly(gradient, within(1e-13));
  }

  private void check(Tensor target, double sum, double divisor, double... gradient) {
    assertThat(loss.divisor(logits, target)).isEqualTo(divisor);
    double value = loss.forward(logits, target);
    assertThat(value).isEqualTo(loss.sum() / divisor).isCloseTo(sum / divisor, within(1e-15));
    assertThat(loss.sum()).isCloseTo(sum, within(1e-14));
    assertThat(loss.divisor()).isEqualTo(divisor);
    assertThat(loss.backward().data()).containsExactly(gradient, within(1e-15));
  }
}
