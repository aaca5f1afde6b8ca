package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamTest {
  @Test
  void theFirstStepIsTheRateWhateverTheGradient() {
    Parameter p = Parameters.of(1, 1, 1);
    Parameters.gradient(p, 1e-3, -2, 1e5);
    new Adam(List.of(p), 0.1, 0.9, 0.999, 0).step();
    assertThat(p.value().data()).containsExactly(new double[] {0.9, 1.1, 0.9}, within(1e-15));
  }

  @Test
  void epsilonIsOutsideTheRoot() {
    Parameter p = Parameters.withGradient(1, 2);
    new Adam(List.of(p), 0.5, 0.5, 0.75, 2).step();
    // m = 1, v = 1; 0.5 / (1 − 0.5) · 1 / (√1 / √0.25 + 2)
    assertThat(p.value().get(0)).isEqualTo(0.75);
  }

  @Test
  void withoutMemoryEveryStepIsTheRate() {
    Parameter p = Parameters.withGradient(1, 2);
    Optimizer adam = new Adam(List.of(p), 0.25, 0, 0, 0);
    adam.step();
    adam.step();
    assertThat(p.value().get(0)).isEqualTo(0.5);
  }

  @Test
  void decoupledDecayIsNotMultipliedByTheRate() {
    Parameter p = Parameters.withGradient(1, 2);
    new Adam(List.of(p), 0.5, 0.5, 0.75, 2).decoupledWeightDecay(0.125).step();
    assertThat(p.value().get(0)).isEqualTo(0.625);
  }

  @Test
  void aParameterWithoutGradientsStandsStill() {
    Parameter p = Parameters.withGradient(1, 0);
    new Adam(List.of(p), 0.1).step();
    assertThat(p.value().get(0)).isEqualTo(1);
  }

  @Test
  void endsWherePyTorchEnds() {
    Trajectory.ends(
        p -> new Adam(p, 0.1),
        0.39021114079682345,
        -1.3048537929304693,
        2.3034306999121466,
        -0.33576354561201455);
    Trajectory.ends(
        p -> new Adam(p, 0.1, 0.8, 0.95, 1e-3).weightDecay(0.05),
        0.4048380559423087,
        -1.308071458419918,
        2.30538487298196,
        -0.3297094561641881);
    // AdamW with weight decay 0.2, which it multiplies by the rate.
    Trajectory.ends(
        p -> new Adam(p, 0.1).decoupledWeightDecay(0.02),
        0.3323473762012034,
        -1.0838253088350625,
        1.9506908561985317,
        -0.3348994003593333);
  }

  @Test
  void argumentsOutOfRangeAreRefusedByName() {
    List<Parameter> p = List.of(Parameters.of(1));
    for (double bad : new double[] {1, -0.1, Double.NaN}) {
      refused(() -> new Adam(p, 0.1, bad, 0.9, 0), "beta1 must be in [0, 1), got " + bad);
      refused(() -> new Adam(p, 0.1, 0.9, bad, 0), "beta2 must be in [0, 1), got " + bad);
    }
    for (double bad : new double[] {-1e-8, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> new Adam(p, 0.1, 0.9, 0.9, bad),
          "epsilon must be finite and not negative, got " + bad);
    }
  }

  private static void refused(Runnable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
  }

  @Test
  void aWeightWhoseDecayHasNoSquareIsRefusedBeforeAnythingMoves() {
    Parameter good = new Parameter(Tensor.of(1, 2));
    Parameter bad = new Parameter(Tensor.of(1, 1e160));
    List<Parameter> both = List.of(good, bad);
    for (Optimizer optimizer :
        List.of(new Adam(both, 0.1), new RMSprop(both, 0.1), new Adagrad(both, 0.1))) {
      optimizer.weightDecay(0.5);
      good.accumulator().data()[0] = 1;
      bad.accumulator().data()[0] = 1;
      assertThatThrownBy(optimizer::step)
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining(
              "times the weight decay 0.5 has an element beyond a tenth of 1.0E15");
      assertThat(good.value().data()).containsExactly(1, 2);
      assertThat(bad.value().data()).containsExactly(1, 1e160);
    }
  }
}
