package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  @Test
  void theErrorIsRelativeToTheLargerNumber() {
    assertThat(Comparison.relativeError(4, 3)).isEqualTo(0.25);
    assertThat(Comparison.relativeError(-3, -4)).isEqualTo(0.25);
    assertThat(Comparison.relativeError(0, 0)).isZero();
    assertThat(Comparison.relativeError(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
        .isZero();
    assertThat(Comparison.relativeError(Double.NaN, 1)).isInfinite();
  }

  /** The rounding of the first output would hide the error, if it were still looked at. */
  @Test
  void aSmallGradientBehindALargeOneIsChecked() {
    DoubleUnaryOperator f = v -> v > 1 ? 1e8 * v : 1e-3 * v;
    GradientCheck.check(new Elementwise(f, v -> v > 1 ? 1e8 : 1e-3), Tensor.of(2, 0.5));
    assertFailure(new Elementwise(f, v -> v > 1 ? 1e8 : 1.01e-3), Tensor.of(2, 0.5))
        .hasMessageContaining("input[1] of ");
  }
}
