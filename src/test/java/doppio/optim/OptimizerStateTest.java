package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OptimizerStateTest {
  private static final List<Function<List<Parameter>, Optimizer>> RULES =
      List.of(
          p -> new SGD(p, 0.5),
          p -> new Momentum(p, 0.5, 0.9).nesterov(true),
          p -> new Adam(p, 0.5),
          p -> new RMSprop(p, 0.5, 0.9, 1e-3, 0.5, true),
          p -> new RMSprop(p, 0.5),
          p -> new Adagrad(p, 0.5, 0.1, 0.25, 1e-3));

  /** AdamW too, which has no decoupled decay to read. */
  @Test
  void aStateWithTheRateThatAScheduleHasSetLeavesTheBaseRate() {
    for (Optimizer optimizer :
        List.of(
            new AdamW(List.of(Parameters.withGradient(2, 1)), 0.5),
            new Adam(List.of(Parameters.withGradient(2, 1)), 0.5))) {
      Scheduler scheduler = new Scheduler(optimizer, Schedule.cosine(1));
      scheduler.step();
      optimizer.loadStateDict(optimizer.stateDict());
      assertThat(optimizer.learningRate()).isZero();
      assertThat(optimizer.groups().get(0).baseLearningRate()).isEqualTo(0.5);
    }
  }

  @Test
  void anotherOptimizerGoesOnWithTheSameBits() {
    for (Function<List<Parameter>, Optimizer> rule : RULES) {
      for (int stop = 0; stop < 4; stop++) {
        Parameter w = Parameters.of(1, -2);
        Parameter b = Parameters.of(3);
        Optimizer first = grouped(rule, w, b).learningRate(0.125).weightDecay(0.25);
        first.groups().get(1).learningRate(0.0625).decoupledWeightDecay(0.5);
        steps(first, w, b, 0, stop);
        Map<String, Tensor> state = copy(first.stateDict());
        Parameter w2 = w.copy();
        Parameter b2 = b.copy();
        steps(first, w, b, stop, 5);

        Optimizer second = grouped(rule, w2, b2);
        steps(second, w2.copy(), b2.copy(), 0, 2);
        second.loadStateDict(state);
        steps(second, w2, b2, stop, 5);
        assertThat(w2.value().data()).containsExactly(w.value().data());
        assertThat(b2.value().data()).containsExactly(b.value().data());
        assertThat(bits(second)).isEqualTo(bits(first));
      }
    }
  }

  @Test
  void keysNameRuleGroupsAndParameters() {
    Parameter w = Parameters.of(1, -2);
    Parameter b = Parameters.of(3);
    Optimizer adam = grouped(p -> new Adam(p, 0.5), w, b);
    Parameters.gradient(w, 1, 1);
    adam.step();
    assertThat(adam.stateDict().keySet())
        .containsExactly(
            "Adam.group.0.learningRate",
            "Adam.group.0.weightDecay",
            "Adam.group.0.decoupledWeightDecay",
            "Adam.group.1.learningRate",
            "Adam.group.1.weightDecay",
            "Adam.group.1.decoupledWeightDecay",
            "Adam.parameter.0.group",
            "Adam.parameter.0.steps",
            "Adam.parameter.0.buffer.0",
            "Adam.parameter.0.buffer.1",
            "Adam.parameter.1.group",
            "Adam.parameter.1.steps");
    assertThat(adam.stateDict().get("Adam.parameter.0.steps").get()).isEqualTo(1);
    assertThat(adam.stateDict().get("Adam.parameter.1.group").get()).isEqualTo(1);
  }

  @Test
  void whatIsLoadedIsACopy() {
    Parameter w = Parameters.withGradient(1, 1);
    Optimizer momentum = new Momentum(List.of(w), 0.5, 0.5);
    momentum.step();
    Map<String, Tensor> state = copy(momentum.stateDict());
    momentum.loadStateDict(state);
    state.get("Momentum.parameter.0.buffer.0").fill(100);
    momentum.step();
    assertThat(w.value().get(0)).isEqualTo(1 - 0.5 - 0.5 * 1.5);
  }

  @Test
  void anEmptyMemoryReplacesAFullOne() {
    Parameter w = Parameters.withGradient(1, 1);
    Optimizer momentum = new Momentum(List.of(w), 0.5, 0.5);
    Map<String, Tensor> fresh = momentum.stateDict();
    momentum.step();
    momentum.loadStateDict(fresh);
    momentum.step();
    assertThat(w.value().get(0)).isZero();
  }

  @Test
  void anotherRulesStateIsRefused() {
    Optimizer adam = new Adam(List.of(Parameters.of(1)), 0.5);
    Optimizer sgd = new SGD(List.of(Parameters.of(1)), 0.5);
    refused(
        sgd,
        adam.stateDict(),
        "state does not fit SGD: expected keys that begin with it but got"
            + " Adam.group.0.learningRate");
  }

  @Test
  void everythingThatDoesNotFitIsNamedAndNothingChanges() {
    Parameter w = Parameters.of(1, -2);
    Parameter b = Parameters.of(3);
    Optimizer adam = grouped(p -> new Adam(p, 0.5), w, b);
    steps(adam, w, b, 0, 2);
    Map<String, Tensor> state = copy(adam.stateDict());
    state.remove("Adam.group.0.weightDecay");
    state.put("Adam.group.1.learningRate", Tensor.full(-1));
    state.put("Adam.parameter.0.group", Tensor.full(1));
    state.put("Adam.parameter.0.steps", Tensor.full(1.5));
    state.put("Adam.parameter.0.buffer.1", Tensor.zeros(3));
    state.put("Adam.parameter.1.steps", Tensor.of(1));
    state.put("Adam.parameter.2.steps", Tensor.full(1));
    refused(
        adam,
        state,
        "state does not fit Adam: missing Adam.group.0.weightDecay; Adam.group.1.learningRate"
            + " expects a finite number that is not negative but got -1.0; Adam.parameter.0.group"
            + " expects group 0 but got 1.0; Adam.parameter.0.steps expects a whole number from 0"
            + " to 9007199254740992 but got 1.5; Adam.parameter.0.buffer.1 expects [2] but got [3];"
            + " Adam.parameter.1.steps expects [] but got [1]; unexpected Adam.parameter.2.steps");
  }

  @Test
  void aStepCountThatIsMissingIsRefused() {
    Optimizer sgd = afterTwoSteps(p -> new SGD(p, 0.5));
    Map<String, Tensor> state = copy(sgd.stateDict());
    state.remove("SGD.parameter.1.steps");
    refused(sgd, state, "state does not fit SGD: missing SGD.parameter.1.steps");
  }

  @Test
  void buffersThatAreMissingAreRefused() {
    Optimizer adam = afterTwoSteps(p -> new Adam(p, 0.5));
    Map<String, Tensor> state = copy(adam.stateDict());
    state.remove("Adam.parameter.0.buffer.1");
    state.remove("Adam.parameter.1.buffer.0");
    refused(
        adam,
        state,
        "state does not fit Adam: missing Adam.parameter.0.buffer.1; missing"
            + " Adam.parameter.1.buffer.0");
  }

  @Test
  void buffersThatTheRuleDoesNotHaveAreRefused() {
    surplus(p -> new SGD(p, 0.5), "SGD.parameter.0.buffer.0");
    surplus(p -> new Momentum(p, 0.5, 0.5), "Momentum.parameter.1.buffer.1");
    surplus(p -> new Adam(p, 0.5), "Adam.parameter.0.buffer.2");
    surplus(p -> new AdamW(p, 0.5), "AdamW.parameter.0.buffer.2");
    surplus(p -> new RMSprop(p, 0.5), "RMSprop.parameter.0.buffer.1");
    surplus(p -> new RMSprop(p, 0.5, 0.9, 0, 0, true), "RMSprop.parameter.0.buffer.2");
    surplus(p -> new Adagrad(p, 0.5), "Adagrad.parameter.0.buffer.1");
  }

  private static void surplus(Function<List<Parameter>, Optimizer> rule, String key) {
    Optimizer optimizer = afterTwoSteps(rule);
    Map<String, Tensor> state = copy(optimizer.stateDict());
    state.put(key, key.contains("parameter.0") ? Tensor.zeros(2) : Tensor.zeros(1));
    String name = key.substring(0, key.indexOf('.'));
    refused(optimizer, state, "state does not fit " + name + ": unexpected " + key);
  }

  @Test
  void aParameterWithoutStepsHasNoBuffers() {
    Optimizer adam = afterTwoSteps(p -> new Adam(p, 0.5));
    Map<String, Tensor> state = copy(adam.stateDict());
    state.put("Adam.parameter.1.steps", Tensor.full(0));
    refused(
        adam,
        state,
        "state does not fit Adam: unexpected Adam.parameter.1.buffer.0; unexpected"
            + " Adam.parameter.1.buffer.1");
  }

  @Test
  void numbersThatCannotBeAreRefused() {
    Optimizer adam = afterTwoSteps(p -> new Adam(p, 0.5));
    Map<String, Tensor> state = copy(adam.stateDict());
    state.get("Adam.parameter.0.buffer.0").set(Double.NaN, 1);
    state.get("Adam.parameter.0.buffer.1").set(-Double.MIN_VALUE, 0);
    state.get("Adam.parameter.1.buffer.0").set(Double.NEGATIVE_INFINITY, 0);
    state.get("Adam.parameter.1.buffer.1").set(Double.POSITIVE_INFINITY, 0);
    refused(
        adam,
        state,
        "state does not fit Adam: Adam.parameter.0.buffer.0 expects finite numbers but element 1 is"
            + " NaN; Adam.parameter.0.buffer.1 expects finite numbers that are not negative but"
            + " element 0 is -4.9E-324; Adam.parameter.1.buffer.0 expects finite numbers but"
            + " element 0 is -Infinity; Adam.parameter.1.buffer.1 expects finite numbers that are"
            + " not negative but element 0 is Infinity");
  }

  @Test
  void meansMayBeNegativeAndSquaresZero() {
    Optimizer adam = afterTwoSteps(p -> new Adam(p, 0.5));
    Map<String, Tensor> state = copy(adam.stateDict());
    state.get("Adam.parameter.0.buffer.0").set(-Double.MAX_VALUE, 1);
    state.get("Adam.parameter.0.buffer.1").fill(0);
    state.get("Adam.parameter.0.buffer.1").set(Double.MAX_VALUE, 1);
    adam.loadStateDict(state);
    assertThat(adam.stateDict().get("Adam.parameter.0.buffer.0").get(1))
        .isEqualTo(-Double.MAX_VALUE);
  }

  @Test
  void settingsUpToTheirBoundsAreLoaded() {
    Optimizer sgd = afterTwoSteps(p -> new SGD(p, 0.5));
    Map<String, Tensor> state = copy(sgd.stateDict());
    state.put("SGD.group.0.learningRate", Tensor.full(0));
    state.put("SGD.group.1.weightDecay", Tensor.full(Double.MAX_VALUE));
    sgd.loadStateDict(state);
    assertThat(sgd.learningRate()).isZero();
    assertThat(sgd.groups().get(1).weightDecay()).isEqualTo(Double.MAX_VALUE);
    state.put("SGD.group.1.weightDecay", Tensor.full(Double.POSITIVE_INFINITY));
    refused(
        sgd,
        state,
        "state does not fit SGD: SGD.group.1.weightDecay expects a finite number that is not"
            + " negative but got Infinity");
  }

  private static Optimizer afterTwoSteps(Function<List<Parameter>, Optimizer> rule) {
    Parameter w = Parameters.of(1, -2);
    Parameter b = Parameters.of(3);
    Optimizer optimizer = grouped(rule, w, b);
    steps(optimizer, w, b, 0, 2);
    return optimizer;
  }

  private static void refused(Optimizer optimizer, Map<String, Tensor> state, String message) {
    Map<String, List<Double>> before = bits(optimizer);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> optimizer.loadStateDict(state))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> optimizer.read(state))
        .withMessage(message);
    assertThat(bits(optimizer)).isEqualTo(before);
  }

  private static Optimizer grouped(
      Function<List<Parameter>, Optimizer> rule, Parameter w, Parameter b) {
    Optimizer optimizer = rule.apply(List.of(w, b));
    optimizer.group(List.of(b));
    return optimizer;
  }

  private static void steps(Optimizer optimizer, Parameter w, Parameter b, int from, int to) {
    for (int t = from; t < to; t++) {
      Parameters.gradient(w, t + 0.5, 2 - t);
      Parameters.gradient(b, -t - 1);
      optimizer.step();
    }
  }

  private static Map<String, Tensor> copy(Map<String, Tensor> state) {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    state.forEach((name, tensor) -> copy.put(name, tensor.copy()));
    return copy;
  }

  private static Map<String, List<Double>> bits(Optimizer optimizer) {
    Map<String, List<Double>> bits = new LinkedHashMap<>();
    optimizer
        .stateDict()
        .forEach((name, t) -> bits.put(name, Arrays.stream(t.data()).boxed().toList()));
    return bits;
  }
}
