package doppio.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.nn.Layer;
import org.junit.jupiter.api.Test;

/** A layer that takes whole numbers alone has no slopes to compare with. */
class IndexCheckTest {
  /** The square of a whole number, with a gradient that is claimed. */
  private static final class WholeSquare extends Layer {
    private final double claimed;

    WholeSquare(double claimed) {
      this.claimed = claimed;
    }

    @Override
    protected void compute(Tensor x, Tensor y) {
      for (int i = 0; i < x.size(); i++) {
        double value = x.data()[i];
        if (value != Math.rint(value)) {
          throw new IllegalArgumentException("no whole number: " + value);
        }
        y.data()[i] = value * value;
      }
    }

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
      gx.fill(claimed);
    }
  }

  @Test
  void anIndexHasNoGradient() {
    assertThatCode(() -> GradientCheck.check(new WholeSquare(0), Tensor.of(1, 0, 2)))
        .doesNotThrowAnyException();
  }

  @Test
  void oneThatIsClaimedIsWrong() {
    assertThatThrownBy(() -> GradientCheck.check(new WholeSquare(1), Tensor.of(1, 0, 2)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("input[0] of WholeSquare: analytic 1.0 but numeric NaN");
  }
}
