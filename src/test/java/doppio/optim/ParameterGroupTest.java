package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterGroupTest {
  @Test
  void aGroupHasSettingsOfItsOwn() {
    Parameter weight = Parameters.withGradient(2, 1);
    Parameter bias = Parameters.withGradient(2, 1);
    Optimizer sgd = new SGD(List.of(weight, bias), 0.5).weightDecay(0.25);
    ParameterGroup group = sgd.group(List.of(bias)).weightDecay(0);
    assertThat(sgd.groups()).containsExactly(sgd.groups().get(0), group);
    assertThat(sgd.groups().get(0).parameters()).containsExactly(weight);
    assertThat(group.parameters()).containsExactly(bias);
    assertThat(group.learningRate()).isEqualTo(0.5);
    sgd.step();
    assertThat(weight.value().get(0)).isEqualTo(1.25); // 2 − 0.5 (1 + 0.25 · 2)
    assertThat(bias.value().get(0)).isEqualTo(1.5);

    // The optimizer's own setters are for the default group.
    sgd.learningRate(0).weightDecay(0).decoupledWeightDecay(0.5);
    group.learningRate(1).decoupledWeightDecay(0.25);
    assertThat(group.learningRate()).isEqualTo(1);
    assertThat(sgd.learningRate()).isZero();
    sgd.step();
    assertThat(weight.value().get(0)).isEqualTo(0.625);
    assertThat(bias.value().get(0)).isEqualTo(0.125); // 1.5 − 1 − 0.25 · 1.5
  }

  @Test
  void aGroupStartsWithTheDefaultSettings() {
    Parameter p = Parameters.of(1);
    Optimizer sgd = new SGD(List.of(Parameters.of(1), p), 0.5).weightDecay(1);
    sgd.decoupledWeightDecay(2);
    ParameterGroup group = sgd.group(List.of(p, p));
    assertThat(group.parameters()).containsExactly(p);
    assertThat(group.learningRate()).isEqualTo(0.5);
    assertThat(group.weightDecay()).isEqualTo(1);
    assertThat(group.decoupledWeightDecay()).isEqualTo(2);
  }

  @Test
  void aMovedParameterKeepsItsState() {
    Parameter p = Parameters.withGradient(1, 2);
    Momentum momentum = new Momentum(List.of(p), 0.25, 0.5);
    momentum.step();
    momentum.group(List.of(p)).learningRate(0.5);
    momentum.group(List.of(p)).learningRate(1);
    assertThat(momentum.groups()).extracting(g -> g.parameters().size()).containsExactly(0, 0, 1);
    momentum.step();
    assertThat(p.value().get(0)).isEqualTo(0.5 - 3); // v = 0.5 · 2 + 2
  }

  @Test
  void groupsThatAreNone() {
    Parameter mine = Parameters.of(1);
    Optimizer sgd = new SGD(List.of(mine), 0.5);
    refused(() -> sgd.group(List.of()), "a group expects at least one parameter");
    refused(
        () -> sgd.group(List.of(mine, Parameters.of(1, 2))),
        "SGD does not have parameter 1 of the group, Parameter[2]");
    assertThat(sgd.groups()).hasSize(1);
    assertThat(sgd.groups().get(0).parameters()).containsExactly(mine);
  }

  @Test
  void badSettingsChangeNothing() {
    Optimizer sgd = new SGD(List.of(Parameters.of(1)), 0.5).weightDecay(0.25);
    sgd.decoupledWeightDecay(0.125);
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String problem = " must be finite and not negative, got " + bad;
      refused(() -> sgd.learningRate(bad), "learning rate" + problem);
      refused(() -> sgd.weightDecay(bad), "weight decay" + problem);
      refused(() -> sgd.decoupledWeightDecay(bad), "decoupled weight decay" + problem);
      refused(() -> new SGD(List.of(Parameters.of(1)), bad), "learning rate" + problem);
    }
    ParameterGroup group = sgd.groups().get(0);
    assertThat(group.learningRate()).isEqualTo(0.5);
    assertThat(group.weightDecay()).isEqualTo(0.25);
    assertThat(group.decoupledWeightDecay()).isEqualTo(0.125);
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }
}
