package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void stepFallsEveryFewTimes() {
    assertThat(factors(Schedule.step(3, 0.5), 8))
        .containsExactly(1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25);
  }

  @Test
  void exponentialFallsByAFactorEachTime() {
    assertThat(factors(Schedule.exponential(0.5), 4)).containsExactly(1, 0.5, 0.25, 0.125);
    assertThat(factors(Schedule.exponential(2), 3)).containsExactly(1, 2, 4);
  }

  @Test
  void cosineFallsToZeroAndStaysThere() {
    double eighth = (1 + Math.sqrt(0.5)) / 2;
    assertThat(factors(Schedule.cosine(4), 7))
        .containsExactly(new double[] {1, eighth, 0.5, 1 - eighth, 0, 0, 0}, within(1e-15));
    assertThat(Schedule.cosine(4).factor(4)).isZero();
  }

  @Test
  void cosineFallsToAMinimum() {
    // PyTorch's CosineAnnealingLR(optimizer, 8, eta_min=0.1) at rate 1.
    assertThat(factors(Schedule.cosine(8, 0.1), 9))
        .containsExactly(
            new double[] {
              1,
              0.9657457896300791,
              0.8681980515339464,
              0.7222075445642905,
              0.55,
              0.3777924554357097,
              0.2318019484660537,
              0.134254210369921,
              0.1
            },
            within(1e-15));
    assertThat(Schedule.cosine(8, 0.1).factor(8)).isEqualTo(0.1);
    assertThat(Schedule.cosine(8, 0.1).factor(100)).isEqualTo(0.1);
    assertThat(factors(Schedule.cosine(2, 1), 4)).containsOnly(1);
  }

  @Test
  void warmUpRisesToOneAndStaysThere() {
    assertThat(factors(Schedule.warmUp(4), 6)).containsExactly(0.25, 0.5, 0.75, 1, 1, 1);
    assertThat(factors(Schedule.warmUp(1), 2)).containsExactly(1, 1);
  }

  @Test
  void oneScheduleFollowsTheOther() {
    Schedule schedule = Schedule.warmUp(2).then(2, Schedule.exponential(0.5));
    assertThat(factors(schedule, 5)).containsExactly(0.5, 1, 1, 0.5, 0.25);
    assertThat(factors(schedule.then(3, t -> 7), 5)).containsExactly(0.5, 1, 1, 7, 7);
    assertThat(factors(schedule.then(0, t -> t), 3)).containsExactly(0, 1, 2);
  }

  @Test
  void argumentsOutOfRangeAreRefusedByName() {
    refused(() -> Schedule.step(0, 0.5), "every must be at least 1, got 0");
    refused(() -> Schedule.cosine(0), "total must be at least 1, got 0");
    refused(() -> Schedule.warmUp(-2), "steps must be at least 1, got -2");
    refused(
        () -> Schedule.warmUp(2).then(-1, Schedule.cosine(3)), "time must not be negative, got -1");
    assertThatNullPointerException()
        .isThrownBy(() -> Schedule.warmUp(2).then(2, null))
        .withMessage("next");
    for (double bad : new double[] {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message = "gamma must be positive and finite, got " + bad;
      refused(() -> Schedule.step(3, bad), message);
      refused(() -> Schedule.exponential(bad), message);
    }
    for (double bad : new double[] {-0.1, 1.1, Double.NaN}) {
      refused(() -> Schedule.cosine(3, bad), "minimum must be in [0, 1], got " + bad);
    }
  }

  private static double[] factors(Schedule schedule, int n) {
    return IntStream.range(0, n).mapToDouble(schedule::factor).toArray();
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
  }
}
