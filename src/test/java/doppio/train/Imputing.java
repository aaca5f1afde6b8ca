package doppio.train;

import doppio.Tensor;
import doppio.nn.Layer;

/** Takes 0 for what is NaN. */
final class Imputing extends Layer {
  @Override
  protected void compute(Tensor x, Tensor y) {
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = Double.isNaN(x.data()[i]) ? 0 : x.data()[i];
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
  }
}
