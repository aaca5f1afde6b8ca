package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Activation;
import doppio.internal.layer.Elu;

/**
 * The exponential linear unit: y = x for x &gt; 0, otherwise α (e^x − 1), element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. −α in the limit on the left; NaN stays NaN.
 *
 * <p>Gradient: 1 for x &gt; 0, otherwise α e^x (α at x = 0, as in PyTorch).
 *
 * <p>Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by
 * exponential linear units" (2015); {@code torch.nn.ELU}.
 */
public final class ELU extends Layer {
  private final double alpha;
  private final Activation function;

  /** An exponential linear unit with α = 1. */
  public ELU() {
    this(1);
  }

  /**
   * An exponential linear unit with the given α.
   *
   * @throws IllegalArgumentException if α is not finite
   */
  public ELU(double alpha) {
    if (!Double.isFinite(alpha)) {
      throw new IllegalArgumentException("alpha must be finite, got " + alpha);
    }
    this.alpha = alpha;
    function = new Elu(alpha);
  }

  /** One that is made again. */
  public ELU(Parts parts) {
    this(parts.number("alpha"));
  }

  @Override
  public Description<ELU> describe() {
    return Description.of(ELU::new).set("alpha", alpha);
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  /** The scale α of negative inputs. */
  public double alpha() {
    return alpha;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    function.forward(x.data(), y.data(), x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    function.backward(x.data(), gy.data(), gx.data(), x.size());
  }

  @Override
  public String toString() {
    return "ELU(" + alpha + ")";
  }
}
