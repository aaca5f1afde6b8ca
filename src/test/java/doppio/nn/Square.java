package doppio.nn;

import doppio.Tensor;

/** y = x²: the layer in two methods from the documentation of {@link Layer}. */
final class Square extends Layer {
  @Override
  protected void compute(Tensor x, Tensor y) {
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = x.data()[i] * x.data()[i];
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    for (int i = 0; i < x.size(); i++) {
      gx.data()[i] = 2 * x.data()[i] * gy.data()[i];
    }
  }
}
