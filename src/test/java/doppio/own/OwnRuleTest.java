package doppio.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Linear;
import doppio.nn.Parameter;
import doppio.optim.BufferKind;
import doppio.optim.Optimizer;
import doppio.optim.ParameterGroup;
import doppio.optim.ParameterState;
import doppio.optim.SGD;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules of one's own, as somebody writes them who has the library as a jar. */
class OwnRuleTest {
  private static final class SignDescent extends Optimizer {
    SignDescent(List<Parameter> parameters, double learningRate) {
      super(parameters, learningRate);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double[] w = parameter.value().data();
      double[] g = parameter.grad().data();
      for (int i = 0; i < w.length; i++) {
        w[i] -= group.learningRate() * Math.signum(g[i]);
      }
    }
  }

  /** Gradient descent, from the gradient's parts. */
  private static final class Descent extends Optimizer {
    Descent(List<Parameter> parameters, double learningRate) {
      super(parameters, learningRate);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double[] w = parameter.value().data();
      parameter.gradientParts(
          (g, at, from, length) -> {
            for (int i = 0; i < length; i++) {
              w[from + i] -= group.learningRate() * g[at + i];
            }
          });
    }
  }

  /** One that sees to both decays itself, as rules had to once. */
  private static final class Decaying extends Optimizer {
    Decaying(List<Parameter> parameters, double learningRate) {
      super(parameters, learningRate);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double w = parameter.value().get(0);
      double g = parameter.grad().get(0) + group.weightDecay() * w;
      double step = group.learningRate() * g + group.decoupledWeightDecay() * w;
      parameter.value().set(w - step, 0);
    }
  }

  /** Adds up gradients in a buffer, and fails at a parameter, after half of its work. */
  private static final class FailingLate extends Optimizer {
    private final Throwable failure;
    private Parameter failsAt;

    FailingLate(List<Parameter> parameters, Throwable failure) {
      super(parameters, 0.25);
      this.failure = failure;
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double[] w = parameter.value().data();
      for (int i = 0; i < w.length; i++) {
        state.buffer(1)[i] += parameter.grad().data()[i];
        w[i] -= group.learningRate() * state.buffer(1)[i];
      }
      if (parameter.equals(failsAt)) {
        OwnRuleTest.<RuntimeException>rethrow(failure);
      }
    }
  }

