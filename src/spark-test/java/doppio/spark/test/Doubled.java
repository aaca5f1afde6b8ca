package doppio.spark.test;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Layer;

/** A layer that the library has not: y = 2 x. */
final class Doubled extends Layer {
  @Override
  protected void compute(Tensor x, Tensor y) {
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = 2 * x.data()[i];
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    for (int i = 0; i < x.size(); i++) {
      gx.data()[i] = 2 * gy.data()[i];
    }
  }

  @Override
  public Description<Doubled> describe() {
    return Description.of(parts -> new Doubled());
  }
}
