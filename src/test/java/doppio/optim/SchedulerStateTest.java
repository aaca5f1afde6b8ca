package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchedulerStateTest {
  @Test
  void anotherSchedulerGoesOn() {
    Optimizer first = new SGD(List.of(Parameters.of(1)), 8);
    Scheduler scheduler = new Scheduler(first, Schedule.exponential(0.5));
    scheduler.step();
    Optimizer second = new SGD(List.of(Parameters.of(1)), 1);
    Scheduler resumed = new Scheduler(second, Schedule.exponential(0.5));
    resumed.loadStateDict(scheduler.stateDict());
    assertThat(resumed.position()).isEqualTo(1);
    assertThat(second.learningRate()).as("the optimizer's own").isEqualTo(1);
    resumed.step();
    assertThat(second.learningRate()).isEqualTo(2);
  }

  @Test
  void aRateOfZeroIsOne() {
    Optimizer sgd = new SGD(List.of(Parameters.of(1)), 8);
    Scheduler scheduler = new Scheduler(sgd, t -> 1);
    scheduler.loadStateDict(Map.of("position", Tensor.full(0), "initialRates", Tensor.of(0)));
    scheduler.step();
    assertThat(sgd.learningRate()).isZero();
  }

  @Test
  void whatDoesNotFitChangesNothing() {
    Optimizer sgd = new SGD(List.of(Parameters.of(1)), 8);
    Scheduler scheduler = new Scheduler(sgd, Schedule.exponential(0.5));
    scheduler.step();
    refused(
        scheduler,
        Map.of("position", Tensor.full(-1), "initialRates", Tensor.of(1, 2)),
        "state does not fit Scheduler: position expects a whole number from 0 to 2147483647 but got"
            + " -1.0; initialRates expects [1] but got [2]");
    refused(
        scheduler,
        Map.of("initialRates", Tensor.of(Double.NaN)),
        "state does not fit Scheduler: missing position; initialRates expects finite rates that are"
            + " not negative but got NaN");
  }

  @Test
  void ratesThatCannotBeAreRefused() {
    Scheduler scheduler =
        new Scheduler(new SGD(List.of(Parameters.of(1)), 8), Schedule.exponential(0.5));
    scheduler.step();
    for (double bad : new double[] {-Double.MIN_VALUE, Double.POSITIVE_INFINITY}) {
      refused(
          scheduler,
          Map.of("position", Tensor.full(1), "initialRates", Tensor.of(bad)),
          "state does not fit Scheduler: initialRates expects finite rates that are not negative"
              + " but got "
              + bad);
    }
  }

  private static void refused(Scheduler scheduler, Map<String, Tensor> state, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.loadStateDict(state))
        .withMessage(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheduler.read(state))
        .withMessage(message);
    assertThat(scheduler.stateDict().get("position").get()).isEqualTo(1);
    assertThat(scheduler.stateDict().get("initialRates").get(0)).isEqualTo(8);
  }
}
