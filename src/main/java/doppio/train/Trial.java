package doppio.train;

import doppio.data.Samples;
import java.util.List;

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
   * @param begun whether the source of gradients has begun, and must not do so again
   */
  EpochResult run(boolean begun) {
    Training training = new Training(settings);
    if (begun) {
      training.noteBegun();
    }
    DataCheck.check(settings, training.running, data);
    Checkpoint state =
        new Checkpoint(settings.model)
            .optimizer(settings.optimizer)
            .generator("trial", settings.generator());
    if (settings.timetable != null) {
      state.part("scheduler", settings.timetable::save, settings.timetable::read);
    }
    Runnable putBack = state.snapshot();
    try {
      return new Loop(settings, training, data, List.of()).trial();
    } finally {
      putBack.run();
    }
  }
}
