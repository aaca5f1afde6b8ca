package doppio.optim;

import doppio.internal.Kernels;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Gradient descent with momentum: v ← μv + g, w ← w − ηv; in Nesterov's form, with the new v, w ← w
 * − η(g + μv).
 *
 * <p>v is 0 at first. With weight decay λ the g of the formulas is the gradient plus λw; decoupled
 * weight decay δ subtracts δw besides, and v does not see it.
 *
 * <p>Source: {@code torch.optim.SGD}, whose form of both differs from Sutskever et al., "On the
 * importance of initialization and momentum in deep learning" (2013), equations 3 and 4: there v
 * contains the rate.
 */
public final class Momentum extends Optimizer {
  private final double momentum;
  private boolean nesterov;

  /**
   * Momentum in the heavy-ball form.
   *
   * @param momentum what is left of the velocity from step to step, μ
   * @throws IllegalArgumentException if the list is empty, the rate negative or not finite, or the
   *     momentum not in [0, 1)
   */
  public Momentum(List<Parameter> parameters, double learningRate, double momentum) {
    super(parameters, learningRate);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
    }
    this.momentum = momentum;
  }

  /** Chooses Nesterov's form, or with false the heavy-ball form; returns this optimizer. */
  public Momentum nesterov(boolean nesterov) {
    this.nesterov = nesterov;
    return this;
  }

  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    double[] w = parameter.value().data();
    double[] v = state.buffer(0);
    double rate = group.learningRate();
    double coupled = group.weightDecay();
    double decoupled = group.decoupledWeightDecay();
    Kernels kernels = Kernels.get();
    parameter.gradientParts(
        (g, at, from, length) ->
            kernels.momentum(
                w, g, at, v, from, length, rate, momentum, nesterov, coupled, decoupled));
  }
}
