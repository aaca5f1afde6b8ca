package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;

/**
 * The rectifier: y = max(0, x), element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation.
 *
 * <p>Gradient: 1 for x &gt; 0, otherwise 0 (at x = 0 too, as in PyTorch).
 *
 * <p>Source: Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines"
 * (2010).
 */
public final class ReLU extends Layer {
  /** A rectifier. */
  public ReLU() {}

  @Override
  public Description<ReLU> describe() {
    return Description.of(parts -> new ReLU());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    KernelChoice.kernels().relu(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels().reluGradient(y.data(), 0, gy.data(), 0, gx.data(), 0, y.size());
  }
}
