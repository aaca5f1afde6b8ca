package doppio.optim;

import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.state.StateReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lets an optimizer's learning rates follow a schedule: each group's rate is its {@linkplain
 * ParameterGroup#baseLearningRate base} when the scheduler was made, times the schedule's factor.
 * So a second scheduler of one optimizer starts from the rate that was set by hand, not from where
 * the first one ended.
 *
 * <pre>{@code
 * Scheduler scheduler = new Scheduler(optimizer, Schedule.cosine(30));
 * for (int epoch = 0; epoch < 30; epoch++) {
 *   ...
 *   scheduler.step();
 * }
 * }</pre>
 *
 * <p>A rate that is set by hand holds until the next {@link #step}.
 */
public final class Scheduler {
  private final Optimizer optimizer;
  private final Schedule schedule;
  private double[] initialRates;
  private int position;

  /**
   * Starts at time 0, and sets the rates for it. Make the optimizer's groups before.
   *
   * @throws IllegalArgumentException if the schedule's factor is negative or not finite
   */
  public Scheduler(Optimizer optimizer, Schedule schedule) {
    this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    this.schedule = Objects.requireNonNull(schedule, "schedule");
    initialRates =
        optimizer.groups().stream().mapToDouble(ParameterGroup::baseLearningRate).toArray();
    position(0);
  }

  /**
   * Goes on to the next time: call it after each epoch, or after each step of the optimizer. The
   * factor for that time is asked for at once, that for time n after n calls.
   *
   * @throws IllegalArgumentException if the schedule's factor is negative or not finite, or a rate
   *     is not finite with it; all is as it was before
   * @throws IllegalStateException if the optimizer has got another group since
   */
  public void step() {
    position(position + 1);
  }

  /** The time: the number of calls of {@link #step}. */
  public int position() {
    return position;
  }

  /**
   * Goes to a time, to resume a training that was broken off there; the scheduler has to be made
   * with the rates that the training began with.
   *
   * @return this scheduler
   * @throws IllegalArgumentException if the time is negative, or the schedule's factor for it is
   *     negative or not finite, or a rate is not finite with it; all is as it was before
   * @throws IllegalStateException if the optimizer has got another group since
   */
  public Scheduler position(int position) {
    Require.notNegative("position", position);
    List<ParameterGroup> groups = optimizer.groups();
    if (groups.size() != initialRates.length) {
      throw new IllegalStateException(
          "the scheduler was made for "
              + initialRates.length
              + " groups but the optimizer has "
              + groups.size());
    }
    double factor = Require.finiteNotNegative("factor at " + position, schedule.factor(position));
    double[] rates = new double[initialRates.length];
    for (int i = 0; i < rates.length; i++) {
      String name = "learning rate of group " + i + " at " + position;
      rates[i] = Require.finiteNotNegative(name, initialRates[i] * factor);
    }
    for (int i = 0; i < rates.length; i++) {
      groups.get(i).scheduled(this, rates[i]);
    }
    this.position = position;
    return this;
  }

  /**
   * Sets the rates for its time again where another scheduler has set one since; a rate that was
   * set by hand stays.
   *
   * @throws IllegalStateException if the optimizer has got another group since
   */
  void reapply() {
    for (ParameterGroup group : optimizer.groups()) {
      if (group.isScheduledByAnother(this)) {
        position(position);
        return;
      }
    }
  }

  /**
   * The position and the rates that the scheduler started from. The groups' rates as they are now
   * belong to the state of the optimizer.
   */
  public Map<String, Tensor> stateDict() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("position", Tensor.full(position));
    state.put("initialRates", Tensor.of(initialRates));
    return state;
  }

  /**
   * Goes to a position and sets the rates that {@link #step} multiplies; the groups' rates stay as
   * they are until then.
   *
   * @throws IllegalArgumentException if the state is not that of a scheduler of as many groups; the
   *     message names every key that is missing, unknown or wrong, and the scheduler is unchanged
   */
  public void loadStateDict(Map<String, Tensor> state) {
    read(state).run();
  }

  @Override
  public String toString() {
    return "Scheduler("
        + schedule
        + ", position "
        + position
        + ", initial rates "
        + Arrays.toString(initialRates)
        + ")";
  }

  /** Checks a state; returns what makes it this scheduler's, which cannot fail. */
  Runnable read(Map<String, Tensor> state) {
    StateReader reader = new StateReader("Scheduler", state);
    int savedPosition = (int) reader.count("position", Integer.MAX_VALUE);
    double[] rates = reader.tensor("initialRates", initialRates.length).data().clone();
    for (double rate : rates) {
      if (!Require.isFiniteNotNegative(rate)) {
        reader.problem("initialRates expects finite rates that are not negative but got " + rate);
      }
    }
    reader.finish();
    List<ParameterGroup> groups = optimizer.groups();
    return () -> {
      position = savedPosition;
      initialRates = rates;
      for (int i = 0; i < rates.length; i++) {
        groups.get(i).schedules(this, rates[i]);
      }
    };
  }
}
