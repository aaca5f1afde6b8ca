package doppio.optim;

import doppio.internal.Kernels;
import doppio.nn.Parameter;
import java.util.List;

/**
 * Adaptive moment estimation: at a parameter's step t, counted from 1,
 *
 * <ul>
 *   <li>m ← β₁m + (1 − β₁)g
 *   <li>v ← β₂v + (1 − β₂)g²
 *   <li>w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε).
 * </ul>
 *
 * <p>m and v are 0 at first; t counts the steps that changed the parameter. With weight decay λ the
 * g of the formulas is the gradient plus λw. Decoupled weight decay δ subtracts δw besides, and m
 * and v do not see it: that is AdamW, with a δ that is not multiplied by the learning rate.
 *
 * <p>Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1;
 * {@code torch.optim.Adam}.
 */
public final class Adam extends Optimizer {
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
    super(parameters, learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = ParameterGroup.checked("epsilon", epsilon);
  }

  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    double[] w = parameter.value().data();
    double[] m = state.buffer(0);
    double[] v = state.buffer(1);
    double rate = group.learningRate() / correction(beta1, state.steps());
    double root = Math.sqrt(correction(beta2, state.steps()));
    double coupled = group.weightDecay();
    double decoupled = group.decoupledWeightDecay();
    Kernels kernels = Kernels.get();
    parameter.gradientParts(
        (g, at, from, length) ->
            kernels.adam(
                w, g, at, m, v, from, length, rate, root, beta1, beta2, epsilon, coupled,
                decoupled));
  }

  /** 1 − βᵗ. On JDK 17 StrictMath.pow allocates; this does not, and is no less exact. */
  private static double correction(double beta, long t) {
    return -StrictMath.expm1(t * StrictMath.log(beta));
  }

  private static double fraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), got " + value);
    }
    return value;
  }
}
