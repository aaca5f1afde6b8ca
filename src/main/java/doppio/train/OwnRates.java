package doppio.train;

import doppio.optim.ParameterGroup;
import java.util.List;

/** The settings that a trainer's optimizer has before a checkpoint brings other ones. */
final class OwnRates {
  private static final System.Logger LOGGER = System.getLogger("doppio.train");

  private final Settings settings;
  private final double[] rates;
  private final double[] decays;
  private final double[] decoupledDecays;

  OwnRates(Settings settings) {
    this.settings = settings;
    List<ParameterGroup> groups = settings.optimizer.groups();
    rates = groups.stream().mapToDouble(ParameterGroup::baseLearningRate).toArray();
    decays = groups.stream().mapToDouble(ParameterGroup::weightDecay).toArray();
    decoupledDecays = groups.stream().mapToDouble(ParameterGroup::decoupledWeightDecay).toArray();
  }

  /** Puts the rates in the place of those that a checkpoint brought. */
  void restore() {
    if (settings.timetable != null) {
      settings.timetable.restart(rates);
      return;
    }
    for (int i = 0; i < rates.length; i++) {
      settings.optimizer.groups().get(i).learningRate(rates[i]);
    }
  }

  /** Logs what a checkpoint has changed. */
  void sayWhatChanged(String file) {
    double factor = factor();
    for (int i = 0; i < rates.length; i++) {
      ParameterGroup group = settings.optimizer.groups().get(i);
      if (!Double.isNaN(factor)) {
        say(file, i, "learning rate", rates[i] * factor, group.learningRate());
      }
      say(file, i, "weight decay", decays[i], group.weightDecay());
      double decoupled = group.decoupledWeightDecay();
      say(file, i, "decoupled weight decay", decoupledDecays[i], decoupled);
    }
  }

  /** NaN where the schedule is over. */
  private double factor() {
    try {
      return settings.timetable == null ? 1 : settings.timetable.factor();
    } catch (RuntimeException e) {
      return Double.NaN;
    }
  }

  private void say(String file, int group, String what, double own, double found) {
    if (own == found) {
      return;
    }
    String where = rates.length == 1 ? "" : " of group " + group;
    String otherwise =
        what.equals("learning rate")
            ? "; resumeWithOwnRates(…) keeps the trainer's"
            : "; set the optimizer's after resume(…) to change it";
    LOGGER.log(
        System.Logger.Level.WARNING,
        () ->
            file
                + ": the "
                + what
                + where
                + " is "
                + found
                + " as it was saved, not "
                + own
                + " as the trainer had it"
                + otherwise);
  }
}
