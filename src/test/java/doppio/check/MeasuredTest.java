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

  /** From step 2^-22 on nothing of the slope 1 of larger steps is left. */
  @Test
  void whatSmallerStepsAreOffIsScaledByTheirSize() {
    double quantum = 0x1p-20;
    Measured m = along(t -> quantum * Math.rint(t / quantum), 0, 1);
    assertThat(m.slopes().central()).isEqualTo(1);
    assertThat(m.slopes().step()).isEqualTo(0x1p-4);
    assertThat(m.error()).isCloseTo(0x1p-18, within(1e-12));
  }

  @Test
  void largeStepsThatAreSharpAndAgreeOutdoSmallOnesThatContradict() {
    assertThat(stepped(2, 0, 0)).isEqualTo(2);
    assertThat(stepped(2, 0.001, 0)).isCloseTo(2, within(0.003));
    assertThat(stepped(200, 0.1, 0)).isCloseTo(200, within(0.3));
    assertThat(stepped(2, 0, 0.001)).isCloseTo(2, within(0.002));
  }

  @Test
  void largeStepsThatAreNotSharpOrDoNotAgreeDoNot() {
    assertThat(stepped(2, 0.01, 0)).isEqualTo(1);
    assertThat(stepped(0.02, 0.00005, 0)).isEqualTo(0.01);
    assertThat(stepped(2, 0, 0.004)).isEqualTo(1);
  }

  /**
   * The slope at 0 as it is measured, of a function that has this slope for steps of 1/16, a little
   * more for those of 1/128 and again for smaller ones, and half of it for the smallest. On the
   * right side it is larger by a difference, on the left lower, but for the smallest.
   */
  private static double stepped(double slope, double more, double difference) {
    DoubleUnaryOperator f =
        t -> {
          double size = Math.abs(t);
          if (size < 0x1p-20) {
            return t * slope / 2;
          }
          double s = slope + (size > 0x1p-5 ? 0 : size > 0x1p-8 ? more : 2 * more);
          return t * s + size * difference;
        };
    return along(f, 0, 1).slopes().central();
  }

  /** Eleven steps of four points each, sixteen for a number so small; once in the middle. */
  @Test
  void numbersNearZeroAreMeasuredWithMoreSteps() {
    for (double v : new double[] {1, 0, 0x1p-20, -1000}) {
      assertThat(points(v)).isEqualTo(1 + 4 * 11);
    }
    for (double v : new double[] {0x1.8p-21, -1e-9}) {
      assertThat(points(v)).isEqualTo(1 + 4 * 16);
    }
  }

  private static int points(double v) {
    int[] calls = new int[1];
    Measured unused = along(t -> t + 0 * calls[0]++, v, 1);
    return calls[0];
  }

  private static Measured along(DoubleUnaryOperator f, double v, double stretch) {
    double[] x = {v};
    Probe probe = new Probe(() -> new double[] {f.applyAsDouble(x[0])}, new double[] {1});
    return Measured.along(probe, x, 0, stretch);
  }
}
