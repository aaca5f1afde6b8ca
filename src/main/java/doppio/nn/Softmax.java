package doppio.nn;

import doppio.Tensor;
import doppio.internal.choice.KernelChoice;

/**
 * The softmax over the last dimension: y = e^(x − max x) / Σ e^(x − max x).
 *
 * <p>Shapes: input {@code [.., classes]}, output of the same shape; each row sums to 1. No
 * parameters; the same in training and evaluation. The cross-entropy loss takes logits and needs no
 * softmax before it.
 *
 * <p>Gradient: the Jacobian of a row is diag(y) − y yᵀ, so ∂x = y (g − Σ g y).
 */
public final class Softmax extends Layer {
  /** A softmax. */
  public Softmax() {}

  @Override
  public Description<Softmax> describe() {
    return Description.of(parts -> new Softmax());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    if (inputShape.length == 0) {
      throw refuse("[.., classes]", inputShape);
    }
    return inputShape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    KernelChoice.kernels().softmax(x.data(), 0, y.data(), 0, rows(x), x.dim(-1));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels()
        .softmaxGradient(y.data(), 0, gy.data(), 0, gx.data(), 0, rows(y), y.dim(-1));
  }

  private static int rows(Tensor t) {
    return t.size() == 0 ? 0 : t.size() / t.dim(-1);
  }
}
