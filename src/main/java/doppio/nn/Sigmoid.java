package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;

/**
 * The logistic function: y = 1 / (1 + e⁻ˣ), element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. Exactly 0 and 1 in the limits; NaN stays NaN.
 *
 * <p>Gradient: y (1 − y), never above ¼.
 */
public final class Sigmoid extends Layer {
  /** A logistic function. */
  public Sigmoid() {}

  @Override
  public Description<Sigmoid> describe() {
    return Description.of(parts -> new Sigmoid());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    KernelChoice.kernels().sigmoid(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels().sigmoidGradient(y.data(), 0, gy.data(), 0, gx.data(), 0, y.size());
  }
}
