package doppio.optim;

/**
 * A step of a rule of this package, which changes its parameters in their place. The memory that it
 * needs most of is taken before it changes the first one: where there is too little, no step was
 * made.
 */
final class PlainStep {
  private final ParameterState[] states;

  /** Whether the last step was broken off when it had begun to change parameters. */
  boolean halfMade;

  PlainStep(ParameterState[] states) {
    this.states = states;
  }

  void run(Optimizer rule) {
    for (ParameterState state : states) {
      if (state.takesStep()) {
        state.makeBuffers();
      }
    }
    halfMade = true;
    for (ParameterState state : states) {
      if (state.takesStep()) {
        state.steps++;
        rule.update(state.parameter, state, state.group);
      }
    }
    halfMade = false;
  }
}
