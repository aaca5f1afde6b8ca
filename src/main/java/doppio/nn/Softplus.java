package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Activation;
import doppio.internal.layer.SmoothRectifier;

/**
 * A smooth rectifier: y = log(1 + e^x), element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. 0 in the limit on the left, x on the right; NaN stays NaN.
 *
 * <p>Gradient: the logistic function of x.
 *
 * <p>Source: Dugas et al., "Incorporating second-order functional knowledge for better option
 * pricing" (2000); {@code torch.nn.Softplus} with its β = 1. PyTorch returns x itself above 20,
 * which is too small by up to 2.1·10⁻⁹; this is the function everywhere.
 */
public final class Softplus extends Layer {
  private static final Activation FUNCTION = new SmoothRectifier();

  /** A smooth rectifier. */
  public Softplus() {}

  @Override
  public Description<Softplus> describe() {
    return Description.of(parts -> new Softplus());
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    FUNCTION.forward(x.data(), y.data(), x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    FUNCTION.backward(x.data(), gy.data(), gx.data(), x.size());
  }
}
