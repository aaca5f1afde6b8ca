package doppio.train;

import doppio.nn.Parameter;
import doppio.optim.ParameterGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether the optimizer trains what it should: said before the first batch. A rate of 0 that was
 * set by hand, or came from a file, is logged.
 */
final class OptimizerCheck {
  private static final System.Logger LOGGER = System.getLogger("doppio.train");

  private OptimizerCheck() {}

  /**
   * Refuses what would train nothing, or not what was meant.
   *
   * @throws IllegalStateException if the optimizer has parameters of another model in place of some
   *     of this one's, or all that it has are frozen, or their rates are where a schedule of
   *     another trainer ended, at 0
   */
  static void check(Settings settings) {
    List<Parameter> optimized = settings.optimized();
    List<String> missing = new ArrayList<>();
    List<Parameter> foreign = new ArrayList<>(optimized);
    boolean trains = false;
    for (Map.Entry<String, Parameter> named : settings.model.namedParameters().entrySet()) {
      Parameter parameter = named.getValue();
      boolean has = foreign.remove(parameter);
      trains |= has && !parameter.isFrozen();
      if (!has && !parameter.isFrozen()) {
        missing.add(named.getKey());
      }
    }
    if (!missing.isEmpty() && !foreign.isEmpty()) {
      throw new IllegalStateException(
          "the optimizer has "
              + foreign
              + ", which the model has not, and lacks the model's "
              + missing
              + ": was it made before a layer was replaced?");
    }
    if (!trains) {
      throw new IllegalStateException(
          "all of the model's parameters that the optimizer has are frozen: nothing would be"
              + " trained");
    }
    List<ParameterGroup> groups = settings.optimizer.groups();
    if (settings.timetable != null || groups.stream().anyMatch(g -> g.learningRate() > 0)) {
      return;
    }
    if (groups.stream().anyMatch(g -> g.baseLearningRate() > 0)) {
      throw new IllegalStateException(
          "the learning rate is 0, where a schedule has left it: nothing would be trained; set"
              + " optimizer.learningRate(…), which was "
              + groups.get(0).baseLearningRate());
    }
    LOGGER.log(System.Logger.Level.WARNING, "the learning rate is 0: nothing will be trained");
  }
}
