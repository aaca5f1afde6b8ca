package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Softmax;
import doppio.nn.Tanh;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Right derivatives pass and wrong ones fail, at every size, beside kinks and on them. */
class GradientCheckAccuracyTest {
  @ParameterizedTest
  @ValueSource(doubles = {1e-12, 1e-9, 1e-3, 1, 1e6, 1e12})
  void gradientsOfEverySizeAreChecked(double size) {
    Tensor input = Tensor.of(0.3, -1.2, 2);
    DoubleUnaryOperator sine = v -> size * Math.sin(v);
    GradientCheck.check(new Elementwise(sine, v -> size * Math.cos(v)), input);
    assertFailure(new Elementwise(sine, v -> size * Math.cos(v) * (1 + 1e-5)), input)
        .hasMessageContaining("(relative error 1.0E-5, tolerance 1.0E-6)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-6, -0.5, 100, -12345, 1e6})
  void inputsOfEverySizeAreChecked(double at) {
    Tensor input = Tensor.of(at);
    GradientCheck.check(new Elementwise(Math::sin, Math::cos), input);
    assertFailure(new Elementwise(Math::sin, v -> 1.00001 * Math.cos(v)), input);
  }

  @Test
  void functionsThatBendQuicklyAreChecked() {
    Tensor input = Tensor.of(0.1, 0.2, -0.3);
    GradientCheck.check(
        new Elementwise(v -> Math.sin(300 * v), v -> 300 * Math.cos(300 * v)), input);
    assertFailure(new Elementwise(v -> Math.sin(300 * v), v -> 300.01 * Math.cos(300 * v)), input);
  }

  @Test
  void aSmallGradientBesideALargeOneIsChecked() {
    // Exact in the second element, wrong in the first, which is 10⁸ times as small.
    DoubleUnaryOperator right = v -> v > 1 ? 1e8 : 1;
    DoubleUnaryOperator wrong = v -> v > 1 ? 1e8 : 1.001;
    Tensor input = Tensor.of(0.5, 2);
    DoubleUnaryOperator f = v -> v > 1 ? 1e8 * (v - 2) : v;
    GradientCheck.check(new Elementwise(f, right), input);
    assertFailure(new Elementwise(f, wrong), input).hasMessageContaining("input[0]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.9e-3, -1.7e-3, 1e-4, -3e-5, 1e-6, -1e-7})
  void aKinkNearbyNeitherDisturbsNorHidesAnything(double at) {
    Tensor input = Tensor.of(at, 1);
    GradientCheck.check(new ReLU(), input);
    assertFailure(leaky(0.1, v -> v > 0 ? 1 : 0.2), Tensor.of(-Math.abs(at), 1))
        .hasMessageContaining("input[0]");
    assertFailure(leaky(0.1, v -> v > 0 ? 0.5 : 0.1), Tensor.of(Math.abs(at), 1));
    assertFailure(leaky(0.1, v -> 0.55), input);
  }

  @Test
  void twoKinksAroundAPointDoNotHideIt() {
    DoubleUnaryOperator clamp = v -> Math.max(-1e-3, Math.min(1e-3, v));
    GradientCheck.check(new Elementwise(clamp, v -> Math.abs(v) < 1e-3 ? 1 : 0), Tensor.of(0, 5));
    assertFailure(new Elementwise(clamp, v -> 0), Tensor.of(0, 5));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 1})
  void onAKinkEveryValueBetweenTheSlopesIsRight(double slope) {
    GradientCheck.check(leaky(0.1, v -> v > 0 ? 1 : v < 0 ? 0.1 : slope), Tensor.of(0, 1, -1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 0, 0.0999, 1.001, 2, Double.NaN})
  void onAKinkOtherValuesAreWrong(double slope) {
    Module wrong = leaky(0.1, v -> v > 0 ? 1 : v < 0 ? 0.1 : slope);
    assertFailure(wrong, Tensor.of(1, 0, -1))
        .hasMessageContaining("input[1] of Elementwise: analytic ")
        .hasMessageContaining(" from the left and ")
        .hasMessageEndingWith(" from the right (a kink; tolerance 1.0E-6)");
  }

  @Test
  void roundingIsNotTakenForAKink() {
    // The output is a small difference of large numbers: rounding makes slopes of any size.
    DoubleUnaryOperator cancelling = v -> (1e9 + 3.3 * v) - 1e9;
    for (double at : RandomTensors.normal(3, 100).data()) {
      assertFailure(new Elementwise(cancelling, v -> 3.303), Tensor.of(at));
    }
  }

  @Test
  void aGradientThatIsNoNumberFails() {
    Tensor input = Tensor.of(0.5, -0.5);
    assertFailure(new Elementwise(v -> v, v -> v < 0 ? Double.NaN : 1), input)
        .hasMessageContaining("input[1] of Elementwise: analytic NaN but numeric ")
        .hasMessageEndingWith(" (relative error Infinity, tolerance 1.0E-6)");
    assertFailure(new Elementwise(v -> v, v -> Double.POSITIVE_INFINITY), input)
        .hasMessageContaining("relative error Infinity");
    assertFailure(new Elementwise(Math::sqrt, v -> 1), input)
        .hasMessage("GradientCheck: output[1] of Elementwise is NaN");
    assertFailure(new Elementwise(v -> 1 / v, v -> 1), Tensor.of(new double[][] {{1, 0}}))
        .hasMessage("GradientCheck: output[0, 1] of Elementwise is Infinity");
    // Finite at the point itself, not beside it.
    assertFailure(new Elementwise(Math::sqrt, v -> 0), Tensor.of(0));
    assertThatThrownBy(() -> GradientCheck.check(new MSE(), Tensor.of(Double.NaN), Tensor.of(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("GradientCheck: the value of MSE is NaN");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-5, 1e-8, 1e-12, 1e-100, 1e-300})
  void theEndOfADomainNearbyDisturbsNothing(double at) {
    Tensor input = Tensor.of(1, at);
    GradientCheck.check(new Elementwise(Math::log, v -> 1 / v), input);
    GradientCheck.check(new Elementwise(Math::sqrt, v -> 0.5 / Math.sqrt(v)), input);
    assertFailure(new Elementwise(Math::log, v -> (v < 0.1 ? 1.0001 : 1) / v), input)
        .hasMessageContaining("input[1] of ");
  }

  @Test
  void aModuleThatRefusesNumbersOutsideItsDomainIsChecked() {
    DoubleUnaryOperator log =
        v -> {
          if (v <= 0) {
            throw new IllegalArgumentException("log of " + v);
          }
          return Math.log(v);
        };
    GradientCheck.check(new Elementwise(log, v -> 1 / v), Tensor.of(1e-3, 1));
    assertFailure(new Elementwise(log, v -> 1.001 / v), Tensor.of(1e-3, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {3e-8, -3e-8, 1e-9, -1e-10, 1e-12, -1e-12, 1e-15, -1e-300})
  void aKinkAsNearAsCanBeIsNoError(double at) {
    GradientCheck.check(new ReLU(), Tensor.of(at, 1, -1));
    GradientCheck.check(leaky(0.1, v -> v > 0 ? 1 : 0.1), Tensor.of(at));
    DoubleUnaryOperator shifted = v -> Math.abs(v - 1);
    GradientCheck.check(new Elementwise(shifted, v -> Math.signum(v - 1)), Tensor.of(1 + at));
  }

  @ParameterizedTest
  @ValueSource(doubles = {3e-8, -3e-8, 1e-9, -1e-9})
  void anErrorBesideAKinkIsFound(double at) {
    DoubleUnaryOperator wrong = v -> v > 0 ? 1.001 : 0.1001;
    assertFailure(leaky(0.1, wrong), Tensor.of(at)).hasMessageContaining("relative error 0.001,");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-8, 1, 1e8})
  void aSmallSlopeBesideLargeConstantsIsChecked(double slope) {
    // The output's own rounding is 10⁻⁸ of what is measured.
    DoubleUnaryOperator f = v -> slope * (1e8 + v);
    GradientCheck.check(new Elementwise(f, v -> slope), Tensor.of(0.7, -3.3));
    assertFailure(new Elementwise(f, v -> slope * 1.001), Tensor.of(0.7, -3.3));
    assertFailure(new Elementwise(f, v -> 0), Tensor.of(0.7, -3.3));
  }

  @Test
  void aFunctionThatRoundsInsideIsRight() {
    DoubleUnaryOperator cancelling = v -> (1e9 + 3.3 * v) - 1e9;
    for (double at : RandomTensors.normal(3, 100).data()) {
      GradientCheck.check(new Elementwise(cancelling, v -> 3.3), Tensor.of(at));
      assertFailure(new Elementwise(cancelling, v -> 0), Tensor.of(at));
    }
  }

  @Test
  void aGradientThatIsZeroButForRoundingIsRight() {
    // The sum of a softmax is 1: its slope is zero, and what is computed is rounding.
    Module net = new Sequential(new Softmax(), ones(7));
    for (int seed = 0; seed < 30; seed++) {
      GradientCheck.check(net, RandomTensors.normal(seed, 3, 7));
    }
  }

  /** The function is exact, but its derivative comes from a small difference of large numbers. */
  @Test
  void aGradientThatIsRightButForRoundingIsRight() {
    DoubleUnaryOperator one = v -> (v * (v + 1) - v * v) / v;
    Tensor input = Tensor.of(3.45e12, 4.56e12);
    assertThat(one.applyAsDouble(input.data()[0])).isNotCloseTo(1, within(1e-6));
    GradientCheck.check(new Elementwise(v -> v, one), input);
    assertFailure(new Elementwise(v -> v, v -> 1.1 * one.applyAsDouble(v)), input);
  }

  @Test
  void aProbabilityThatRoundsToNothingIsRight() {
    GradientCheck.check(new Softmax(), Tensor.of(63.9, 37.8, 14.9));
    GradientCheck.check(new Softmax(), Tensor.of(0, 300, 900));
    GradientCheck.check(new Sequential(new Softmax(), new Tanh()), Tensor.of(60, 30, 0, -30));
  }

  private static Linear ones(int n) {
    return new Linear(new Parameter(Tensor.full(1, 1, n)), null);
  }

  /** y = x for positive x, otherwise a fraction of it. */
  private static Module leaky(double slope, DoubleUnaryOperator derivative) {
    return new Elementwise(v -> v > 0 ? v : slope * v, derivative);
  }
}
