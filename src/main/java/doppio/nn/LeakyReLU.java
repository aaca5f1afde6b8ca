package doppio.nn;

import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.choice.KernelChoice;

/**
 * The leaky rectifier: y = x for x &gt; 0, otherwise αx, element by element.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation.
 *
 * <p>Gradient: 1 for x &gt; 0, otherwise α (at x = 0 too, as in PyTorch).
 *
 * <p>Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models"
 * (2013).
 */
public final class LeakyReLU extends Layer {
  private static final double DEFAULT_SLOPE = 0.01;

  private final double slope;

  /** A leaky rectifier with slope α = 0.01. */
  public LeakyReLU() {
    this(DEFAULT_SLOPE);
  }

  /**
   * A leaky rectifier with the given slope for negative inputs.
   *
   * @throws IllegalArgumentException if the slope is not finite
   */
  public LeakyReLU(double slope) {
    this.slope = Require.finite("slope", slope);
  }

  /** One that is made again. */
  public LeakyReLU(Parts parts) {
    this(parts.number("negativeSlope"));
  }

  @Override
  public Description<LeakyReLU> describe() {
    return Description.of(LeakyReLU::new).set("negativeSlope", slope);
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  /** The slope α for negative inputs. */
  public double slope() {
    return slope;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    KernelChoice.kernels().leakyRelu(x.data(), 0, y.data(), 0, x.size(), slope);
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels()
        .leakyReluGradient(x.data(), 0, gy.data(), 0, gx.data(), 0, x.size(), slope);
  }

  @Override
  public String toString() {
    return "LeakyReLU(" + slope + ")";
  }
}
