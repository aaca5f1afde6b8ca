package doppio.nn;

import doppio.internal.Advice;

/** Counts the calls of forward since the last way back: many of them look like an evaluation. */
final class Unanswered {
  private int forwards;

  void forward(Module module) {
    if (forwards++ == Advice.FORWARDS) {
      if (module.isTraining()) {
        Advice.TRAINING_MODE.give();
      } else {
        forwards = 0;
      }
    }
  }

  void backward() {
    forwards = 0;
  }
}
