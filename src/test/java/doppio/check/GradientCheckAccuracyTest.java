package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.Module;
import doppio.nn.ReLU;
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
  void nanFails() {
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

  /** y = x for positive x, otherwise a fraction of it. */
  private static Module leaky(double slope, DoubleUnaryOperator derivative) {
    return new Elementwise(v -> v > 0 ? v : slope * v, derivative);
  }
}
