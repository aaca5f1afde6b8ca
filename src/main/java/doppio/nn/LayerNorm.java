package doppio.nn;

import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.layer.Rows;
import java.util.Arrays;
import java.util.Objects;

/**
 * Normalisation of each sample by itself: y = γ (x − μ) / √(σ² + ε) + β, with the mean μ and the
 * variance σ² over the last dimensions.
 *
 * <p>Shapes: input whose last dimensions are those given, {@code [n, 6]} or {@code [n, t, 6]} for
 * {@code new LayerNorm(6)}; output of the same shape. The same in training and evaluation.
 *
 * <p>Parameters: {@code weight} γ, ones at first, and {@code bias} β, zeros at first, of the given
 * shape.
 *
 * <p>Sums over a sample are eight partial sums; those over the samples, of the parameters'
 * gradients, chains of 256; the same on every machine.
 *
 * <p>Gradient: ∂β = Σ g, ∂γ = Σ g x̂ with x̂ = (x − μ) / √(σ² + ε), over the samples; ∂x = (γg −
 * mean(γg) − x̂ · mean(γg x̂)) / √(σ² + ε), the means over the sample.
 *
 * <p>Source: Ba, Kiros and Hinton, "Layer normalization" (2016); {@code torch.nn.LayerNorm}.
 */
public final class LayerNorm extends Layer {
  private static final double DEFAULT_EPS = 1e-5;

  private final int[] shape;
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /** Of each sample of the last forward: its mean, and 1/√(variance + ε). */
  private double[] mean = {};

  private double[] inverse = {};

  /**
   * With PyTorch's ε = 10⁻⁵.
   *
   * @param shape the last dimensions of an input
   * @throws IllegalArgumentException if there is none, or one is below 1
   */
  public LayerNorm(int... shape) {
    this(DEFAULT_EPS, Objects.requireNonNull(shape, "shape"));
  }

  private LayerNorm(double eps, int[] shape) {
    this(new Parameter(Tensor.full(1, checked(shape))), new Parameter(Tensor.zeros(shape)), eps);
  }

  private LayerNorm(Parameter weight, Parameter bias, double eps) {
    Require.finiteNotNegative("eps", eps);
    shape = weight.value().shape();
    this.eps = eps;
    this.weight = parameter("weight", weight);
    this.bias = parameter("bias", bias);
    Pass.requireShape("bias", bias.value(), shape);
  }

  /** One that is made again. */
  public LayerNorm(Parts parts) {
    this(parts.parameter("weight"), parts.parameter("bias"), parts.number("eps"));
  }

  /**
   * With an ε of one's own.
   *
   * @throws IllegalArgumentException if eps is negative or not finite, or the shape is refused
   */
  public static LayerNorm withEps(double eps, int... shape) {
    return new LayerNorm(eps, shape);
  }

  @Override
  public Description<LayerNorm> describe() {
    return Description.of(LayerNorm::new).set("normalizedShape", shape).set("eps", eps);
  }

  @Override
  protected Steps steps() {
    if (shape.length > 1) {
      throw new Unsteppable(this, "it normalises over more dimensions than a step has");
    }
    return Steps.alone(this);
  }

  /** What is added to a variance before its root is taken. */
  public double eps() {
    return eps;
  }

  /** The factors γ, of the shape that is normalised. */
  public Parameter weight() {
    return weight;
  }

  /** The summands β, of the shape that is normalised. */
  public Parameter bias() {
    return bias;
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int before = inputShape.length - shape.length;
    boolean fits = before >= 0;
    for (int d = 0; fits && d < shape.length; d++) {
      fits = inputShape[before + d] == shape[d];
    }
    if (!fits) {
      throw refuse(Arrays.toString(shape).replace("[", "[.., "), inputShape);
    }
    return inputShape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    rows(x).normalise(x.data(), y.data(), gamma(), beta(), eps, null, null);
  }

  @Override
  protected void record(Tensor x, Tensor y) {
    Rows rows = rows(x);
    if (mean.length != rows.count()) {
      inverse = new double[rows.count()];
      mean = new double[rows.count()];
    }
    rows.normalise(x.data(), y.data(), gamma(), beta(), eps, mean, inverse);
  }

  @Override
  protected void gradients(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    Rows rows = rows(x);
    if (!bias.isFrozen()) {
      boolean add = bias.hasGradient();
      rows.sums(gy.data(), bias.gradientToWrite(), add);
    }
    if (!weight.isFrozen()) {
      boolean add = weight.hasGradient();
      rows.products(x.data(), mean, inverse, gy.data(), weight.gradientToWrite(), add);
    }
    if (gx != null) {
      rows.denormalise(x.data(), gy.data(), gx.data(), gamma(), mean, inverse);
    }
  }

  @Override
  public String toString() {
    String sizes = Arrays.toString(shape).replace("[", "").replace("]", "");
    return "LayerNorm(" + sizes + (eps == DEFAULT_EPS ? ")" : ", eps " + eps + ")");
  }

  private double[] gamma() {
    return weight.value().data();
  }

  private double[] beta() {
    return bias.value().data();
  }

  private Rows rows(Tensor x) {
    int size = weight.value().size();
    return new Rows(x.size() / size, size);
  }

  private static int[] checked(int[] shape) {
    boolean good = shape.length > 0;
    for (int n : shape) {
      good &= n >= 1;
    }
    if (!good) {
      throw new IllegalArgumentException(
          "expected a shape to normalise, of sizes from 1, but got " + Arrays.toString(shape));
    }
    return shape;
  }
}
