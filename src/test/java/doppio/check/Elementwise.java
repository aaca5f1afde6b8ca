package doppio.check;

import doppio.Tensor;
import doppio.nn.Layer;
import java.util.function.DoubleUnaryOperator;

/** A function of each element with what it takes for its derivative. */
final class Elementwise extends Layer {
  private final DoubleUnaryOperator function;
  private final DoubleUnaryOperator derivative;

  Elementwise(DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
    this.function = function;
    this.derivative = derivative;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    for (int i = 0; i < x.size(); i++) {
      y.data()[i] = function.applyAsDouble(x.data()[i]);
    }
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    for (int i = 0; i < x.size(); i++) {
      gx.data()[i] = derivative.applyAsDouble(x.data()[i]) * gy.data()[i];
    }
  }
}
