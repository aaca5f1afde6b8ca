package doppio.optim;

import doppio.Tensor;
import doppio.nn.Parameter;

/** Makes parameters and gives them gradients. */
final class Parameters {
  private Parameters() {}

  static Parameter of(double... values) {
    return new Parameter(Tensor.of(values));
  }

  static Parameter withGradient(double value, double gradient) {
    Parameter p = of(value);
    gradient(p, gradient);
    return p;
  }

  /** Replaces the gradient, as a backward pass after zeroGrad does. */
  static void gradient(Parameter p, double... gradient) {
    p.zeroGrad();
    System.arraycopy(gradient, 0, p.accumulator().data(), 0, gradient.length);
  }
}
