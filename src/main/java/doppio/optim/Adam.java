package doppio.optim;

import doppio.internal.AdamStep;
import doppio.internal.Kernels;
import doppio.internal.Require;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Adaptive moment estimation: at a parameter's step t, counted from 1, with h = g + λw,
 *
 * <ul>
 *   <li>m ← β₁m + (1 − β₁)h
 *   <li>v ← β₂v + (1 − β₂)h²
 *   <li>w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε) − δw.
 * </ul>
 *
 * <p>m and v are 0 at first; t counts the steps that changed the parameter. λ is the weight decay,
 * which m and v see, δ the decoupled weight decay, which they do not see. With PyTorch's decoupled
 * weight decay, which is multiplied by the learning rate, it is {@link AdamW}.
 *
 * <p>Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1;
 * {@code torch.optim.Adam}.
 */
public sealed class Adam extends Optimizer permits AdamW {
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /**
   * Adam with PyTorch's β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.
   *
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  public Adam(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, 0.9, 0.999, 1e-8);
  }

  /**
   * Adam.
   *
   * @param beta1 what is left of the mean of the gradients from step to step
   * @param beta2 what is left of the mean of their squares
   * @param epsilon added to the root of the latter
   * @throws IllegalArgumentException if the list is empty, the rate or epsilon negative or not
   *     finite, or a beta not in [0, 1)
   */
  public Adam(
      List<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon) {
    this(parameters, learningRate, beta1, beta2, epsilon, DecayMode.IN_THE_RULE);
  }

  Adam(
      List<Parameter> parameters,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      DecayMode decay) {
    super(parameters, learningRate, decay, BufferKind.FINITE, BufferKind.NOT_NEGATIVE);
    this.beta1 = Require.shareBelowOne("beta1", beta1);
    this.beta2 = Require.shareBelowOne("beta2", beta2);
    this.epsilon = Require.finiteNotNegative("epsilon", epsilon);
  }

  /** {@inheritDoc} The rule squares it. */
  @Override
  public final double largestGradient() {
    return ParameterState.LARGEST_SQUARED;
  }

  /**
   * The formula above for one parameter; the loop is {@code adam} in
   * internal/scalar/OptimizerRules.
   */
  @Override
  protected final void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    long t = state.steps();
    AdamStep step =
        new AdamStep(
            group.learningRate() / correction(beta1, t),
            Math.sqrt(correction(beta2, t)),
            beta1,
            beta2,
            epsilon,
            group.lambda(),
            group.delta());
    Kernels kernels = KernelChoice.kernels();
    double[] w = parameter.value().data();
    double[] m = state.buffer(0);
    double[] v = state.buffer(1);
    parameter.gradientParts(
        (g, at, from, length) -> kernels.adam(step, w, m, v, g, at, from, length));
  }

  /** 1 − βᵗ. On JDK 17 StrictMath.pow allocates; this does not, and is no less exact. */
  private static double correction(double beta, long t) {
    return -StrictMath.expm1(t * StrictMath.log(beta));
  }

  @Override
  final String settings() {
    return "beta1 " + beta1 + ", beta2 " + beta2 + ", epsilon " + epsilon;
  }
}
