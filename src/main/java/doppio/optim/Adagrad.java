package doppio.optim;

import doppio.internal.AdagradStep;
import doppio.internal.Kernels;
import doppio.internal.Require;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Parameter;
import java.util.Arrays;
import java.util.List;

/**
 * Gradients divided by the root of the sum of all squares so far: at a parameter's step t, counted
 * from 1, with h = g + λw,
 *
 * <ul>
 *   <li>s ← s + h²
 *   <li>w ← w − η / (1 + (t − 1)ρ) · h / (√s + ε) − δw.
 * </ul>
 *
 * <p>s has an initial value, 0 unless told otherwise; ρ is the decay of the learning rate; t counts
 * the steps that changed the parameter. λ is the weight decay, δ the decoupled weight decay, which
 * s does not see.
 *
 * <p>Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and
 * stochastic optimization" (2011); {@code torch.optim.Adagrad}.
 */
public final class Adagrad extends Optimizer {
  private static final double LARGEST = 1e150;

  private final double rateDecay;
  private final double initialAccumulator;
  private final double epsilon;

  /**
   * Adagrad with PyTorch's ρ = 0, s = 0 at first and ε = 1e-10.
   *
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  public Adagrad(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, 0, 0, 1e-10);
  }

  /**
   * Adagrad.
   *
   * @param rateDecay how the learning rate falls from step to step, ρ, PyTorch's {@code lr_decay}
   * @param initialAccumulator what s is at first
   * @param epsilon added to the root, ε
   * @throws IllegalArgumentException if the list is empty, or one of the numbers negative or not
   *     finite
   */
  public Adagrad(
      List<Parameter> parameters,
      double learningRate,
      double rateDecay,
      double initialAccumulator,
      double epsilon) {
    super(parameters, learningRate, DecayMode.IN_THE_RULE, BufferKind.NOT_NEGATIVE);
    this.rateDecay = Require.finiteNotNegative("rate decay", rateDecay);
    this.initialAccumulator = Require.finiteNotNegative("initial accumulator", initialAccumulator);
    this.epsilon = Require.finiteNotNegative("epsilon", epsilon);
  }

  /** {@inheritDoc} The rule adds up its squares, and has room for those of 10⁸ steps. */
  @Override
  public double largestGradient() {
    return LARGEST;
  }

  /**
   * The formula above for one parameter; the loop is {@code adagrad} in
   * internal/scalar/OptimizerRules.
   */
  @Override
  protected void update(Parameter parameter, ParameterState state, ParameterGroup group) {
    long t = state.steps();
    double eta = group.learningRate() / (1 + (t - 1) * rateDecay);
    AdagradStep step = new AdagradStep(eta, epsilon, group.lambda(), group.delta());
    Kernels kernels = KernelChoice.kernels();
    double[] w = parameter.value().data();
    double[] s = state.buffer(0);
    if (t == 1) {
      Arrays.fill(s, initialAccumulator);
    }
    parameter.gradientParts(
        new Parameter.GradientPart() {
          @Override
          public void accept(double[] g, int at, int from, int length) {
            kernels.adagrad(step, w, s, g, at, from, length);
          }

          @Override
          public boolean skipsZeros() {
            return epsilon > 0 && step.lambda() == 0 && step.delta() == 0;
          }
        });
  }

  @Override
  String settings() {
    return "rate decay "
        + rateDecay
        + ", initial accumulator "
        + initialAccumulator
        + ", epsilon "
        + epsilon;
  }
}
