package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.GlobalAverage;

/**
 * The mean of each channel of an image.
 *
 * <p>Shapes: input {@code [n, c, h, w]}, output {@code [n, c]}; one image {@code [c, h, w]} gives
 * {@code [c]}. No parameters; the same in training and evaluation.
 *
 * <p>Gradient: g / (h·w) in every place of the channel.
 *
 * <p>Source: Lin, Chen and Yan, "Network in network" (2013); {@code torch.nn.AdaptiveAvgPool2d(1)}
 * and a flatten.
 */
public final class GlobalAvgPool2d extends Layer {
  /** The mean of each channel. */
  public GlobalAvgPool2d() {}

  @Override
  public Description<GlobalAvgPool2d> describe() {
    return Description.of(parts -> new GlobalAvgPool2d());
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "it works on images, which have no steps");
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if ((rank != 3 && rank != 4) || inputShape[rank - 2] == 0 || inputShape[rank - 1] == 0) {
      throw refuse("[n, c, h, w] or [c, h, w]", inputShape);
    }
    return rank == 3 ? new int[] {inputShape[0]} : new int[] {inputShape[0], inputShape[1]};
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    GlobalAverage.forward(x.data(), y.data(), y.size(), x.dim(-2) * x.dim(-1));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    GlobalAverage.backward(gy.data(), gx.data(), gy.size(), x.dim(-2) * x.dim(-1));
  }
}
