package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

/** Constants that are not explained are PyTorch's. */
class CrossEntropyTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final CrossEntropy loss = new CrossEntropy();
  private final Tensor logits = Tensor.of(new double[][] {{1, -2, 0.5}, {0, 3, -1}});
  private final Tensor indices = Tensor.of(0, 2);
  private final Tensor distributions = Tensor.of(new double[][] {{0.2, 0.3, 0.5}, {0.7, 0, 0.3}});
  private final Tensor masses = Tensor.of(new double[][] {{0.5, 1, 0.25}, {0, 2, 0}});

  @Test
  void equalLogitsOfTwoClassesCostLog2() {
    assertThat(loss.forward(Tensor.zeros(3, 2), Tensor.of(0, 1, 0))).isEqualTo(StrictMath.log(2));
    assertThat(loss.backward().data())
        .containsExactly(
            new double[] {-1 / 6.0, 1 / 6.0, 1 / 6.0, -1 / 6.0, -1 / 6.0, 1 / 6.0}, within(1e-16));
  }

  @Test
  void classIndicesGiveWhatPyTorchGives() {
    check(
        loss,
        indices,
        2.2852404030498565,
        -0.1981255519256871,
        0.015029443784787011,
        0.1830961081409001,
        0.023306311288986945,
        0.4681197759382529,
        -0.4914260872272398);
  }

  @Test
  void probabilitiesGiveWhatPyTorchGives() {
    check(
        loss,
        distributions,
        2.510240403049856,
        0.2018744480743129,
        -0.13497055621521298,
        -0.0669038918590999,
        -0.326693688711013,
        0.4681197759382529,
        -0.1414260872272398);
  }

  @Test
  void probabilitiesThatDoNotSumToOne() {
    check(
        loss,
        masses,
        2.069906193306927,
        0.2782802841300476,
        -0.47369847337662274,
        0.19541818924657517,
        0.04661262257797389,
        -0.06376044812349424,
        0.017147825545520388);
  }

  @Test
  void smoothedIndicesGiveWhatPyTorchGives() {
    check(
        loss.labelSmoothing(0.1),
        indices,
        2.260240403049856,
        -0.16479221859235377,
        -0.001637222881879655,
        0.16642944147423344,
        0.006639644622320279,
        0.4514531092715862,
        -0.45809275389390647);
  }

  @Test
  void smoothedProbabilitiesGiveWhatPyTorchGives() {
    check(
        loss.labelSmoothing(0.1),
        masses,
        2.06643961428122,
        0.26397303385780746,
        -0.44149234832714845,
        0.177519314469341,
        0.027615324782408537,
        -0.027239092383986103,
        -0.000376232398422295);
  }

  @Test
  void wholeSmoothingForgetsTheTarget() {
    loss.labelSmoothing(1);
    double value = loss.forward(logits, indices);
    assertThat(value).isCloseTo(2.035240403049856, within(1e-15));
    assertThat(loss.forward(logits, distributions)).isEqualTo(value);
    assertThat(loss.forward(logits, Tensor.of(1, 1))).isEqualTo(value);
  }

  @Test
  void theSumIsTheMeanTimesTheRows() {
    check(
        new CrossEntropy(Reduction.SUM).labelSmoothing(0.1),
        masses,
        4.13287922856244,
        0.5279460677156149,
        -0.8829846966542969,
        0.355038628938682,
        0.055230649564817075,
        -0.054478184767972206,
        -0.00075246479684459);
  }

  @Test
  void aSingleSampleGivesWhatPyTorchGives() {
    Tensor sample = Tensor.of(1, -2, 0.5);
    Tensor one = Tensor.wrap(new double[] {1});
    assertThat(loss.forward(sample, one)).isCloseTo(3.5045969023422834, within(1e-15));
    assertThat(loss.backward().data())
        .containsExactly(
            new double[] {0.6037488961486258, -0.969941112430426, 0.3661922162818002},
            within(1e-15));
    assertThat(loss.backward().shape()).containsExactly(3);
    assertThat(loss.forward(sample, Tensor.of(0.2, 0.3, 0.5)))
        .isCloseTo(1.6545969023422833, within(1e-15));
    assertThat(loss.backward().data())
        .containsExactly(
            new double[] {0.4037488961486258, -0.26994111243042596, -0.1338077837181998},
            within(1e-15));
  }

  @Test
  void aSingleSampleIsABatchOfOne() {
    Tensor sample = Tensor.of(1, -2, 0.5);
    double value = loss.forward(sample, Tensor.wrap(new double[] {2}));
    Tensor gradient = loss.backward();
    assertThat(loss.forward(sample.reshape(1, 3), Tensor.of(2))).isEqualTo(value);
    assertThat(loss.backward().data()).containsExactly(gradient.data());
  }

  @Test
  void indicesAreDistributionsWithOneOne() {
    Tensor oneHot = Tensor.of(new double[][] {{1, 0, 0}, {0, 0, 1}});
    double value = loss.forward(logits, indices);
    Tensor gradient = loss.backward();
    assertThat(loss.forward(logits, oneHot)).isEqualTo(value);
    assertThat(loss.backward().data()).containsExactly(gradient.data());
  }

  @Test
  void aNumberAddedToARowOfWholeLogitsChangesNoBit() {
    Generator random = new Generator(3);
    Tensor whole = Tensor.zeros(8, 5);
    Tensor target = Tensor.zeros(8);
    for (int row = 0; row < 8; row++) {
      int[] order = random.permutation(5);
      target.set(order[0], row);
      for (int c = 0; c < 5; c++) {
        whole.set(7 * order[c] - 11, row, c);
      }
    }
    double value = loss.forward(whole, target);
    Tensor gradient = loss.backward();
    Tensor shifted = whole.copy();
    for (int row = 0; row < 8; row += 2) {
      for (int c = 0; c < 5; c++) {
        shifted.set(whole.get(row, c) + 1e6, row, c);
      }
    }
    assertThat(loss.forward(shifted, target)).isEqualTo(value);
    assertThat(loss.backward().data()).containsExactly(gradient.data());
  }

  @Test
  void aNumberAddedToARowOfOtherLogitsChangesNextToNothing() {
    double value = loss.forward(logits, distributions);
    Tensor gradient = loss.backward();
    Tensor shifted = logits.copy();
    for (int i = 0; i < shifted.size(); i++) {
      shifted.data()[i] += 1e6 + 0.1;
    }
    assertThat(loss.forward(shifted, distributions)).isCloseTo(value, within(1e-9));
    assertThat(loss.backward().data()).containsExactly(gradient.data(), within(1e-9));
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    Tensor huge = Tensor.of(new double[][] {{1e300, -1e300}, {0, 800}});
    assertThat(loss.forward(huge, Tensor.of(0, 1))).isZero();
    assertThat(loss.backward().data()).containsExactly(0, 0, 0, 0);
    assertThat(loss.forward(huge, Tensor.of(0, 0))).isEqualTo(400);
    assertThat(loss.backward().data()).containsExactly(0, 0, -0.5, 0.5);
  }

  @Test
  void aClassMayBeRuledOut() {
    Tensor masked = Tensor.of(new double[][] {{0, -INFINITY, 0}});
    assertThat(loss.forward(masked, Tensor.of(2))).isEqualTo(StrictMath.log(2));
    assertThat(loss.backward().data()).containsExactly(0.5, 0, -0.5);
    assertThat(loss.forward(masked, Tensor.of(1))).isEqualTo(INFINITY);
  }

  @Test
  void nanIsNotHidden() {
    assertThat(loss.forward(Tensor.of(new double[][] {{0, Double.NaN}}), Tensor.of(0))).isNaN();
    assertThat(loss.backward().data()).containsOnly(Double.NaN);
  }

  private void check(CrossEntropy loss, Tensor target, double value, double... gradient) {
    assertThat(loss.forward(logits, target)).isCloseTo(value, within(1e-14));
    assertThat(loss.backward().data()).containsExactly(gradient, within(1e-15));
  }
}
