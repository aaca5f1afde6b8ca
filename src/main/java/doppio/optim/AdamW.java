package doppio.optim;

import doppio.nn.Parameter;
import java.util.List;

/**
 * Adam with PyTorch's decoupled weight decay d, which is multiplied by the learning rate η. A step
 * is
 *
 * <ul>
 *   <li>w ← w − ηdw, and then
 *   <li>w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε),
 * </ul>
 *
 * <p>where m and v are those of {@link Adam} and see the gradient g alone. Which comes first makes
 * no difference but in rounding, for g is given: both are subtracted from w at once.
 *
 * <p>{@link #weightDecay} sets d, 0.01 at first. {@link #decoupledWeightDecay} is refused, because
 * it means a decay δ that is not multiplied by η, as other rules have it: w ← w − δw. Whoever wants
 * that takes {@link Adam}; with a constant rate it is the same as d = δ / η here.
 *
 * <pre>{@code
 * Optimizer optimizer = new AdamW(model.parameters(), 1e-3).weightDecay(0.05);
 * optimizer.group(biases).weightDecay(0);
 * }</pre>
 *
 * <p>Source: {@code torch.optim.AdamW}; Loshchilov and Hutter, "Decoupled weight decay
 * regularization" (2019), algorithm 2, where the rate has two factors and d is multiplied by one.
 */
public final class AdamW extends Adam {
  private static final double WEIGHT_DECAY = 0.01;

  /**
   * AdamW with PyTorch's β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and d = 0.01.
   *
   * @throws IllegalArgumentException if the list is empty, or the rate negative or not finite
   */
  public AdamW(List<Parameter> parameters, double learningRate) {
    this(parameters, learningRate, 0.9, 0.999, 1e-8);
  }

  /**
   * AdamW, with d = 0.01.
   *
   * @param beta1 what is left of the mean of the gradients from step to step
   * @param beta2 what is left of the mean of their squares
   * @param epsilon added to the root of the latter
   * @throws IllegalArgumentException if the list is empty, the rate or epsilon negative or not
   *     finite, or a beta not in [0, 1)
   */
  public AdamW(
      List<Parameter> parameters, double learningRate, double beta1, double beta2, double epsilon) {
    super(parameters, learningRate, beta1, beta2, epsilon, DecayMode.TIMES_THE_RATE);
    weightDecay(WEIGHT_DECAY);
  }
}
