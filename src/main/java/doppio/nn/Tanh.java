package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;

/**
 * The hyperbolic tangent: y = tanh x, element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. Exactly −1 and 1 in the limits; NaN stays NaN.
 *
 * <p>Gradient: 1 − y².
 */
public final class Tanh extends Layer {
  /** A hyperbolic tangent. */
  public Tanh() {}

  @Override
  public Description<Tanh> describe() {
    return Description.of(parts -> new Tanh());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    KernelChoice.kernels().tanh(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels().tanhGradient(y.data(), 0, gy.data(), 0, gx.data(), 0, y.size());
  }
}
