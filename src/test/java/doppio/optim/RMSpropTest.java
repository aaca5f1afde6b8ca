package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class RMSpropTest {
  @Test
  void twoStepsAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 4);
    Optimizer rmsprop = new RMSprop(List.of(p), 0.5, 0.75, 2, 0, false);
    rmsprop.step();
    assertThat(p.value().get(0)).isEqualTo(0.5); // v = 0.25 · 16 = 4; 1 − 0.5 · 4 / (2 + 2)
    Parameters.gradient(p, 2);
    rmsprop.step(); // v = 0.75 · 4 + 0.25 · 4 = 4
    assertThat(p.value().get(0)).isEqualTo(0.25);
  }

  @Test
  void theDefaultsArePyTorchs() {
    Parameter p = Parameters.withGradient(1, 4);
    new RMSprop(List.of(p), 0.5).step();
    assertThat(p.value().get(0)).isCloseTo(1 - 0.5 * 4 / (0.4 + 1e-8), within(1e-14));
  }

  @Test
  void momentumTakesTheStepsWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 4);
    Optimizer rmsprop = new RMSprop(List.of(p), 0.5, 0.75, 2, 0.5, false);
    rmsprop.step();
    assertThat(p.value().get(0)).isEqualTo(0.5); // b = 1
    Parameters.gradient(p, 2);
    rmsprop.step(); // b = 0.5 · 1 + 2 / (2 + 2) = 1
    assertThat(p.value().get(0)).isZero();
  }

  @Test
  void theCenteredRuleTakesTheStepsWorkedByHand() {
    Parameter p = Parameters.withGradient(1, 4);
    new RMSprop(List.of(p), 0.5, 0.5, 2, 0, true).step();
    // v = 8, m = 2, √(8 − 4) = 2
    assertThat(p.value().get(0)).isEqualTo(0.5);
  }

  @Test
  void bothDecaysAreThoseWorkedByHand() {
    Parameter p = Parameters.withGradient(2, 3);
    new RMSprop(List.of(p), 0.5, 0.75, 2, 0, false)
        .weightDecay(0.5)
        .decoupledWeightDecay(0.125)
        .step();
    // h = 3 + 0.5 · 2 = 4, v = 4; 2 − 0.5 · 4 / (2 + 2) − 0.125 · 2
    assertThat(p.value().get(0)).isEqualTo(1.25);
  }

  @Test
  void aConstantGradientNeverMakesTheRootNaN() {
    Parameter p = Parameters.of(1, 1);
    Parameters.gradient(p, 0.3, -1.7);
    Optimizer rmsprop = new RMSprop(List.of(p), 1e-9, 0.9, 1e-8, 0, true);
    for (int t = 0; t < 2000; t++) {
      rmsprop.step();
    }
    assertThat(p.value().get(0)).isFinite().isLessThan(1);
    assertThat(p.value().get(1)).isFinite().isGreaterThan(1);
  }

  @Test
  void everyStepIsTheFormula() {
    for (boolean centered : new boolean[] {false, true}) {
      for (double mu : new double[] {0, 0.6}) {
        Reference.check(
            p ->
                new RMSprop(p, 0.03, 0.9, 1e-3, mu, centered)
                    .weightDecay(0.1)
                    .decoupledWeightDecay(0.01),
            (t, w, g, memory) -> {
              double h = g + 0.1 * w;
              memory[0] = 0.9 * memory[0] + 0.1 * h * h;
              memory[1] = 0.9 * memory[1] + 0.1 * h;
              double mean = centered ? memory[1] : 0;
              double u = h / (Math.sqrt(memory[0] - mean * mean) + 1e-3);
              memory[2] = mu * memory[2] + u;
              return w - 0.03 * memory[2] - 0.01 * w;
            });
      }
    }
  }

  @Test
  void onlyTheBuffersThatItsSettingsNeedAreKept() {
    buffers(0, false, "buffer.0");
    buffers(0, true, "buffer.0", "buffer.1");
    buffers(0.5, false, "buffer.0", "buffer.2");
    buffers(0.5, true, "buffer.0", "buffer.1", "buffer.2");
  }

  private static void buffers(double momentum, boolean centered, String... expected) {
    Optimizer rmsprop =
        new RMSprop(List.of(Parameters.withGradient(1, 1)), 0.5, 0.9, 0, momentum, centered);
    rmsprop.step();
    assertThat(rmsprop.stateDict().keySet())
        .filteredOn(key -> key.contains("buffer"))
        .extracting(key -> key.substring("RMSprop.parameter.0.".length()))
        .containsExactly(expected);
  }

  @Test
  void argumentsOutOfRangeAreRefusedByName() {
    List<Parameter> p = List.of(Parameters.of(1));
    for (double bad : new double[] {1, -0.1, Double.NaN}) {
      refused(() -> new RMSprop(p, 0.1, bad, 0, 0, false), "alpha must be in [0, 1), got " + bad);
      refused(
          () -> new RMSprop(p, 0.1, 0.9, 0, bad, false), "momentum must be in [0, 1), got " + bad);
    }
    for (double bad : new double[] {-1e-8, Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          () -> new RMSprop(p, 0.1, 0.9, bad, 0, false),
          "epsilon must be finite and not negative, got " + bad);
    }
    refused(() -> new RMSprop(List.of(), 0.1), "RMSprop expects at least one parameter");
  }

  private static void refused(Runnable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
  }
}
