package doppio.train;

import doppio.data.Samples;
import doppio.internal.ParameterAccess;
import doppio.nn.Parameter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One training batch and one validation batch, as if nothing had happened. */
final class Trial {
  private final Settings settings;
  private final Samples data;

  Trial(Settings settings, Samples data) {
    this.settings = settings;
    this.data = data;
  }

  /**
   * Tries them.
   *
   * @param real the training that goes on as if nothing had happened; null if it has not begun
   */
  EpochResult run(Training real) {
    Training training = new Training(settings);
    if (real != null && real.isBegun()) {
      real.inHand.requireNone();
      // The source of gradients must not begin again.
      training.noteBegun();
    }
    DataCheck.check(settings, training, data);
    Checkpoint state =
        new Checkpoint(settings.model)
            .optimizer(settings.optimizer)
            .generator("trial", settings.generator());
    if (settings.timetable != null) {
      state.part("scheduler", settings.timetable::save, settings.timetable::read);
    }
    Runnable putBack = state.snapshot();
    Runnable[] gradients = gradientExchanges();
    exchange(gradients);
    try {
      return new Loop(settings, training, data, List.of()).trial();
    } finally {
      exchange(gradients);
      putBack.run();
    }
  }

  /** Of the model's parameters, and of those that the optimizer has besides. */
  private Runnable[] gradientExchanges() {
    Set<Parameter> all = new LinkedHashSet<>(settings.model.parameters());
    all.addAll(settings.optimized());
    return all.stream().map(ParameterAccess::gradientExchange).toArray(Runnable[]::new);
  }

  private static void exchange(Runnable[] gradients) {
    for (Runnable gradient : gradients) {
      gradient.run();
    }
  }
}
