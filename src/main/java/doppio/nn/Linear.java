package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Signs;
import doppio.internal.choice.KernelChoice;

/**
 * An affine map: y = x Wᵀ + b.
 *
 * <p>Shapes: input {@code [.., in]} of any rank from 1, {@code [n, in]} or {@code [in]} say, output
 * {@code [.., out]}: the map works on the last dimension.
 *
 * <p>Parameters: {@code weight} {@code [out, in]} and, unless left out, {@code bias} {@code [out]},
 * both drawn from U(−1/√in, 1/√in), the weight first, row by row: PyTorch's default.
 *
 * <p>Gradient: ∂x = g W, ∂W = gᵀ x, ∂b = the sum of g over the batch (and what other dimensions
 * come before the last). The same in training and evaluation.
 *
 * <p>Source: {@code torch.nn.Linear}; the initialisation is that of He et al., "Delving deep into
 * rectifiers" (2015), with a = √5.
 */
public final class Linear extends Layer {
  private final int in;
  private final int out;
  private final Parameter weight;
  private final Parameter bias;

  /** A map with bias, drawn from the default generator. */
  public Linear(int in, int out) {
    this(in, out, true, Generator.defaultGenerator());
  }

  /** A map with bias, drawn from the given generator. */
  public Linear(int in, int out, Generator generator) {
    this(in, out, true, generator);
  }

  /** A map with or without bias, drawn from the default generator. */
  public Linear(int in, int out, boolean bias) {
    this(in, out, bias, Generator.defaultGenerator());
  }

  /**
   * A map with or without bias, drawn from the given generator.
   *
   * @throws IllegalArgumentException if in or out is below 1
   */
  public Linear(int in, int out, boolean bias, Generator generator) {
    this(
        new Parameter(Tensor.zeros(Require.atLeast(1, "out", out), Require.atLeast(1, "in", in))),
        bias ? new Parameter(Tensor.zeros(out)) : null);
    Init.kaimingUniform(weight.value(), Math.sqrt(5), generator);
    if (bias) {
      double bound = 1 / Math.sqrt(in);
      Init.uniform(this.bias.value(), -bound, bound, generator);
    }
  }

  /**
   * A map over parameters that exist, to share them with another layer.
   *
   * @param weight of shape {@code [out, in]}
   * @param bias of shape {@code [out]}, or null for none
   * @throws doppio.ShapeException if the shapes do not fit each other
   */
  public Linear(Parameter weight, Parameter bias) {
    Tensor w = weight.value();
    if (w.rank() != 2) {
      throw new doppio.ShapeException("Linear expects a weight [out, in] but got " + weight);
    }
    out = w.dim(0);
    in = w.dim(1);
    if (bias != null && (bias.value().rank() != 1 || bias.value().dim(0) != out)) {
      throw new doppio.ShapeException("Linear expects a bias [" + out + "] but got " + bias);
    }
    this.weight = parameter("weight", weight);
    this.bias = bias == null ? null : parameter("bias", bias);
  }

  /** One that is made again. */
  public Linear(Parts parts) {
    this(parts.parameter("weight"), parts.parameter("bias"));
  }

  @Override
  public Description<Linear> describe() {
    return Description.of(Linear::new)
        .set("inFeatures", in)
        .set("outFeatures", out)
        .set("bias", bias != null);
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  /** The number of inputs. */
  public int inFeatures() {
    return in;
  }

  /** The number of outputs. */
  public int outFeatures() {
    return out;
  }

  /** The weight, {@code [out, in]}. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, {@code [out]}, or null if there is none. */
  public Parameter bias() {
    return bias;
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int last = inputShape.length - 1;
    if (last < 0 || inputShape[last] != in) {
      throw refuse("[n, " + in + "]", inputShape);
    }
    int[] shape = inputShape.clone();
    shape[last] = out;
    return shape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    double[] b = bias == null ? null : bias.value().data();
    KernelChoice.kernels()
        .linear(x.data(), 0, weight.value().data(), 0, b, 0, y.data(), 0, rows(x), in, out);
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    KernelChoice.kernels()
        .linearInputGradient(
            gy.data(), 0, weight.value().data(), 0, gx.data(), 0, rows(x), in, out);
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    int n = rows(x);
    if (!weight.isFrozen()) {
      weight.accumulateProduct(gy.data(), x.data(), n);
    }
    if (bias != null && !bias.isFrozen()) {
      boolean add = bias.hasGradient();
      KernelChoice.kernels().columnSums(gy.data(), 0, bias.gradientToWrite(), 0, n, out, add);
    }
  }

  @Override
  public String toString() {
    return "Linear(" + in + Signs.text(" → ") + out + (bias == null ? ", no bias)" : ")");
  }

  private int rows(Tensor x) {
    return x.size() / in;
  }
}
