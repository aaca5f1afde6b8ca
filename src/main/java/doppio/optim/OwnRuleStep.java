package doppio.optim;

import static doppio.internal.Fma.fma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A step of a rule from outside of this package: both weight decays go around it, which knows of
 * none, and where it throws, all parameters that the step has changed are put back.
 *
 * <p>The rule finds g + λw in place of the gradient g, and afterwards w loses δ times what it was
 * before. While it runs its group's decays read 0, because it is not to apply them a second time.
 */
final class OwnRuleStep {
  private final Before[] before;
  private double[] gradients = {};

  OwnRuleStep(ParameterState[] states) {
    before = Arrays.stream(states).map(Before::new).toArray(Before[]::new);
  }

  /** Lets the rule change all parameters or none; each gradient is then what it was. */
  void run(Optimizer rule) {
    boolean done = false;
    try {
      for (Before parameter : before) {
        if (parameter.state.takesStep()) {
          parameter.keep();
          update(rule, parameter);
        }
      }
      done = true;
    } finally {
      for (Before parameter : before) {
        parameter.end(done);
      }
    }
  }

  private void update(Optimizer rule, Before parameter) {
    ParameterState state = parameter.state;
    ParameterGroup group = state.group;
    double lambda = group.weightDecay();
    double delta = group.decoupledWeightDecay();
    state.makeBuffers();
    state.steps++;
    group.weightDecay(0).decoupledWeightDecay(0);
    try {
      withCoupledDecay(rule, state, lambda);
    } finally {
      group.weightDecay(lambda).decoupledWeightDecay(delta);
    }
    if (delta != 0) {
      double[] w = state.parameter.value().data();
      for (int i = 0; i < w.length; i++) {
        w[i] = fma(-delta, parameter.value[i], w[i]);
      }
    }
  }

  private void withCoupledDecay(Optimizer rule, ParameterState state, double lambda) {
    if (lambda == 0) {
      rule.update(state.parameter, state, state.group);
      return;
    }
    double[] w = state.parameter.value().data();
    double[] g = state.parameter.accumulator().data();
    gradients = copy(g, gradients);
    for (int i = 0; i < g.length; i++) {
      g[i] = fma(lambda, w[i], g[i]);
    }
    try {
      rule.update(state.parameter, state, state.group);
    } finally {
      System.arraycopy(gradients, 0, g, 0, g.length);
    }
  }

  /** Copies into an array that grows only, so that a step allocates nothing. */
  private static double[] copy(double[] from, double[] to) {
    double[] copy = to.length < from.length ? new double[from.length] : to;
    System.arraycopy(from, 0, copy, 0, from.length);
    return copy;
  }

  /** One parameter and what is remembered of it, as they were before the step. */
  private static final class Before {
    final ParameterState state;
    private final List<double[]> buffers = new ArrayList<>();
    private double[] value = {};
    private boolean kept;
    private int made;
    private long steps;

    Before(ParameterState state) {
      this.state = state;
    }

    void keep() {
      value = copy(state.parameter.value().data(), value);
      steps = state.steps;
      made = state.buffers.size();
      for (int b = 0; b < made; b++) {
        if (b == buffers.size()) {
          buffers.add(new double[0]);
        }
        if (state.buffers.get(b) != null) {
          buffers.set(b, copy(state.buffers.get(b), buffers.get(b)));
        }
      }
      kept = true;
    }

    /** After the step: puts back what was kept unless the step is done. */
    void end(boolean done) {
      if (kept && !done) {
        putBack();
      }
      kept = false;
    }

    private void putBack() {
      double[] w = state.parameter.value().data();
      System.arraycopy(value, 0, w, 0, w.length);
      state.steps = steps;
      // What undoes something takes no memory: that may be what there was too little of.
      while (state.buffers.size() > made) {
        state.buffers.remove(state.buffers.size() - 1);
      }
      for (int b = 0; b < made; b++) {
        if (state.buffers.get(b) != null) {
          System.arraycopy(buffers.get(b), 0, state.buffers.get(b), 0, w.length);
        }
      }
    }
  }
}
