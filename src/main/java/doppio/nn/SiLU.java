package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Activation;
import doppio.internal.layer.Gate;

/**
 * The sigmoid linear unit, or swish: y = x / (1 + e⁻ˣ), element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. 0 in the limit on the left, x on the right; NaN stays NaN.
 *
 * <p>Gradient: σ(x) + x σ(x) (1 − σ(x)), σ the logistic function.
 *
 * <p>Source: Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function
 * approximation in reinforcement learning" (2017); {@code torch.nn.SiLU}.
 */
public final class SiLU extends Layer {
  private static final Activation FUNCTION = new Gate(1, 0);

  /** A sigmoid linear unit. */
  public SiLU() {}

  @Override
  public Description<SiLU> describe() {
    return Description.of(parts -> new SiLU());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    FUNCTION.forward(x.data(), y.data(), x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    FUNCTION.backward(x.data(), gy.data(), gx.data(), x.size());
  }
}
