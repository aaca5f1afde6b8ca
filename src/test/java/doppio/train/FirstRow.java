package doppio.train;

import doppio.Tensor;
import doppio.nn.Layer;

/** Returns the first row of a batch. */
final class FirstRow extends Layer {
  @Override
  protected int[] outputShape(int[] inputShape) {
    return new int[] {1, inputShape[1]};
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    System.arraycopy(x.data(), 0, y.data(), 0, y.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    gx.fill(0);
    System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
  }
}
