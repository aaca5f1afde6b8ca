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
  void aNegativePositionIsRefusedAndNothingMoves() {
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
  void aRateThatOverflowsChangesNoGroup() {
    biases.learningRate(1e10);
    Scheduler scheduler = new Scheduler(optimizer, t -> t == 1 ? 1e300 : 1);
    assertThatIllegalArgumentException()
        .isThrownBy(scheduler::step)
        .withMessage("learning rate of group 1 at 1 must be finite and not negative, got Infinity");
    assertThat(scheduler.position()).isZero();
    rates(0.5, 1e10);
  }

  @Test
  void aSecondSchedulerStartsFromTheRatesThatWereSetByHand() {
    Scheduler first = new Scheduler(optimizer, Schedule.cosine(1));
    first.step();
    rates(0, 0);
    assertThat(biases.baseLearningRate()).isEqualTo(2);
    Scheduler second = new Scheduler(optimizer, Schedule.exponential(0.5));
    rates(0.5, 2);
    biases.learningRate(8);
    Scheduler third = new Scheduler(optimizer, Schedule.exponential(0.5));
    rates(0.5, 8);
    third.step();
    rates(0.25, 4);
    second.reapply();
    rates(0.5, 2);
    optimizer.learningRate(7);
    third.reapply();
    rates(0.25, 4);
    biases.learningRate(9);
    third.reapply();
    rates(0.25, 9);
  }

  @Test
  void aStateThatIsReadBringsTheBaseOfItsScheduler() {
    Scheduler first = new Scheduler(optimizer, Schedule.cosine(1));
    first.step();
    SGD other = new SGD(List.of(weight, bias), 3);
    other.group(List.of(bias));
    Scheduler read = new Scheduler(other, Schedule.cosine(1));
    other.loadStateDict(optimizer.stateDict());
    read.loadStateDict(first.stateDict());
    assertThat(other.learningRate()).isZero();
    assertThat(other.groups().get(0).baseLearningRate()).isEqualTo(0.5);
    Scheduler next = new Scheduler(other, Schedule.exponential(0.5));
    assertThat(next.position()).isZero();
    assertThat(other.learningRate()).isEqualTo(0.5);
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
