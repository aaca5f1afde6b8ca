package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a debugger or a log shows of optimizers, groups and schedules. */
class PrintedFormTest {
  private final Parameter weight = Parameters.withGradient(1, 1);
  private final Parameter bias = Parameters.withGradient(1, 1);
  private final List<Parameter> both = List.of(weight, bias);

  @Test
  void rulesPrintTheirSettings() {
    assertThat(new SGD(both, 0.1)).hasToString("SGD(learning rate 0.1, 2 parameters)");
    assertThat(new Momentum(both, 0.1, 0.9))
        .hasToString("Momentum(momentum 0.9; learning rate 0.1, 2 parameters)");
    assertThat(new Momentum(both, 0.1, 0.9).nesterov(true))
        .hasToString("Momentum(momentum 0.9, nesterov; learning rate 0.1, 2 parameters)");
    assertThat(new Adam(both, 0.1))
        .hasToString(
            "Adam(beta1 0.9, beta2 0.999, epsilon 1.0E-8; learning rate 0.1, 2 parameters)");
    assertThat(new AdamW(both, 0.1))
        .hasToString(
            "AdamW(beta1 0.9, beta2 0.999, epsilon 1.0E-8; learning rate 0.1, weight decay 0.01, 2"
                + " parameters)");
    assertThat(new RMSprop(both, 0.1))
        .hasToString("RMSprop(alpha 0.99, epsilon 1.0E-8; learning rate 0.1, 2 parameters)");
    assertThat(new RMSprop(both, 0.1, 0.9, 0, 0.5, true))
        .hasToString(
            "RMSprop(alpha 0.9, epsilon 0.0, momentum 0.5, centered; learning rate 0.1, 2"
                + " parameters)");
    assertThat(new Adagrad(both, 0.1))
        .hasToString(
            "Adagrad(rate decay 0.0, initial accumulator 0.0, epsilon 1.0E-10; learning rate 0.1, 2"
                + " parameters)");
  }

  @Test
  void everyGroupIsPrinted() {
    Optimizer sgd = new SGD(both, 0.1).weightDecay(0.01).decoupledWeightDecay(0.02);
    ParameterGroup biases = sgd.group(List.of(bias)).weightDecay(0).decoupledWeightDecay(0);
    assertThat(sgd)
        .hasToString(
            "SGD(learning rate 0.1, weight decay 0.01, decoupled weight decay 0.02, 1 parameter;"
                + " learning rate 0.1, 1 parameter)");
    assertThat(biases).hasToString("ParameterGroup(learning rate 0.1, 1 parameter)");
    sgd.group(List.of(bias));
    assertThat(biases).hasToString("ParameterGroup(learning rate 0.1, 0 parameters)");
  }

  @Test
  void aRuleOfYourOwnPrintsItself() {
    final class Standstill extends Optimizer {
      Standstill() {
        super(both, 0.5);
      }

      @Override
      protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
        assertThat(state).hasToString("ParameterState(Parameter[1], steps 1, buffers 0)");
        state.buffer(1)[0] = 1;
        assertThat(state).hasToString("ParameterState(Parameter[1], steps 1, buffers 2)");
      }
    }

    Optimizer rule = new Standstill();
    assertThat(rule).hasToString("Standstill(learning rate 0.5, 2 parameters)");
    rule.step();
  }

  @Test
  void unusedBuffersAreNotCounted() {
    ParameterState state =
        new ParameterState(
            weight,
            new ParameterGroup(0.1, DecayMode.IN_THE_RULE),
            List.of(BufferKind.FINITE, BufferKind.UNUSED));
    state.makeBuffers();
    state.steps++;
    assertThat(state).hasToString("ParameterState(Parameter[1], steps 1, buffers 1)");
  }

  @Test
  void schedulesAsTheCallsThatMakeThem() {
    assertThat(Schedule.step(40, 0.5)).hasToString("step(40, 0.5)");
    assertThat(Schedule.exponential(0.99)).hasToString("exponential(0.99)");
    assertThat(Schedule.cosine(95)).hasToString("cosine(95)");
    assertThat(Schedule.cosine(95, 0.1)).hasToString("cosine(95, 0.1)");
    assertThat(Schedule.warmUp(5).then(5, Schedule.cosine(95)))
        .hasToString("warmUp(5).then(5, cosine(95))");
  }

  @Test
  void schedulersPrintTheirPosition() {
    Optimizer sgd = new SGD(both, 0.5);
    sgd.group(List.of(bias)).learningRate(2);
    Scheduler scheduler = new Scheduler(sgd, Schedule.cosine(30)).position(3);
    assertThat(scheduler)
        .hasToString("Scheduler(cosine(30), position 3, initial rates [0.5, 2.0])");
  }
}