  @SuppressWarnings("unchecked") // as Kotlin throws what Java would have to declare
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    throw (T) failure;
  }

  private static final class Failing extends Optimizer {
    Failing(List<Parameter> parameters, double learningRate) {
      super(parameters, learningRate);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      throw new IllegalStateException("no");
    }
  }

  /** The root of the sum of squares takes the gradient's place; and a buffer that may be used. */
  private static final class Root extends Optimizer {
    private int used;
    private String seen;

    Root(List<Parameter> parameters, int used) {
      super(parameters, 1, List.of(BufferKind.NOT_NEGATIVE, BufferKind.UNUSED, BufferKind.FINITE));
      this.used = used;
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double g = parameter.grad().get(0);
      seen = state.toString();
      state.buffer(used)[0] += g * g;
      parameter.value().data()[0] -= Math.sqrt(state.buffer(0)[0]);
    }
  }

  /** The same without a word of its buffers. */
  private static final class Silent extends Optimizer {
    Silent(List<Parameter> parameters) {
      super(parameters, 1);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      state.buffer(1)[0] += parameter.grad().get(0);
    }
  }

  private final Parameter p = parameter(2, -0.5);

  @Test
  void aRuleSeesTheGradientWithCoupledDecay() {
    Optimizer rule = new SignDescent(List.of(p), 0.25);
    rule.step();
    assertThat(p.value().get(0)).isEqualTo(2.25);
    rule.weightDecay(0.5).step(); // sign(−0.5 + 0.5 · 2.25) = 1
    assertThat(p.value().get(0)).isEqualTo(2);
    assertThat(p.grad().get(0)).isEqualTo(-0.5);
  }

  @Test
  void decoupledDecayIsSubtractedBesides() {
    new SignDescent(List.of(p), 0.25).decoupledWeightDecay(0.125).step();
    assertThat(p.value().get(0)).isEqualTo(2 + 0.25 - 0.125 * 2);
    assertThat(p.grad().get(0)).isEqualTo(-0.5);
  }

  @Test
  void bothDecaysTakeTheValueFromBeforeTheStep() {
    new Descent(List.of(p), 0.25).weightDecay(0.5).decoupledWeightDecay(0.125).step();
    assertThat(p.value().get(0)).isEqualTo(2 - 0.25 * (-0.5 + 0.5 * 2) - 0.125 * 2);
  }

  @Test
  void everyGroupHasDecaysOfItsOwn() {
    Parameter bias = parameter(2, -0.5);
    Optimizer rule = new Descent(List.of(p, bias), 0.25).weightDecay(0.5);
    ParameterGroup group = rule.group(List.of(bias)).weightDecay(0).decoupledWeightDecay(0.125);
    rule.step();
    assertThat(p.value().get(0)).isEqualTo(1.875);
    assertThat(bias.value().get(0)).isEqualTo(1.875);
    assertThat(rule.groups().get(0).weightDecay()).isEqualTo(0.5);
    assertThat(group.decoupledWeightDecay()).isEqualTo(0.125);
  }

  @Test
  void aRuleThatSeesToTheDecaysItselfDoesNotApplyThemTwice() {
    new Decaying(List.of(p), 0.25).weightDecay(0.5).decoupledWeightDecay(0.125).step();
    assertThat(p.value().get(0)).isEqualTo(2 - 0.25 * (-0.5 + 0.5 * 2) - 0.125 * 2);
  }

  @Test
  void parametersWithoutGradientAndFrozenOnesAreNotShownToARule() {
    Parameter frozen = parameter(7, 1).frozen(true);
    Parameter without = new Parameter(Tensor.of(5));
    Optimizer rule = new SignDescent(List.of(frozen, without, p), 0.25);
    rule.weightDecay(0.5).decoupledWeightDecay(0.125).step();
    assertThat(values(List.of(frozen, without))).containsExactly(7.0, 5.0);
    assertThat(rule.stateDict().get("SignDescent.parameter.0.steps").get()).isZero();
    assertThat(rule.stateDict().get("SignDescent.parameter.1.steps").get()).isZero();
    assertThat(rule.stateDict().get("SignDescent.parameter.2.steps").get()).isEqualTo(1);
  }

  @Test
  void aRuleThatFailsLeavesGradientAndSettings() {
    Optimizer rule = new Failing(List.of(p), 0.25).weightDecay(0.5).decoupledWeightDecay(0.125);
    assertThatIllegalStateException().isThrownBy(rule::step).withMessage("no");
    assertThat(p.value().get(0)).isEqualTo(2);
    assertThat(p.grad().get(0)).isEqualTo(-0.5);
    assertThat(rule.groups().get(0).weightDecay()).isEqualTo(0.5);
    assertThat(rule.groups().get(0).decoupledWeightDecay()).isEqualTo(0.125);
  }

  @Test
  void aRuleThatFailsAtAnyParameterLeavesNoHalfStep() {
    for (Throwable failure : List.of(new IOException("no"), new AssertionError("no"))) {
      for (int before : new int[] {0, 1, 3}) {
        for (int at = 0; at < 3; at++) {
          Parameter frozen = parameter(7, 1).frozen(true);
          Parameter without = new Parameter(Tensor.of(5));
          List<Parameter> moving = List.of(p, parameter(3, 0.5), parameter(4, -1));
          List<Parameter> all =
              List.of(moving.get(0), frozen, moving.get(1), without, moving.get(2));
          FailingLate rule = new FailingLate(all, failure);
          rule.weightDecay(0.5).decoupledWeightDecay(0.125);
          ParameterGroup last = rule.group(moving.subList(2, 3)).weightDecay(0);
          for (int t = 0; t < before; t++) {
            rule.step();
          }
          Map<String, Tensor> state = copy(rule.stateDict());
          List<Double> values = values(all);
          List<Double> gradients = gradients(all);
          rule.failsAt = moving.get(at);
          assertThatThrownBy(rule::step).isSameAs(failure);
          assertThat(values(all)).isEqualTo(values);
          assertThat(gradients(all)).isEqualTo(gradients);
          assertThat(last.weightDecay()).isZero();
          assertThat(last.decoupledWeightDecay()).isEqualTo(0.125);
          assertSame(rule.stateDict(), state);
        }
      }
    }
  }

  @Test
  void afterAStepThatFailedTheNextIsAsIfItHadNotBeen() {
    List<Parameter> parameters = List.of(p, parameter(3, 0.5));
    List<Parameter> others = List.of(parameter(2, -0.5), parameter(3, 0.5));
    FailingLate rule = new FailingLate(parameters, new IllegalStateException("no"));
    FailingLate other = new FailingLate(others, null);
    for (int t = 0; t < 3; t++) {
      rule.failsAt = parameters.get(1);
      assertThatIllegalStateException().isThrownBy(rule::step);
      rule.failsAt = null;
      rule.step();
      other.step();
    }
    assertThat(values(parameters)).isEqualTo(values(others));
    assertSame(rule.stateDict(), other.stateDict());
  }

  @Test
  void coupledDecayThatMakesTheGradientZeroIsAGradientAllTheSame() {
    Parameter opposed = new Parameter(Tensor.of(2));
    opposed.grad().set(-1, 0);
    FailingLate rule = new FailingLate(List.of(opposed), null);
    rule.weightDecay(0.5).step(); // −1 + 0.5 · 2
    assertThat(rule.stateDict().get("FailingLate.parameter.0.steps").get()).isEqualTo(1);
    assertThat(opposed.value().get(0)).isEqualTo(2);
    assertThat(opposed.grad().get(0)).isEqualTo(-1);
  }

  @Test
  void gradientDescentOfOnesOwnIsThatOfTheLibrary() {
    Generator generator = new Generator(1);
    for (int size : new int[] {1, 2, 7, 64, 613}) {
      for (double lambda : new double[] {0, 0.1}) {
        for (double delta : new double[] {0, 0.01}) {
          Linear own = new Linear(size, 3, generator);
          Linear ours = (Linear) own.copy();
          Optimizer rule = new Descent(own.parameters(), 0.05);
          rule.weightDecay(lambda).decoupledWeightDecay(delta);
          Optimizer sgd = new SGD(ours.parameters(), 0.05);
          sgd.weightDecay(lambda).decoupledWeightDecay(delta);
          Tensor x = Tensor.zeros(size);
          generator.normal(x.data(), 0, 1);
          for (int t = 0; t < 3; t++) {
            step(own, rule, x);
            step(ours, sgd, x);
          }
          assertThat(own.weight().value().data())
              .as("%d inputs, λ %s, δ %s", size, lambda, delta)
              .containsExactly(ours.weight().value().data(), within(1e-13));
        }
      }
    }
  }

  @Test
  void decaysAroundARuleAllocateNothing() {
    int size = 10_000;
    Parameter large = new Parameter(Tensor.zeros(size));
    large.accumulator().fill(1);
    Optimizer rule = new SignDescent(List.of(large, p), 0.25);
    rule.weightDecay(0.5).decoupledWeightDecay(0.125).step();
    long start = allocated();
    for (int i = 0; i < 50; i++) {
      rule.step();
    }
    assertThat(allocated() - start).isLessThan(8L * size);
  }

  @Test
  void declaredBuffersAreThereFromTheFirstStep() {
    Optimizer rule = new Root(List.of(p), 0);
    assertThat(rule.stateDict()).doesNotContainKeys("Root.parameter.0.buffer.0");
    rule.step();
    assertThat(rule.stateDict().keySet())
        .filteredOn(key -> key.contains("buffer"))
        .containsExactly("Root.parameter.0.buffer.0", "Root.parameter.0.buffer.2");
    rule.loadStateDict(copy(rule.stateDict()));
    rule.step();
    assertThat(p.value().get(0)).isEqualTo(2 - 0.5 - Math.sqrt(0.5));
  }

  @Test
  void declaredBuffersAreCheckedWhenTheyAreLoaded() {
    Optimizer rule = new Root(List.of(p), 0);
    rule.step();
    Map<String, Tensor> state = copy(rule.stateDict());
    state.put("Root.parameter.0.buffer.0", Tensor.of(-0.25));
    state.put("Root.parameter.0.buffer.1", Tensor.of(1));
    state.remove("Root.parameter.0.buffer.2");
    refused(
        rule,
        state,
        "state does not fit Root: Root.parameter.0.buffer.0 expects finite numbers that are not"
            + " negative but element 0 is -0.25; missing Root.parameter.0.buffer.2; unexpected"
            + " Root.parameter.0.buffer.1");
  }

  @Test
  void aBufferThatWasNotDeclaredIsRefused() {
    for (int other : new int[] {1, 3}) {
      assertThatIllegalStateException()
          .isThrownBy(new Root(List.of(p), other)::step)
          .withMessage(
              "the rule uses buffer %d but told the constructor that it has [NOT_NEGATIVE, UNUSED,"
                  + " FINITE]",
              other);
    }
  }

  @Test
  void aStepThatFailsLeavesBuffersAsTheyWereAndUnusedOnesUnused() {
    Root rule = new Root(List.of(p), 0);
    rule.step();
    Map<String, Tensor> before = copy(rule.stateDict());
    rule.used = 1;
    assertThatIllegalStateException().isThrownBy(rule::step);
    assertSame(rule.stateDict(), before);
    assertThat(p.value().get(0)).isEqualTo(1.5);
  }

  @Test
  void aStatePrintsStepsAndTheBuffersThatAreUsed() {
    Root rule = new Root(List.of(p), 2);
    rule.step();
    assertThat(rule.seen).isEqualTo("ParameterState(Parameter[1], steps 1, buffers 2)");
  }

  @Test
  void withoutAWordAsManyBuffersAreLoadedAsCome() {
    Optimizer rule = new Silent(List.of(p));
    rule.step();
    Map<String, Tensor> state = copy(rule.stateDict());
    assertThat(state.get("Silent.parameter.0.buffer.0").get(0)).isZero();
    assertThat(state.get("Silent.parameter.0.buffer.1").get(0)).isEqualTo(-0.5);
    state.put("Silent.parameter.0.buffer.2", Tensor.of(-7));
    rule.loadStateDict(state);
    assertThat(rule.stateDict().get("Silent.parameter.0.buffer.2").get(0)).isEqualTo(-7);
    state.put("Silent.parameter.0.buffer.1", Tensor.of(Double.NaN));
    refused(
        rule,
        state,
        "state does not fit Silent: Silent.parameter.0.buffer.1 expects finite numbers but element"
            + " 0 is NaN");
  }

  private static void refused(Optimizer rule, Map<String, Tensor> state, String message) {
    Map<String, Tensor> before = copy(rule.stateDict());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rule.loadStateDict(state))
        .withMessage(message);
    assertSame(rule.stateDict(), before);
  }

  private static void assertSame(Map<String, Tensor> state, Map<String, Tensor> expected) {
    assertThat(state.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (key, tensor) -> assertThat(state.get(key).data()).as(key).isEqualTo(tensor.data()));
  }

  private static List<Double> values(List<Parameter> parameters) {
    return parameters.stream().map(parameter -> parameter.value().get(0)).toList();
  }

  private static List<Double> gradients(List<Parameter> parameters) {
    return parameters.stream().map(parameter -> parameter.grad().get(0)).toList();
  }

  private static void step(Linear layer, Optimizer optimizer, Tensor x) {
    optimizer.zeroGrad();
    layer.forward(x);
    layer.accumulateGradients(Tensor.of(0.5, -1, 2));
    optimizer.step();
  }

  private static Map<String, Tensor> copy(Map<String, Tensor> state) {
    Map<String, Tensor> copy = new LinkedHashMap<>();
    state.forEach((name, tensor) -> copy.put(name, tensor.copy()));
    return copy;
  }

  private static Parameter parameter(double value, double gradient) {
    Parameter parameter = new Parameter(Tensor.of(value));
    parameter.accumulator().set(gradient, 0);
    return parameter;
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
