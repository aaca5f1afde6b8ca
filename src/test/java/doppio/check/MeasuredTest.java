package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.RandomTensors;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** A measured slope is as good as it says, whatever rounding and kinks there are. */
class MeasuredTest {
  @Test
  void theErrorIsABoundForRoundedFunctions() {
    for (double quantum : new double[] {1e-14, 1e-12, 1e-9, 1e-7}) {
      for (double v : RandomTensors.normal(1, 200).data()) {
        Measured m = along(t -> quantum * Math.rint(0.3 * t / quantum), v, 1);
        assertThat(Math.abs(m.slopes().central() - 0.3)).isLessThanOrEqualTo(m.error());
        assertThat(m.error()).isLessThan(100 * quantum);
      }
    }
  }

  @Test
  void theErrorIsABoundForSmoothFunctions() {
    for (double v : RandomTensors.normal(2, 200).data()) {
      for (double stretch : new double[] {1, 0.75}) {
        Measured m = along(t -> Math.exp(5 * t), v, stretch);
        assertThat(Math.abs(m.slopes().central() - 5 * Math.exp(5 * v)))
            .isLessThanOrEqualTo(m.error());
        assertThat(m.error()).isLessThan(1e-6 * Math.exp(5 * v));
      }
    }
  }

  @Test
  void stepsGoWithTheNumber() {
    assertThat(Measured.usualStep(0)).isEqualTo(0x1p-10);
    assertThat(Measured.usualStep(0.3)).isEqualTo(0x1p-10);
    assertThat(Measured.usualStep(-1000)).isEqualTo(0.5);
    for (double v : new double[] {1e-9, 1e-5, 1, 1e5, 1e9}) {
      assertThat(along(Math::log, v, 1).slopes().central()).isCloseTo(1 / v, within(1e-6 / v));
    }
    double step = along(v -> v, 0, 1).slopes().step();
    assertThat(along(v -> v, 0, 0.75).slopes().step()).isEqualTo(0.75 * step);
  }

  @Test
  void agreementEndsAtTheToleranceAndTheError() {
    Measured m = new Measured(new Slopes(1, 2, 2, 2, 0), 0.5, 0);
    assertThat(m.agreesWith(2.5, 0, 0)).isTrue();
    assertThat(m.agreesWith(2.75, 0, 0)).isFalse();
    assertThat(m.agreesWith(2.75, 0, 0.25)).isTrue();
    assertThat(m.agreesWith(-2.5, 0, 0)).isFalse();
    assertThat(m.agreesWith(4, 0.375, 0)).isTrue();
    assertThat(m.agreesWith(4, 0.25, 0)).isFalse();
    assertThat(m.agreesWith(Double.NaN, 1, 1)).isFalse();
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(m.agreesWith(infinity, 0.5, 0)).isFalse();
    Measured none = new Measured(new Slopes(1, infinity, infinity, infinity, 0), 0.5, 0);
    assertThat(none.agreesWith(2, 0.5, 0)).isFalse();
  }

  @Test
  void aJumpThatGrowsAsTheStepShrinksIsNoKink() {
    Slopes jump = new Slopes(1, 0, -1, 1, 0);
    assertThat(new Measured(jump, 1, 8).isKink(1e-6)).isTrue();
    assertThat(new Measured(jump, 1, 9).isKink(1e-6)).isFalse();
    assertThat(new Measured(jump, 1, 1).isKink(3)).isFalse();
  }

  private static Measured along(DoubleUnaryOperator f, double v, double stretch) {
    double[] x = {v};
    Probe probe = new Probe(() -> new double[] {f.applyAsDouble(x[0])}, new double[] {1});
    return Measured.along(probe, x, 0, stretch);
  }
}
