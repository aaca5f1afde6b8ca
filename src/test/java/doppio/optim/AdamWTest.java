package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final String REFUSED =
      "AdamW has no decoupledWeightDecay: its weightDecay d is decoupled, w ← w − ηdw with the"
          + " learning rate η; for w ← w − δw, without η, use Adam";

  @Test
  void weightDecayIsMultipliedByTheRate() {
    Parameter p = Parameters.withGradient(1, 2);
    new AdamW(List.of(p), 0.5, 0.5, 0.75, 2).weightDecay(0.25).step();
    // 1 − 0.5 · 0.25 · 1, less Adam's 0.25
    assertThat(p.value().get(0)).isEqualTo(0.625);
  }

  @Test
  void theMomentsDoNotSeeTheDecay() {
    Parameter p = Parameters.withGradient(1, 0);
    Optimizer adamW = new AdamW(List.of(p), 0.5).weightDecay(0.5);
    adamW.step();
    assertThat(p.value().get(0)).isEqualTo(0.75);
    assertThat(adamW.stateDict().get("AdamW.parameter.0.buffer.0").get(0)).isZero();
    assertThat(adamW.stateDict().get("AdamW.parameter.0.buffer.1").get(0)).isZero();
  }

  @Test
  void theDecayIsOneHundredthAtFirst() {
    Parameter p = Parameters.withGradient(1, 0);
    AdamW adamW = new AdamW(List.of(p), 0.5);
    assertThat(adamW.groups().get(0).weightDecay()).isEqualTo(0.01);
    assertThat(adamW.group(List.of(p)).weightDecay()).isEqualTo(0.01);
    adamW.step();
    assertThat(p.value().get(0)).isEqualTo(0.995);
  }

  @Test
  void theDecayFollowsTheRateAndTheGroup() {
    Parameter p = Parameters.withGradient(1, 0);
    Parameter bias = Parameters.withGradient(1, 0);
    AdamW adamW = new AdamW(List.of(p, bias), 0.5);
    adamW.weightDecay(0.5);
    adamW.group(List.of(bias)).weightDecay(0);
    adamW.learningRate(0.25).step();
    assertThat(p.value().get(0)).isEqualTo(0.875);
    assertThat(bias.value().get(0)).isEqualTo(1);
  }

  @Test
  void itIsAdamWithTheRateInTheDecay() {
    Parameter a = Parameters.of(1, -2);
    Parameter b = Parameters.of(1, -2);
    Optimizer adamW = new AdamW(List.of(a), 0.125).weightDecay(0.25);
    Optimizer adam = new Adam(List.of(b), 0.125).decoupledWeightDecay(0.03125);
    for (int t = 0; t < 5; t++) {
      Parameters.gradient(a, t, 1 - t);
      Parameters.gradient(b, t, 1 - t);
      adamW.step();
      adam.step();
    }
    assertThat(a.value().data()).containsExactly(b.value().data());
  }

  @Test
  void endsWherePyTorchEnds() {
    Trajectory.ends(
        p -> new AdamW(p, 0.1).weightDecay(0.2),
        0.3323473762012034,
        -1.0838253088350625,
        1.9506908561985317,
        -0.3348994003593333);
  }

  @Test
  void everyStepIsTheFormula() {
    double eta = 0.03;
    double d = 0.2;
    Reference.check(
        p -> new AdamW(p, eta, 0.8, 0.95, 1e-3).weightDecay(d),
        (t, w, g, memory) -> {
          memory[0] = 0.8 * memory[0] + 0.2 * g;
          memory[1] = 0.95 * memory[1] + 0.05 * g * g;
          double mean = memory[0] / (1 - Math.pow(0.8, t));
          double square = memory[1] / (1 - Math.pow(0.95, t));
          double decayed = w - eta * d * w;
          return decayed - eta * mean / (Math.sqrt(square) + 1e-3);
        });
  }

  @Test
  void decoupledWeightDecayIsRefusedWithTheFormula() {
    Parameter p = Parameters.withGradient(1, 2);
    AdamW adamW = new AdamW(List.of(p), 0.5);
    ParameterGroup group = adamW.group(List.of(p));
    for (double value : new double[] {0, 0.05, Double.NaN}) {
      assertThatThrownBy(() -> adamW.decoupledWeightDecay(value))
          .isExactlyInstanceOf(UnsupportedOperationException.class)
          .hasMessage(REFUSED);
      assertThatThrownBy(() -> group.decoupledWeightDecay(value))
          .isExactlyInstanceOf(UnsupportedOperationException.class)
          .hasMessage(REFUSED);
    }
    assertThat(group.decoupledWeightDecay()).isZero();
    assertThat(group.weightDecay()).isEqualTo(0.01);
  }

  @Test
  void itsStateHasOneDecay() {
    Parameter p = Parameters.withGradient(1, 2);
    AdamW adamW = new AdamW(List.of(p), 0.5);
    adamW.weightDecay(0.25).step();
    Map<String, Tensor> state = new LinkedHashMap<>(adamW.stateDict());
    assertThat(state.keySet())
        .containsExactly(
            "AdamW.group.0.learningRate",
            "AdamW.group.0.weightDecay",
            "AdamW.parameter.0.group",
            "AdamW.parameter.0.steps",
            "AdamW.parameter.0.buffer.0",
            "AdamW.parameter.0.buffer.1");
    AdamW other = new AdamW(List.of(Parameters.of(1)), 1);
    other.loadStateDict(state);
    assertThat(other.learningRate()).isEqualTo(0.5);
    assertThat(other.groups().get(0).weightDecay()).isEqualTo(0.25);
    state.put("AdamW.group.0.decoupledWeightDecay", Tensor.full(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.loadStateDict(state))
        .withMessage("state does not fit AdamW: unexpected AdamW.group.0.decoupledWeightDecay");
  }

  @Test
  void argumentsOutOfRangeAreRefusedByName() {
    List<Parameter> p = List.of(Parameters.of(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(List.of(), 0.1))
        .withMessage("AdamW expects at least one parameter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(p, 0.1, 1, 0.9, 0))
        .withMessage("beta1 must be in [0, 1), got 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(p, 0.1, 0.9, 0.9, 0).weightDecay(-1))
        .withMessage("weight decay must be finite and not negative, got -1.0");
  }
}
