package doppio.optim;

import static doppio.internal.Fma.fma;

/**
 * Both weight decays around a rule that knows of none: the rule finds g + λw in place of the
 * gradient g, and afterwards w loses δ times what it was before.
 *
 * <p>While the rule runs its group's decays read 0, for it is not to apply them a second time.
 */
final class DecayedUpdate {
  private double[] gradients = {};
  private double[] values = {};

  /** Lets the rule make its step; the gradient is then what it was. */
  void run(Optimizer rule, ParameterState state) {
    ParameterGroup group = state.group;
    double lambda = group.weightDecay();
    double delta = group.decoupledWeightDecay();
    double[] w = state.parameter.value().data();
    if (delta != 0) {
      values = copy(w, values);
    }
    group.weightDecay(0).decoupledWeightDecay(0);
    try {
      withCoupledDecay(rule, state, lambda);
    } finally {
      group.weightDecay(lambda).decoupledWeightDecay(delta);
    }
    if (delta != 0) {
      for (int i = 0; i < w.length; i++) {
        w[i] = fma(-delta, values[i], w[i]);
      }
    }
  }

  private void withCoupledDecay(Optimizer rule, ParameterState state, double lambda) {
    if (lambda == 0) {
      rule.update(state.parameter, state, state.group);
      return;
    }
    double[] w = state.parameter.value().data();
    double[] g = state.parameter.grad().data();
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
}
