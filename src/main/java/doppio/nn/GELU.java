package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.Activation;
import doppio.internal.layer.Gate;
import doppio.internal.layer.Gelu;

/**
 * The Gaussian error linear unit: y = x · Φ(x), Φ the distribution function of the normal
 * distribution, element by element; as {@link #tanh()} y = ½ x (1 + tanh(√(2/π) (x + 0.044715
 * x³))), which differs by less than 5·10⁻⁴.
 *
 * <p>Shapes: any input, output of the same shape. No parameters; the same in training and
 * evaluation. 0 in the limit on the left, x on the right; NaN stays NaN.
 *
 * <p>Gradient: Φ(x) + x φ(x), φ the density; of the other form its own derivative.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016); {@code torch.nn.GELU}, the
 * other form with {@code approximate="tanh"}.
 */
public final class GELU extends Layer {
  private static final String APPROXIMATE = "approximate";
  private static final String NONE = "none";
  private static final String TANH = "tanh";

  /** 2 √(2/π), for ½ (1 + tanh v) is the logistic function of 2v. */
  private static final double STEEPNESS = 1.5957691216057308;

  private static final double CUBIC = 0.044715;

  private static final Activation EXACT = new Gelu();
  private static final Activation BY_TANH = new Gate(STEEPNESS, CUBIC * STEEPNESS);

  private final boolean byTanh;

  /** The exact form. */
  public GELU() {
    this(false);
  }

  /** One that is made again. */
  public GELU(Parts parts) {
    this(isTanh(parts.text(APPROXIMATE)));
  }

  private GELU(boolean byTanh) {
    this.byTanh = byTanh;
  }

  /** The form with tanh in the place of the error function. */
  public static GELU tanh() {
    return new GELU(true);
  }

  /** The setting {@code approximate}: none or tanh. */
  @Override
  public Description<GELU> describe() {
    return Description.of(GELU::new).set(APPROXIMATE, byTanh ? TANH : NONE);
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  /** Whether it is the form with tanh. */
  public boolean isTanh() {
    return byTanh;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    function().forward(x.data(), y.data(), x.size());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    function().backward(x.data(), gy.data(), gx.data(), x.size());
  }

  @Override
  public String toString() {
    return byTanh ? "GELU(tanh)" : "GELU()";
  }

  private Activation function() {
    return byTanh ? BY_TANH : EXACT;
  }

  private static boolean isTanh(String approximate) {
    if (!approximate.equals(NONE) && !approximate.equals(TANH)) {
      throw new IllegalArgumentException("approximate must be none or tanh, got " + approximate);
    }
    return approximate.equals(TANH);
  }
}
