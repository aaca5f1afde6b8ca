package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Moments;
import doppio.Tensor;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import org.junit.jupiter.api.Test;

class InitTest {
  private static final int OUT = 300;
  private static final int IN = 400;

  private final Generator generator = new Generator(1);
  private final Tensor weight = Tensor.zeros(OUT, IN);

  @Test
  void normalHasItsMeanAndDeviation() {
    assertThat(Init.normal(weight, 0, 1, generator)).isSameAs(weight);
    assertNormal(0, 1);
    Init.normal(weight, -2, 0.1, generator);
    assertNormal(-2, 0.1);
  }

  @Test
  void uniformStaysBetweenItsBounds() {
    assertThat(Init.uniform(weight, -0.05, 0.05, generator)).isSameAs(weight);
    assertUniform(-0.05, 0.05);
    Init.uniform(weight, 3, 5, generator);
    assertUniform(3, 5);
  }

  @Test
  void constantFillsTheTensor() {
    assertThat(Init.constant(weight, 3)).isSameAs(weight);
    assertThat(weight.data()).containsOnly(3);
  }

  @Test
  void kaimingNormalOfARectifierHasVarianceTwoOverTheInputs() {
    assertThat(Init.kaimingNormal(weight, 0, generator)).isSameAs(weight);
    assertNormal(0, Math.sqrt(2.0 / IN));
  }

  @Test
  void kaimingNormalCountsTheSlope() {
    Init.kaimingNormal(weight, 0.5, generator);
    assertNormal(0, Math.sqrt(2 / 1.25 / IN));
  }

  @Test
  void kaimingUniformWithTheDefaultSlopeIsOneOverTheRootOfTheInputs() {
    assertThat(Init.kaimingUniform(weight, Math.sqrt(5), generator)).isSameAs(weight);
    assertUniform(-1 / Math.sqrt(IN), 1 / Math.sqrt(IN));
  }

  @Test
  void xavierUniformHasTheBoundOfItsFormula() {
    assertThat(Init.xavierUniform(weight, 1.5, generator)).isSameAs(weight);
    double bound = 1.5 * Math.sqrt(6.0 / (IN + OUT));
    assertUniform(-bound, bound);
  }

  @Test
  void xavierNormalHasTheDeviationOfItsFormula() {
    assertThat(Init.xavierNormal(weight, 1.5, generator)).isSameAs(weight);
    assertNormal(0, 1.5 * Math.sqrt(2.0 / (IN + OUT)));
  }

