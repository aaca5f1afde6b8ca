package doppio.optim;

import doppio.internal.Kernels;
import doppio.internal.Require;
import doppio.internal.RmspropStep;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Gradients divided by the root of their mean square: with h = g + λw,
 *
 * <ul>
 *   <li>v ← αv + (1 − α)h²
 *   <li>u = h / (√v + ε)
 *   <li>w ← w − ηu − δw.
 * </ul>
 *
 * <p>Centered, the mean m ← αm + (1 − α)h is taken out of the square: u = h / (√(v − m²) + ε). With
 * momentum μ the last line has b ← μb + u in place of u. v, m and b are 0 at first. λ is the weight
 * decay, δ the decoupled weight decay, which v, m and b do not see.
 *
 * <p>Where rounding makes v − m² negative it counts as 0; PyTorch goes on with NaN.
 *
 * <p>Source: Hinton, "Neural networks for machine learning" (2012), lecture 6e; centered: Graves,
 * "Generating sequences with recurrent neural networks" (2013), equations 38 to 45; {@code
 * torch.optim.RMSprop}, whose form this is.
 */
public final class RMSprop extends Optimizer {
  private final double alpha;
  private final double epsilon;
  private final double mu;
  private final boolean centered;

  /**
   * RMSprop with PyTorch's α = 0.99 and ε = 1e-8, without momentum, not centered.
   *
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  public RMSprop(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, 0.99, 1e-8, 0, false);
  }

  /**
   * RMSprop.
   *
   * @param alpha what is left of the means from step to step, α
   * @param epsilon added to the root, ε
   * @param momentum what is left of the velocity b from step to step, μ; 0 for none
   * @param centered whether the mean is taken out of the square
   * @throws IllegalArgumentException if the list is empty, the rate or epsilon negative or not
   *     finite, or alpha or the momentum not in [0, 1)
   */
  public RMSprop(
      List<Parameter> parameters,
      double learningRate,
      double alpha,
      double epsilon,
      double momentum,
      boolean centered) {
    super(
        parameters,
        learningRate,
        DecayMode.IN_THE_RULE,
        BufferKind.NOT_NEGATIVE,
        centered ? BufferKind.FINITE : BufferKind.UNUSED,
        momentum == 0 ? BufferKind.UNUSED : BufferKind.FINITE);
    this.alpha = Require.shareBelowOne("alpha", alpha);
    this.epsilon = Require.finiteNotNegative("epsilon", epsilon);
    mu = Require.shareBelowOne("momentum", momentum);
    this.centered = centered;
  }

  /** {@inheritDoc} The rule squares it. */
  @Override
  public double largestGradient() {
    return ParameterState.LARGEST_SQUARED;
  }

  /**
   * The formula above for one parameter; the loop is {@code rmsprop} in
   * internal/scalar/OptimizerRules.
   */
  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    double eta = group.learningRate();
    RmspropStep step = new RmspropStep(eta, alpha, epsilon, mu, group.lambda(), group.delta());
    Kernels kernels = KernelChoice.kernels();
    double[] w = parameter.value().data();
    double[] v = state.buffer(0);
    double[] m = centered ? state.buffer(1) : null;
    double[] b = mu == 0 ? null : state.buffer(2);
    parameter.gradientParts(
        (g, at, from, length) -> kernels.rmsprop(step, w, v, m, b, g, at, from, length));
  }

  @Override
  String settings() {
    return "alpha "
        + alpha
        + ", epsilon "
        + epsilon
        + (mu == 0 ? "" : ", momentum " + mu)
        + (centered ? ", centered" : "");
  }
}
