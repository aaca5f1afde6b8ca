package doppio.optim;

import doppio.internal.Require;
import java.util.Objects;

/**
 * What the learning rate is multiplied by as training goes on.
 *
 * <p>The argument is the time t, in epochs or steps as the caller of {@link Scheduler#step} counts
 * them, from 0. Warm-up and then a cosine:
 *
 * <pre>{@code
 * Schedule.warmUp(5).then(5, Schedule.cosine(95))
 * }</pre>
 *
 * <p>The schedules made here print as the calls that make them: {@code warmUp(5).then(5,
 * cosine(95))}.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * The factor at time t.
   *
   * @param t not negative
   * @return finite and not negative
   */
  double factor(int t);

  /**
   * gamma to the power of ⌊t / every⌋: a drop now and then.
   *
   * @throws IllegalArgumentException if every is below 1, or gamma not positive and finite
   */
  static Schedule step(int every, double gamma) {
    int interval = Require.atLeast(1, "every", every);
    double base = Require.positive("gamma", gamma);
    return new NamedSchedule(
        "step(" + every + ", " + gamma + ")",
        t -> StrictMath.pow(base, Math.floorDiv(t, interval)));
  }

  /**
   * gamma to the power of t.
   *
   * @throws IllegalArgumentException if gamma is not positive and finite
   */
  static Schedule exponential(double gamma) {
    double base = Require.positive("gamma", gamma);
    return new NamedSchedule("exponential(" + gamma + ")", t -> StrictMath.pow(base, t));
  }

  /**
   * Half a cosine, from 1 at t = 0 to 0 at t = total, and 0 from there on.
   *
   * @throws IllegalArgumentException if total is below 1
   */
  static Schedule cosine(int total) {
    return cosine(total, 0);
  }

  /**
   * Half a cosine, from 1 at t = 0 to a minimum at t = total, and the minimum from there on:
   * minimum + (1 − minimum) (1 + cos(πt / total)) / 2.
   *
   * <p>Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts"
   * (2017), equation 5, without restarts.
   *
   * @throws IllegalArgumentException if total is below 1 or the minimum not in [0, 1]
   */
  static Schedule cosine(int total, double minimum) {
    int end = Require.atLeast(1, "total", total);
    Require.share("minimum", minimum);
    return new NamedSchedule(
        "cosine(" + total + (minimum == 0 ? ")" : ", " + minimum + ")"),
        t -> {
          double angle = Math.PI * Math.min(t, end) / end;
          return minimum + (1 - minimum) * (1 + StrictMath.cos(angle)) / 2;
        });
  }

  /**
   * (t + 1) / steps for t below steps, then 1: the first step is small, the last of the warm-up a
   * whole one.
   *
   * <p>Source: Goyal et al., "Accurate, large minibatch SGD" (2017), section 2.2.
   *
   * @throws IllegalArgumentException if steps is below 1
   */
  static Schedule warmUp(int steps) {
    int length = Require.atLeast(1, "steps", steps);
    return new NamedSchedule("warmUp(" + steps + ")", t -> t < length ? (t + 1.0) / length : 1);
  }

  /**
   * This schedule before the given time; from there on the next one, whose own time starts at 0.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  default Schedule then(int time, Schedule next) {
    Require.notNegative("time", time);
    Objects.requireNonNull(next, "next");
    return new NamedSchedule(
        this + ".then(" + time + ", " + next + ")",
        t -> t < time ? factor(t) : next.factor(t - time));
  }
}
