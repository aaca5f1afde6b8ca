package doppio.optim;

import doppio.internal.Kernels;
import doppio.internal.MomentumStep;
import doppio.internal.Require;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Gradient descent with momentum: with h = g + λw,
 *
 * <ul>
 *   <li>v ← μv + h
 *   <li>w ← w − ηv − δw, or in Nesterov's form, with the new v, w ← w − η(h + μv) − δw.
 * </ul>
 *
 * <p>v is 0 at first. λ is the weight decay, which v sees, δ the decoupled weight decay, which v
 * does not see.
 *
 * <p>Source: {@code torch.optim.SGD}, whose form of both differs from Sutskever et al., "On the
 * importance of initialization and momentum in deep learning" (2013), equations 3 and 4: there v
 * contains the rate.
 */
public final class Momentum extends Optimizer {
  private final double mu;
  private boolean nesterov;

  /**
   * Momentum in the heavy-ball form.
   *
   * @param momentum what is left of the velocity from step to step, μ
   * @throws IllegalArgumentException if the list is empty, the rate negative or not finite, or the
   *     momentum not in [0, 1)
   */
  public Momentum(List<Parameter> parameters, double learningRate, double momentum) {
    super(parameters, learningRate, DecayMode.IN_THE_RULE, BufferKind.FINITE);
    mu = Require.shareBelowOne("momentum", momentum);
  }

  /** Chooses Nesterov's form, or with false the heavy-ball form; returns this optimizer. */
  public Momentum nesterov(boolean nesterov) {
    this.nesterov = nesterov;
    return this;
  }

  /**
   * The formula above for one parameter; the loop is {@code momentum} in
   * internal/scalar/OptimizerRules.
   */
  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    double eta = group.learningRate();
    MomentumStep step = new MomentumStep(eta, mu, nesterov, group.lambda(), group.delta());
    Kernels kernels = KernelChoice.kernels();
    double[] w = parameter.value().data();
    double[] v = state.buffer(0);
    parameter.gradientParts(
        (g, at, from, length) -> kernels.momentum(step, w, v, g, at, from, length));
  }

  @Override
  String settings() {
    return "momentum " + mu + (nesterov ? ", nesterov" : "");
  }
}
