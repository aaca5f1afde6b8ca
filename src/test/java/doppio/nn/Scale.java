package doppio.nn;

import doppio.Tensor;

/** y = s·x with one trained number s: a layer with a parameter, as a user would write it. */
final class Scale extends Layer {
  private final Parameter factor;

  Scale(Parameter factor) {
    this.factor = parameter("factor", factor);
  }

  Scale(double factor) {
    this(new Parameter(Tensor.of(factor)));
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    multiply(x, y);
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    multiply(gy, gx);
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    if (!factor.isFrozen()) {
      double[] gradient = factor.accumulator().data();
      for (int i = 0; i < x.size(); i++) {
        gradient[0] += x.data()[i] * gy.data()[i];
      }
    }
  }

  @Override
  public Description<Scale> describe() {
    return Description.of(parts -> new Scale(parts.parameter("factor")));
  }

  private void multiply(Tensor a, Tensor product) {
    double s = factor.value().data()[0];
    for (int i = 0; i < a.size(); i++) {
      product.data()[i] = s * a.data()[i];
    }
  }
}
