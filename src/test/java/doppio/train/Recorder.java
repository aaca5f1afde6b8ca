package doppio.train;

import java.util.function.Consumer;

/** Callbacks of one line. */
final class Recorder {
  private Recorder() {}

  static Callback onStart(Consumer<Training> action) {
    return new Callback() {
      @Override
      public void start(Training training) {
        action.accept(training);
      }
    };
  }

  static Callback onBatch(Consumer<Training> action) {
    return new Callback() {
      @Override
      public void batch(Training training) {
        action.accept(training);
      }
    };
  }

  static Callback onEpoch(Consumer<Training> action) {
    return new Callback() {
      @Override
      public void epoch(Training training) {
        action.accept(training);
      }
    };
  }

  static Callback onEnd(Consumer<Training> action) {
    return new Callback() {
      @Override
      public void end(Training training) {
        action.accept(training);
      }
    };
  }

  static Callback stopAfterStep(long step) {
    return onBatch(
        training -> {
          if (training.step() == step) {
            training.stop();
          }
        });
  }
}
