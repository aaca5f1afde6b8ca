package doppio.train;

import doppio.Tensor;
import doppio.internal.OptimizerAccess;
import doppio.internal.Require;
import doppio.optim.Optimizer;
import doppio.optim.ParameterGroup;
import doppio.optim.Schedule;
import doppio.optim.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The schedule of a training, and whether its time counts steps or epochs. */
final class Timetable {
  private static final System.Logger LOGGER = System.getLogger("doppio.train");
  private static final String PER_STEP = "perStep";

  private final Optimizer optimizer;
  private final Schedule schedule;
  private final boolean perStep;
  private Scheduler scheduler;

  /** What the scheduler's position is in a file that does not say what it counts; else −1. */
  private long undeclared = -1;

  Timetable(Optimizer optimizer, Schedule schedule, boolean perStep) {
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.perStep = perStep;
    scheduler = new Scheduler(optimizer, schedule);
  }

  /** The factor for the scheduler's time. */
  double factor() {
    return schedule.factor(scheduler.position());
  }

  /**
   * Looks ahead before the first batch, and takes the rates over from another trainer's schedule.
   *
   * @param epoch how many epochs are done
   * @param step how many steps are done
   * @param epochs how many epochs there will be when the training is over
   * @param steps how many steps there will be then
   * @throws IllegalArgumentException if the schedule has no factor for the end
   * @throws IllegalStateException if it multiplies rates that are 0
   */
  void begin(int epoch, long step, int epochs, long steps) {
    catchUp(epoch, step);
    OptimizerAccess.get().reapply(scheduler);
    int last = (int) Math.min((perStep ? steps : epochs) - 1, Integer.MAX_VALUE);
    long now = time(epoch, step);
    if (last < now) {
      return;
    }
    lookAt(last);
    List<ParameterGroup> groups = optimizer.groups();
    if (groups.stream().allMatch(g -> g.baseLearningRate() == 0)) {
      throw new IllegalStateException(
          "the schedule multiplies learning rates that are 0: set optimizer.learningRate(…) before"
              + " it");
    }
    if (hasRunOut(now, last)) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          () ->
              "the schedule has run out: its factor is 0 from "
                  + now
                  + " to "
                  + last
                  + ", counted in "
                  + unit()
                  + " from 0, so nothing will be trained");
    }
  }

  private boolean hasRunOut(long now, int last) {
    for (long t = now; t <= last; t++) {
      if (schedule.factor((int) t) > 0) {
        return false;
      }
    }
    return true;
  }

  private void lookAt(int last) {
    String what = "the schedule's factor at " + last + ", for the last of the " + unit();
    double factor;
    try {
      factor = schedule.factor(last);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(what + ", is missing: " + e, e);
    }
    Require.finiteNotNegative(what + ",", factor);
  }

  /** Before a step: sets the rates for it, unless they are set already. */
  void catchUp(int epoch, long step) {
    long now = time(epoch, step);
    if (scheduler.position() < now) {
      scheduler.position((int) Math.min(now, Integer.MAX_VALUE));
    }
  }

  /** After a step, whose time is over. */
  void stepDone() {
    if (perStep) {
      goOn();
    }
  }

  /** After an epoch, whose time is over. */
  void epochDone() {
    if (!perStep) {
      goOn();
    }
  }

  private void goOn() {
    try {
      scheduler.step();
    } catch (Exception e) {
      // A table of n factors has none for the time behind the end. What was done stays done, and
      // whoever goes on all the same asks again, before the step.
    }
  }

  private long time(int epoch, long step) {
    return perStep ? step : epoch;
  }

  private String unit() {
    return perStep ? "steps" : "epochs";
  }

  /** Lets the rates start from other ones, at the time where the schedule stands. */
  void restart(double[] baseRates) {
    int position = scheduler.position();
    for (int i = 0; i < baseRates.length; i++) {
      optimizer.groups().get(i).learningRate(baseRates[i]);
    }
    scheduler = new Scheduler(optimizer, schedule).position(position);
  }

  Map<String, Tensor> save() {
    Map<String, Tensor> state = new LinkedHashMap<>(scheduler.stateDict());
    state.put(PER_STEP, Tensor.full(perStep ? 1 : 0));
    return state;
  }

  Runnable read(Map<String, Tensor> state) {
    Map<String, Tensor> rest = new LinkedHashMap<>(state);
    Tensor saved = rest.remove(PER_STEP);
    boolean same = saved == null || (saved.rank() == 0 && saved.get() == (perStep ? 1 : 0));
    if (!same) {
      throw new IllegalArgumentException(
          "state does not fit the schedule, which counts "
              + unit()
              + ": perStep expects "
              + (perStep ? "1" : "0")
              + " but got "
              + (saved.rank() == 0 ? saved.get() : saved));
    }
    Runnable change = OptimizerAccess.get().read(scheduler, rest);
    undeclared = saved == null ? (long) rest.get("position").get() : -1;
    return change;
  }

  /** Whether the position that was read last can be that of a training which stands there. */
  boolean fits(long epochs, long steps) {
    return undeclared < 0 || undeclared == (perStep ? steps : epochs);
  }

  @Override
  public String toString() {
    return "schedule per " + (perStep ? "step" : "epoch");
  }
}