  @Test
  void rangesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Init.uniform(weight, 1, -1, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("low and high must be finite, in this order, got 1.0 and -1.0");
    assertThatThrownBy(() -> Init.uniform(weight, 0, Double.NaN, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("low and high must be finite, in this order, got 0.0 and NaN");
    assertThatThrownBy(() -> Init.normal(weight, 0, -1, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mean and std must be finite, std not negative, got 0.0 and -1.0");
    assertThatThrownBy(() -> Init.normal(weight, Double.NaN, 1, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mean and std must be finite, std not negative, got NaN and 1.0");
    assertThat(weight.data()).containsOnly(0);
  }

  @Test
  void infiniteBoundsAreRefused() {
    double infinity = Double.POSITIVE_INFINITY;
    for (double[] bounds :
        new double[][] {{-infinity, 0}, {0, infinity}, {-infinity, infinity}, {0, Double.NaN}}) {
      assertThatThrownBy(() -> Init.uniform(weight, bounds[0], bounds[1], generator))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "low and high must be finite, in this order, got " + bounds[0] + " and " + bounds[1]);
    }
    for (double[] moments :
        new double[][] {
          {infinity, 1}, {-infinity, 1}, {0, infinity}, {Double.MAX_VALUE, Double.MAX_VALUE}
        }) {
      assertThatThrownBy(() -> Init.normal(weight, moments[0], moments[1], generator))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "mean and std must be finite, std not negative, got "
                  + moments[0]
                  + " and "
                  + moments[1]);
    }
    assertThat(weight.data()).containsOnly(0);
  }

  @Test
  void aRangeThatOverflowsIsNotBlamedOnItsBounds() {
    assertThatThrownBy(() -> Init.uniform(weight, -1.5e308, 1e308, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "low and high are so far apart that high - low overflows, got -1.5E308 and 1.0E308");
    assertThat(weight.data()).containsOnly(0);
  }

  @Test
  void gainsAreBlamedThemselves() {
    for (double gain : new double[] {-1, -1e-300, -Double.MAX_VALUE}) {
      refusedGain(weight, gain, "gain must not be negative, got " + gain);
    }
    for (double gain : new double[] {1e301, 1e308, Double.MAX_VALUE}) {
      refusedGain(weight, gain, "gain must be at most 1.0E300, got " + gain);
      refusedGain(Tensor.zeros(1, 1), gain, "gain must be at most 1.0E300, got " + gain);
    }
    assertThat(weight.data()).containsOnly(0);
    for (double v : Init.xavierNormal(Tensor.zeros(8, 8), 1e300, generator).data()) {
      assertThat(v).isFinite();
    }
    for (double v : Init.xavierUniform(Tensor.zeros(1, 1), 1e300, generator).data()) {
      assertThat(v).isFinite();
    }
    assertThat(Init.xavierUniform(weight, -0.0, generator).data()).containsOnly(0);
  }

  private void refusedGain(Tensor weight, double gain, String message) {
    assertThatThrownBy(() -> Init.xavierUniform(weight, gain, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Init.xavierNormal(weight, gain, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aSlopeWhoseSquareOverflowsGivesSmallWeightsNotZeros() {
    // gain = √(2 / (1 + a²)) = √2 / |a|
    for (double a : new double[] {1e155, -1e200, Double.MAX_VALUE}) {
      Tensor small = Init.kaimingNormal(Tensor.zeros(OUT, IN), a, new Generator(1));
      Tensor unit = Init.normal(Tensor.zeros(OUT, IN), 0, 1, new Generator(1));
      double std = Math.sqrt(2) / Math.abs(a) / Math.sqrt(IN);
      for (int i = 0; i < small.size(); i += 97) {
        double expected = unit.data()[i] * std;
        double tolerance = Math.abs(expected) * 1e-15 + Double.MIN_VALUE;
        assertThat(small.data()[i]).isCloseTo(expected, within(tolerance));
      }
    }
  }

  @Test
  void kaimingOfTheOutputsCountsThem() {
    Init.kaimingNormal(weight, 0.5, Init.Fan.OUT, generator);
    assertNormal(0, Math.sqrt(2 / 1.25 / OUT));
    Init.kaimingUniform(weight, Math.sqrt(5), Init.Fan.OUT, generator);
    assertUniform(-1 / Math.sqrt(OUT), 1 / Math.sqrt(OUT));
  }

  @Test
  void kaimingOfTheInputsIsTheOneWithoutAFan() {
    Tensor a = Init.kaimingNormal(Tensor.zeros(5, 4), 0.1, new Generator(7));
    Tensor b = Init.kaimingNormal(Tensor.zeros(5, 4), 0.1, Init.Fan.IN, new Generator(7));
    assertThat(a.data()).containsExactly(b.data());
    a = Init.kaimingUniform(Tensor.zeros(5, 4), 0.1, new Generator(7));
    b = Init.kaimingUniform(Tensor.zeros(5, 4), 0.1, Init.Fan.IN, new Generator(7));
    assertThat(a.data()).containsExactly(b.data());
  }

  @Test
  void truncatedNormalHasNothingBeyondItsBounds() {
    assertThat(Init.truncatedNormal(weight, 1, 0.5, 0, 2, generator)).isSameAs(weight);
    double[] values = new double[weight.size()];
    new Generator(1).truncatedNormal(values, 1, 0.5, 0, 2);
    assertThat(weight.data()).isEqualTo(values);
    // Two std to either side: 1 − 4 φ(2) / (2Φ(2) − 1) of the variance.
    assertMoments(1, 0.25 * 0.7737413035499232, 2.4);
    assertThatThrownBy(() -> Init.truncatedNormal(weight, 0, -1, 0, 2, generator))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("std must be positive, got -1.0");
  }

  @Test
  void slopesAndGainsThatAreNotFiniteAreRefused() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = " must be finite, got " + value;
      assertThatThrownBy(() -> Init.kaimingUniform(weight, value, generator))
          .hasMessage("a" + message);
      assertThatThrownBy(() -> Init.kaimingNormal(weight, value, generator))
          .hasMessage("a" + message);
      assertThatThrownBy(() -> Init.xavierUniform(weight, value, generator))
          .hasMessage("gain" + message);
      assertThatThrownBy(() -> Init.xavierNormal(weight, value, generator))
          .hasMessage("gain" + message);
    }
    assertThat(weight.data()).containsOnly(0);
  }

  @Test
  void aRangeOfOneNumberGivesThatNumber() {
    assertThat(Init.uniform(weight, 3, 3, generator).data()).containsOnly(3);
    assertThat(Init.normal(weight, 2, 0, generator).data()).containsOnly(2);
    assertThat(Init.xavierNormal(weight, 0, generator).data()).containsOnly(0);
  }

  @Test
  void fansNeedOutputsAndInputs() {
    for (int[] shape : new int[][] {{}, {3}, {0, 3}, {3, 0}, {2, 3, 0}}) {
      Tensor t = Tensor.zeros(shape);
      String message =
          "expected a weight [out, in] or [out, in, kernel…] but got " + Arrays.toString(shape);
      assertShapeException(() -> Init.kaimingUniform(t, 0, generator), message);
      assertShapeException(() -> Init.kaimingNormal(t, 0, generator), message);
      assertShapeException(() -> Init.xavierUniform(t, 1, generator), message);
      assertShapeException(() -> Init.xavierNormal(t, 1, generator), message);
    }
  }

  @Test
  void fansOfAConvolutionCountItsKernel() {
    // fan_in = 3·2·5 = 30, fan_out = 4·2·5 = 40, as torch.nn.init has it for [4, 3, 2, 5].
    Tensor t = Init.kaimingUniform(Tensor.zeros(4, 3, 2, 5), 0, new Generator(7));
    double bound = Math.sqrt(3) * (Math.sqrt(2) / Math.sqrt(30));
    Tensor expected = Init.uniform(Tensor.zeros(4, 3, 2, 5), -bound, bound, new Generator(7));
    assertThat(t.data()).containsExactly(expected.data());
    Tensor out = Init.kaimingUniform(Tensor.zeros(4, 3, 2, 5), 0, Init.Fan.OUT, new Generator(7));
    double outBound = Math.sqrt(3) * (Math.sqrt(2) / Math.sqrt(40));
    Init.uniform(expected, -outBound, outBound, new Generator(7));
    assertThat(out.data()).containsExactly(expected.data());
    Tensor x = Init.xavierNormal(Tensor.zeros(4, 3, 2, 5), 1, new Generator(7));
    Tensor normal =
        Init.normal(Tensor.zeros(4, 3, 2, 5), 0, Math.sqrt(2.0 / (30 + 40)), new Generator(7));
    assertThat(x.data()).containsExactly(normal.data());
  }

  private void assertNormal(double mean, double std) {
    assertMoments(mean, std * std, 3);
  }

  private void assertUniform(double low, double high) {
    assertMoments((low + high) / 2, (high - low) * (high - low) / 12, 1.8);
    DoubleSummaryStatistics range = Arrays.stream(weight.data()).summaryStatistics();
    assertThat(range.getMin()).isBetween(low, low + 0.01 * (high - low));
    assertThat(range.getMax()).isBetween(high - 0.01 * (high - low), high);
  }

  /** Within five standard errors, for the seed that is fixed. */
  private void assertMoments(double mean, double variance, double kurtosis) {
    double n = weight.size();
    Moments m = Moments.of(weight.data());
    assertThat(m.mean()).isCloseTo(mean, within(5 * Math.sqrt(variance / n)));
    assertThat(m.variance())
        .isCloseTo(variance, within(5 * variance * Math.sqrt((kurtosis - 1) / n)));
    assertThat(m.kurtosis()).isCloseTo(kurtosis, within(5 * Math.sqrt(24 / n)));
  }
}
