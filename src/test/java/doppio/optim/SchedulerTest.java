package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final Parameter weight = Parameters.of(1);
  private final Parameter bias = Parameters.of(1);
  private final Optimizer optimizer = new SGD(List.of(weight, bias), 0.5);
  private final ParameterGroup biases = optimizer.group(List.of(bias)).learningRate(2);

  @Test
  void everyGroupsRateFollows() {
    Scheduler scheduler = new Scheduler(optimizer, Schedule.warmUp(2).then(2, t -> 0.25));
    rates(0.25, 1);
    assertThat(scheduler.position()).isZero();
    scheduler.step();
    rates(0.5, 2);
    scheduler.step();
    rates(0.125, 0.5);
    assertThat(scheduler.position()).isEqualTo(2);
  }

  @Test
  void aTrainingIsResumed() {
    Scheduler scheduler = new Scheduler(optimizer, Schedule.exponential(0.5));
    assertThat(scheduler.position(3)).isSameAs(scheduler);
    rates(0.0625, 0.25);
    scheduler.step();
    rates(0.03125, 0.125);
    assertThat(scheduler.position()).isEqualTo(4);
    scheduler.position(0);
    rates(0.5, 2);
  }

  @Test
  void aRateSetByHandHoldsUntilTheNextStep() {
    Scheduler scheduler = new Scheduler(optimizer, Schedule.exponential(0.5));
    optimizer.learningRate(7);
    rates(7, 2);
    scheduler.step();
    rates(0.25, 1);
  }

  @Test
  void badPositions() {
    Scheduler scheduler = new Scheduler(optimizer, Schedule.exponential(0.5)).position(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.position(-1))
        .withMessage("position must not be negative, got -1");
    assertThat(scheduler.position()).isEqualTo(1);
    rates(0.25, 1);
  }

  @Test
  void badFactorsChangeNothing() {
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Scheduler scheduler = new Scheduler(optimizer, t -> t == 1 ? bad : 1);
      assertThatIllegalArgumentException()
          .isThrownBy(scheduler::step)
          .withMessage("factor at 1 must be finite and not negative, got " + bad);
      assertThat(scheduler.position()).isZero();
      rates(0.5, 2);
    }
  }

  @Test
  void groupsAreMadeBefore() {
    Scheduler scheduler = new Scheduler(optimizer, Schedule.exponential(0.5));
    optimizer.group(List.of(bias));
    assertThatIllegalStateException()
        .isThrownBy(scheduler::step)
        .withMessage("the scheduler was made for 2 groups but the optimizer has 3");
    assertThat(scheduler.position()).isZero();
  }

  private void rates(double first, double second) {
    assertThat(optimizer.learningRate()).isEqualTo(first);
    assertThat(biases.learningRate()).isEqualTo(second);
  }
}
