package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdagradTest {
  @Test
  void twoStepsAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 3);
    Optimizer adagrad = new Adagrad(List.of(p), 0.5, 0, 0, 3);
    adagrad.step();
    assertThat(p.value().get(0)).isEqualTo(0.75); // s = 9; 1 − 0.5 · 3 / (3 + 3)
    Parameters.gradient(p, 4);
    adagrad.step(); // s = 25
    assertThat(p.value().get(0)).isEqualTo(0.5); // 0.75 − 0.5 · 4 / (5 + 3)
  }

  @Test
  void theFirstStepIsTheRateWhateverTheGradient() {
    Parameter p = Parameters.of(1, 1, 1);
    Parameters.gradient(p, 0.5, -2, 1e5);
    new Adagrad(List.of(p), 0.25).step();
    assertThat(p.value().data())
        .usingComparatorWithPrecision(1e-9)
        .containsExactly(0.75, 1.25, 0.75);
  }

  @Test
  void theRateFallsFromTheSecondStepOn() {
    Parameter p = Parameters.withGradient(1, 2);
    Optimizer adagrad = new Adagrad(List.of(p), 0.5, 1, 12, 0);
    adagrad.step();
    assertThat(p.value().get(0)).isEqualTo(0.75); // s = 12 + 4; 1 − 0.5 · 2 / 4
    Parameters.gradient(p, 3);
    adagrad.step(); // s = 25, η = 0.25
    assertThat(p.value().get(0)).isEqualTo(0.75 - 0.25 * 3 / 5);
  }

  @Test
  void everyParameterStartsFromTheInitialAccumulator() {
    Parameter early = Parameters.withGradient(1, 2);
    Parameter late = Parameters.of(1);
    Optimizer adagrad = new Adagrad(List.of(early, late), 0.5, 0, 12, 0);
    adagrad.step();
    early.zeroGrad();
    Parameters.gradient(late, 2);
    adagrad.step();
    assertThat(late.value().get(0)).isEqualTo(0.75);
    assertThat(adagrad.stateDict().get("Adagrad.parameter.0.buffer.0").get(0)).isEqualTo(16);
  }

  @Test
  void bothDecaysAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(2, 2);
    new Adagrad(List.of(p), 0.5, 0, 0, 3).weightDecay(0.5).decoupledWeightDecay(0.125).step();
    // h = 2 + 0.5 · 2 = 3; 2 − 0.5 · 3 / (3 + 3) − 0.125 · 2
    assertThat(p.value().get(0)).isEqualTo(1.5);
  }

  @Test
  void everyStepIsTheFormula() {
    Reference.check(
        p -> new Adagrad(p, 0.3, 0.05, 0.5, 1e-3).weightDecay(0.1).decoupledWeightDecay(0.01),
        (t, w, g, memory) -> {
          double h = g + 0.1 * w;
          memory[0] += h * h;
          double rate = 0.3 / (1 + (t - 1) * 0.05);
          return w - rate * h / (Math.sqrt(0.5 + memory[0]) + 1e-3) - 0.01 * w;
        });
  }

  @Test
  void argumentsOutOfRangeAreRefusedByName() {
    List<Parameter> p = List.of(Parameters.of(1));
    for (double bad : new double[] {-1e-8, Double.NaN, Double.POSITIVE_INFINITY}) {
      String problem = " must be finite and not negative, got " + bad;
      refused(() -> new Adagrad(p, 0.1, bad, 0, 0), "rate decay" + problem);
      refused(() -> new Adagrad(p, 0.1, 0, bad, 0), "initial accumulator" + problem);
      refused(() -> new Adagrad(p, 0.1, 0, 0, bad), "epsilon" + problem);
    }
    refused(() -> new Adagrad(List.of(), 0.1), "Adagrad expects at least one parameter");
  }

  private static void refused(Runnable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
  }
}
