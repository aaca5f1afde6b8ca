package doppio.nn;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;

/**
 * A convolution of sequences of channels (a cross-correlation, as in all libraries): each output
 * sees the window of the input at its place, y[o, p] = b[o] + Σ w[o, c, i] · x[c, p · stride −
 * padding + i · dilation], where places outside of the sequence count as zeros.
 *
 * <p>Shapes: input {@code [n, in, l]} or one sequence {@code [in, l]}, output {@code [n, out, l']}
 * or {@code [out, l']} with l' = ⌊(l + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1.
 * Its {@link Window} has one number for each setting, {@code Window.of(3).padding(1)} say; without
 * a stride it strides by 1. With groups, input channels and outputs are cut into so many equal
 * parts, and each part of the outputs sees its part of the channels alone.
 *
 * <p>Parameters: {@code weight} {@code [out, in / groups, kernel]} and, unless left out, {@code
 * bias} {@code [out]}, both drawn from U(−1/√k, 1/√k) with k = in / groups · kernel, the weight
 * first, row by row: PyTorch's default.
 *
 * <p>Gradient: of each parameter and of the input, the sum over all products that it is in. The
 * same in training and evaluation.
 *
 * <p>Source: {@code torch.nn.Conv1d}; the initialisation is that of He et al., "Delving deep into
 * rectifiers" (2015), with a = √5.
 */
public final class Conv1d extends Layer {
  private final Window window;
  private final Filters filters;

  /** A convolution drawn from the default generator. */
  public Conv1d(int in, int out, int kernel) {
    this(in, out, Window.of(kernel));
  }

  /** A convolution drawn from the given generator. */
  public Conv1d(int in, int out, int kernel, Generator generator) {
    this(in, out, Window.of(kernel), generator);
  }

  /** A convolution by a window of one size, drawn from the default generator. */
  public Conv1d(int in, int out, Window window) {
    this(in, out, window, Generator.defaultGenerator());
  }

  /** A convolution by a window of one size, drawn from the given generator. */
  public Conv1d(int in, int out, Window window, Generator generator) {
    this(in, out, window, 1, true, generator);
  }

  /**
   * A convolution in groups, with or without bias, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1, groups do not divide in and out, or
   *     the window has two numbers for a setting or ceil mode
   */
  public Conv1d(int in, int out, Window window, int groups, boolean bias, Generator generator) {
    this(
        oneSize(window),
        groups,
        Filters.weight(in, out, groups, generator, window.width()),
        bias,
        generator);
  }

  private Conv1d(Window window, int groups, Parameter weight, boolean bias, Generator generator) {
    this(window, groups, weight, bias ? Filters.bias(weight, generator) : null);
  }

  private Conv1d(Window window, int groups, Parameter weight, Parameter bias) {
    this.window = window;
    filters = new Filters(window.flat(), groups, weight, bias);
    parameter("weight", weight);
    if (bias != null) {
      parameter("bias", bias);
    }
  }

  /** One that is made again. */
  public Conv1d(Parts parts) {
    this(
        Window.of(parts.integer("kernelSize"))
            .stride(parts.integer("stride"))
            .padding(parts.integer("padding"))
            .dilation(parts.integer("dilation")),
        parts.integer("groups"),
        parts.parameter("weight"),
        parts.parameter("bias"));
  }

  @Override
  public Description<Conv1d> describe() {
    return Description.of(Conv1d::new)
        .set("inChannels", filters.in)
        .set("outChannels", filters.out)
        .set("kernelSize", window.width())
        .set("stride", window.strideWidth())
        .set("padding", window.paddingWidth())
        .set("dilation", window.dilationWidth())
        .set("groups", filters.groups)
        .set("bias", filters.bias != null);
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "its windows look ahead; those of CausalConv1d look back alone");
  }

  /** The number of channels of an input. */
  public int inChannels() {
    return filters.in;
  }

  /** The number of channels of an output. */
  public int outChannels() {
    return filters.out;
  }

  /** The number of groups. */
  public int groups() {
    return filters.groups;
  }

  /** The window, with its stride. */
  public Window window() {
    return window;
  }

  /** The weight, {@code [out, in / groups, kernel]}. */
  public Parameter weight() {
    return filters.weight;
  }

  /** The bias, {@code [out]}, or null if there is none. */
  public Parameter bias() {
    return filters.bias;
  }

  @Override
  protected int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if ((rank != 2 && rank != 3) || inputShape[rank - 2] != filters.in) {
      throw refuse("[n, " + filters.in + ", l] or [" + filters.in + ", l]", inputShape);
    }
    int[] shape = inputShape.clone();
    try {
      shape[rank - 2] = filters.out;
      shape[rank - 1] = window.outputLength(inputShape[rank - 1]);
      Fit.checkSize(shape);
    } catch (ShapeException e) {
      throw new ShapeException(this + ": " + e.getMessage());
    }
    return shape;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    filters.compute(x, y, 1, x.dim(-1));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    filters.inputGradient(gy, gx, 1, x.dim(-1));
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    filters.parameterGradients(x, gy, 1, x.dim(-1));
  }

  @Override
  public String toString() {
    return filters.text(
        "Conv1d",
        window.width()
            + (window.strideWidth() == 1 ? "" : ", stride " + window.strideWidth())
            + (window.paddingWidth() == 0 ? "" : ", padding " + window.paddingWidth())
            + (window.dilationWidth() == 1 ? "" : ", dilation " + window.dilationWidth()));
  }

  private static Window oneSize(Window window) {
    if (!window.isSquare()) {
      throw new IllegalArgumentException("Conv1d takes a window of one size, got " + window);
    }
    return window.ofConvolution();
  }
}
