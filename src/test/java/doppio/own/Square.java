package doppio.own;

import doppio.Tensor;
import doppio.nn.Description;
import doppio.nn.Layer;

/** y = x²: a layer without settings, as the README shows it. */
public final class Square extends Layer {
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

  @Override
  public Description<Square> describe() {
    return Description.of(parts -> new Square());
  }
}
