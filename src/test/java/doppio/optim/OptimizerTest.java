package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import doppio.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  static final List<Function<List<Parameter>, Optimizer>> RULES =
      List.of(
          p -> new SGD(p, 0.5),
          p -> new SGD(p, 0.5).weightDecay(0.1),
          p -> new SGD(p, 0.5).decoupledWeightDecay(0.1),
          p -> new Momentum(p, 0.5, 0.9).weightDecay(0.1),
          p -> new Momentum(p, 0.5, 0.9).nesterov(true).decoupledWeightDecay(0.1),
          p -> new Adam(p, 0.5).weightDecay(0.1).decoupledWeightDecay(0.1),
          p -> new AdamW(p, 0.5),
          p -> new RMSprop(p, 0.5).weightDecay(0.1),
          p -> new RMSprop(p, 0.05, 0.9, 1e-8, 0.5, true).decoupledWeightDecay(0.1),
          p -> new Adagrad(p, 0.5).weightDecay(0.1).decoupledWeightDecay(0.1));

  /** A rule of one's own: w ← w − η · sign of the gradients' sum so far. */
  private static final class SignOfSum extends Optimizer {
    private long lastStep;

    SignOfSum(List<Parameter> parameters, double learningRate) {
      super(parameters, learningRate);
    }

    @Override
    protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
      double[] sum = state.buffer(0);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += parameter.grad().data()[i];
        parameter.value().data()[i] -= group.learningRate() * Math.signum(sum[i]);
      }
      lastStep = state.steps();
    }
  }

  @Test
  void aRuleOfYourOwnIsOneMethod() {
    Parameter p = Parameters.of(1, 1);
    SignOfSum rule = new SignOfSum(List.of(p), 0.25);
    Parameters.gradient(p, 3, -1);
    rule.step();
    Parameters.gradient(p, -2, 2);
    rule.step();
    assertThat(p.value().data()).containsExactly(0.5, 1);
    assertThat(rule.lastStep).isEqualTo(2);
  }

  @Test
  void parametersWithoutGradientAndFrozenOnesStay() {
    for (Function<List<Parameter>, Optimizer> rule : RULES) {
      Parameter moving = Parameters.withGradient(2, 1);
      Parameter without = Parameters.of(2);
      Parameter frozen = Parameters.withGradient(2, 1).frozen(true);
      Optimizer optimizer = rule.apply(List.of(moving, without, frozen));
      optimizer.step();
      optimizer.step();
      assertThat(moving.value().get(0)).isLessThan(2);
      assertThat(without.value().get(0)).isEqualTo(2);
      assertThat(frozen.value().get(0)).isEqualTo(2);
      frozen.frozen(false);
      optimizer.step();
      assertThat(frozen.value().get(0)).isLessThan(2);
    }
  }

  @Test
  void onlyAParameterThatMovesHasToHaveASquare() {
    for (Function<List<Parameter>, Optimizer> rule : RULES) {
      Parameter moving = Parameters.withGradient(2, 1);
      Parameter without = Parameters.of(1e300);
      Parameter frozen = Parameters.withGradient(1e300, 1e300).frozen(true);
      rule.apply(List.of(moving, without, frozen)).step();
      assertThat(moving.value().get(0)).isLessThan(2);
      assertThat(without.value().get(0)).isEqualTo(1e300);
      assertThat(frozen.value().get(0)).isEqualTo(1e300);
    }
  }

  @Test
  void withoutADecayAParameterThatIsNoNumberIsNotLookedAt() {
    Parameter p = Parameters.withGradient(Double.NaN, 1);
    new Adam(List.of(p), 0.5).step();
    assertThat(p.value().data()).containsExactly(Double.NaN);
  }

  @Test
  void aRuleThatSquaresNothingTakesEveryGradient() {
    for (double gradient : new double[] {1e300, Double.POSITIVE_INFINITY, Double.NaN}) {
      Parameter p = Parameters.withGradient(2, gradient);
      new SGD(List.of(p), 0.5).step();
      assertThat(p.value().data()).containsExactly(2 - 0.5 * gradient);
    }
  }

  @Test
  void afterZeroGradAStepChangesNothing() {
    for (Function<List<Parameter>, Optimizer> rule : RULES) {
      Parameter p = Parameters.withGradient(2, 1);
      Parameter frozen = Parameters.withGradient(2, 1).frozen(true);
      Optimizer optimizer = rule.apply(List.of(p, frozen));
      optimizer.step();
      double once = p.value().get(0);
      optimizer.zeroGrad();
      assertThat(p.hasGradient()).isFalse();
      assertThat(frozen.hasGradient()).isFalse();
      optimizer.step();
      assertThat(p.value().get(0)).isEqualTo(once);
      assertThat(p.grad().data()).containsExactly(0);
      optimizer.step();
      assertThat(p.value().get(0)).isEqualTo(once);
    }
  }

  @Test
  void withAGradientOfExactZerosMomentumCoastsAndDecayWorks() {
    Parameter p = Parameters.withGradient(2, 1);
    Optimizer momentum = new Momentum(List.of(p), 0.5, 0.5);
    momentum.step();
    momentum.zeroGrad();
    p.accumulator().fill(0);
    momentum.step(); // v = 0.5
    assertThat(p.value().get(0)).isEqualTo(2 - 0.5 - 0.25);
    Parameter decayed = Parameters.of(2);
    decayed.accumulator();
    new SGD(List.of(decayed), 0.5).weightDecay(0.25).step();
    assertThat(decayed.value().get(0)).isEqualTo(2 - 0.5 * 0.25 * 2);
  }

  @Test
  void aGradientClippedToZerosIsStillOne() {
    Parameter p = Parameters.of(2);
    p.grad().set(4, 0);
    GradientClip.value(List.of(p), 0);
    assertThat(p.hasGradient()).isTrue();
    assertThat(p.grad().data()).containsExactly(0);
  }

  @Test
  void numbersWrittenThroughGradCount() {
    Parameter p = Parameters.of(2);
    p.grad().set(4, 0);
    new SGD(List.of(p), 0.25).step();
    assertThat(p.value().get(0)).isEqualTo(1);
  }

  @Test
  void gradientsStayAsTheyAre() {
    for (Function<List<Parameter>, Optimizer> rule : RULES) {
      Parameter p = Parameters.withGradient(2, 1);
      rule.apply(List.of(p)).step();
      assertThat(p.grad().data()).containsExactly(1);
    }
  }

  @Test
  void aParameterListedTwiceCountsOnce() {
    Parameter p = Parameters.withGradient(2, 1);
    Optimizer sgd = new SGD(List.of(p, p), 0.5);
    sgd.step();
    assertThat(p.value().get(0)).isEqualTo(1.5);
    assertThat(sgd.groups().get(0).parameters()).containsExactly(p);
  }

  @Test
  void aListChangedLaterIsNotTheOptimizers() {
    Parameter p = Parameters.withGradient(2, 1);
    List<Parameter> list = new ArrayList<>(List.of(p));
    Optimizer sgd = new SGD(list, 0.5);
    list.clear();
    sgd.step();
    assertThat(p.value().get(0)).isEqualTo(1.5);
  }

  @Test
  void settersReturnTheOptimizer() {
    Optimizer sgd = new SGD(List.of(Parameters.of(1)), 0.5);
    assertThat(sgd.learningRate(0.25)).isSameAs(sgd);
    assertThat(sgd.weightDecay(0.125)).isSameAs(sgd);
    assertThat(sgd.decoupledWeightDecay(0.0625)).isSameAs(sgd);
    assertThat(sgd.learningRate()).isEqualTo(0.25);
    ParameterGroup group = sgd.groups().get(0);
    assertThat(group.learningRate()).isEqualTo(0.25);
    assertThat(group.weightDecay()).isEqualTo(0.125);
    assertThat(group.decoupledWeightDecay()).isEqualTo(0.0625);
  }

  @Test
  void parametersThatAreNone() {
    refused(() -> new SGD(List.of(), 0.5), "SGD expects at least one parameter");
    refused(() -> new Adam(List.of(), 0.5), "Adam expects at least one parameter");
    assertThatNullPointerException()
        .isThrownBy(() -> new SGD(Arrays.asList(Parameters.of(1), null), 0.5))
        .withMessage("element 1 of parameters");
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }
}
