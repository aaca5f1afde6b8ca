package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Scratch;
import doppio.internal.Signs;
import doppio.internal.choice.KernelChoice;
import doppio.internal.layer.CausalPatches;

/**
 * A convolution of sequences that sees no future: y[s, o] = b[o] + Σ w[o, c, i] · x[s − (kernel − 1
 * − i) · dilation, c], where steps before the first count as zeros.
 *
 * <p>Shapes: input {@code [n, t, in]}, t steps of each of n sequences, or one sequence {@code [t,
 * in]}; output {@code [n, t, out]} or {@code [t, out]}. The features come last here, unlike those
 * of a {@link Conv1d}.
 *
 * <p>Parameters: {@code weight} {@code [out, in, kernel]} and {@code bias} {@code [out]}, both
 * drawn from U(−1/√k, 1/√k) with k = in · kernel, the weight first, row by row: PyTorch's default
 * for a {@link Conv1d}.
 *
 * <p>Gradient: of each parameter and of the input, the sum over all products that it is in. The
 * same in training and evaluation. An output has the bits that a {@link Linear} of the same weights
 * gives for what it sees.
 *
 * <p>Source: van den Oord et al., "WaveNet" (2016); {@code torch.nn.Conv1d} behind a {@code
 * ConstantPad1d} on the left alone.
 */
public final class CausalConv1d extends Layer {
  private final int in;
  private final int out;
  private final int kernel;
  private final int dilation;
  private final Parameter weight;
  private final Parameter bias;
  private final CausalPatches patches;

  /** A convolution that sees neighbouring steps, drawn from the default generator. */
  public CausalConv1d(int in, int out, int kernel) {
    this(in, out, kernel, 1, Generator.defaultGenerator());
  }

  /**
   * A convolution that sees steps so far apart, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1, or in · kernel above 8,388,607
   */
  public CausalConv1d(int in, int out, int kernel, int dilation, Generator generator) {
    this(
        Require.atLeast(1, "dilation", dilation),
        Filters.weight(in, out, 1, generator, kernel(in, kernel)),
        generator);
  }

  private CausalConv1d(int dilation, Parameter weight, Generator generator) {
    this(dilation, weight, Filters.bias(weight, generator));
  }

  private CausalConv1d(int dilation, Parameter weight, Parameter bias) {
    this.dilation = Require.atLeast(1, "dilation", dilation);
    out = weight.value().dim(0);
    in = weight.value().dim(1);
    kernel = kernel(in, weight.value().dim(2));
    this.weight = parameter("weight", weight);
    this.bias = parameter("bias", bias);
    Pass.requireShape("weight", weight.value(), out, in, kernel);
    Pass.requireShape("bias", bias.value(), out);
    patches = new CausalPatches(in, kernel, dilation);
  }

  private static int kernel(int in, int kernel) {
    int most = CausalPatches.WIDEST / Math.max(1, in);
    return Require.between(1, most, "kernel", Require.atLeast(1, "kernel", kernel));
  }

  /** One that is made again. */
  public CausalConv1d(Parts parts) {
    this(parts.integer("dilation"), parts.parameter("weight"), parts.parameter("bias"));
  }

  @Override
  public Description<CausalConv1d> describe() {
    return Description.of(CausalConv1d::new)
        .set("inChannels", in)
        .set("outChannels", out)
        .set("kernelSize", kernel)
        .set("dilation", dilation);
  }

  /** The number of features of an input's step. */
  public int inChannels() {
    return in;
  }

  /** The number of features of an output's step. */
  public int outChannels() {
    return out;
  }

  /** How many steps an output sees. */
  public int kernelSize() {
    return kernel;
  }

  /** How far apart they are. */
  public int dilation() {
    return dilation;
  }

  /** The weight, {@code [out, in, kernel]}. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, {@code [out]}. */
  public Parameter bias() {
    return bias;
  }

  @Override
  protected Steps steps() {
    return new CausalSteps(this, weight, bias, dilation);
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    SequenceShape.check(this, in, inputShape);
    return SequenceShape.withFeatures(out, inputShape);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    double[] w = weight.value().data();
    double[] b = bias.value().data();
    int width = patches.width();
    int rows = x.size() / in;
    Scratch scratch = Scratch.take();
    int most = Math.min(patches.rows(), rows);
    double[] block = scratch.results(most * width);
    for (int from = 0; from < rows; from += most) {
      int count = Math.min(most, rows - from);
      patches.unfold(x.data(), x.dim(-2), from, count, block);
      KernelChoice.kernels().linear(block, 0, w, 0, b, 0, y.data(), from * out, count, width, out);
    }
    scratch.give();
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    double[] w = weight.value().data();
    int width = patches.width();
    int rows = x.size() / in;
    Scratch scratch = Scratch.take();
    int most = Math.min(patches.rows(), rows);
    double[] block = scratch.results(most * width);
    gx.fill(0);
    for (int from = 0; from < rows; from += most) {
      int count = Math.min(most, rows - from);
      KernelChoice.kernels()
          .linearInputGradient(gy.data(), from * out, w, 0, block, 0, count, width, out);
      patches.fold(block, x.dim(-2), from, count, gx.data());
    }
    scratch.give();
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    int rows = x.size() / in;
    if (!weight.isFrozen()) {
      addWeightGradient(x, gy, rows);
    }
    if (!bias.isFrozen()) {
      boolean add = bias.hasGradient();
      KernelChoice.kernels().columnSums(gy.data(), 0, bias.gradientToWrite(), 0, rows, out, add);
    }
  }

  private void addWeightGradient(Tensor x, Tensor gy, int rows) {
    int width = patches.width();
    Scratch scratch = Scratch.take();
    int most = Math.min(patches.rows(), rows);
    double[] block = scratch.results(most * width);
    boolean add = weight.hasGradient();
    double[] gw = weight.gradientToWrite();
    int from = 0;
    do {
      int count = Math.min(most, rows - from);
      patches.unfold(x.data(), x.dim(-2), from, count, block);
      KernelChoice.kernels()
          .linearWeightGradient(
              gy.data(), from * out, block, 0, gw, 0, count, width, out, add || from > 0);
      from += count;
    } while (from < rows);
    scratch.give();
  }

  @Override
  public String toString() {
    return "CausalConv1d("
        + in
        + Signs.text(" → ")
        + out
        + ", kernel "
        + kernel
        + (dilation == 1 ? ")" : ", dilation " + dilation + ")");
  }
}
