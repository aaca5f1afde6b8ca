package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.LogProbabilities;

/**
 * The logarithm of the softmax over the last dimension: y = x − max x − log Σ e^(x − max x). With
 * the loss {@code NLL} behind it, it is what {@code CrossEntropy} is without it.
 *
 * <p>Shapes: input {@code [.., classes]}, output of the same shape. No parameters; the same in
 * training and evaluation.
 *
 * <p>Gradient: ∂x = g − e^y Σ g, the sum over the row.
 *
 * <p>Source: {@code torch.nn.LogSoftmax} with dim −1.
 */
public final class LogSoftmax extends Layer {
  /** The logarithm of a softmax. */
  public LogSoftmax() {}

  @Override
  public Description<LogSoftmax> describe() {
    return Description.of(parts -> new LogSoftmax());
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
    LogProbabilities.forward(x.data(), y.data(), rows(x), x.dim(-1));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    LogProbabilities.backward(y.data(), gy.data(), gx.data(), rows(y), y.dim(-1));
  }

  private static int rows(Tensor t) {
    return t.size() == 0 ? 0 : t.size() / t.dim(-1);
  }
}
