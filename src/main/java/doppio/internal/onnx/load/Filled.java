package doppio.internal.onnx.load;

import doppio.Tensor;

/** The same number everywhere, under a shape that is the argument. */
final class Filled extends Function {
  private final double value;

  Filled(double value) {
    this.value = value;
  }

  boolean isZero() {
    return value == 0;
  }

  @Override
  int[] shape(Argument[] in) {
    return in[0].values() == null ? null : checked(in[0].whole());
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    y.fill(value);
  }

  @Override
  boolean isDifferentiable(int k) {
    return false;
  }
}
