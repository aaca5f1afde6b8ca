package doppio.nn;

import doppio.Generator;
import doppio.Tensor;

/**
 * A convolution of images (a cross-correlation, as in all libraries): each output sees the window
 * of the input at its place, y[o, p] = b[o] + Σ w[o, c, i, j] · x[c, p · stride − padding + (i, j)
 * · dilation], where places outside of the image count as zeros.
 *
 * <p>Shapes: input {@code [n, in, h, w]} or one image {@code [in, h, w]}, output {@code [n, out,
 * h', w']} or {@code [out, h', w']}, where {@link Window#outputSize} says what h' and w' are. A
 * window without a stride strides by 1. With groups, input channels and outputs are cut into so
 * many equal parts, and each part of the outputs sees its part of the channels alone.
 *
 * <p>Parameters: {@code weight} {@code [out, in / groups, kh, kw]} and, unless left out, {@code
 * bias} {@code [out]}, both drawn from U(−1/√k, 1/√k) with k = in / groups · kh · kw, the weight
 * first, row by row: PyTorch's default.
 *
 * <p>Gradient: of each parameter and of the input, the sum over all products that it is in. The
 * same in training and evaluation. An output has the bits that a {@link Linear} of the same weights
 * gives for the patch that it sees, and so have the parameters' gradients for all patches of the
 * batch.
 *
 * <pre>{@code
 * new Conv2d(1, 16, Window.of(3).padding(1))    // [n, 1, 28, 28] to [n, 16, 28, 28]
 * }</pre>
 *
 * <p>Source: {@code torch.nn.Conv2d}; the initialisation is that of He et al., "Delving deep into
 * rectifiers" (2015), with a = √5.
 */
public final class Conv2d extends Layer {
  private final Window window;
  private final Filters filters;

  /** A convolution by a square window, drawn from the default generator. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, Window.of(kernel));
  }

  /** A convolution by a square window, drawn from the given generator. */
  public Conv2d(int in, int out, int kernel, Generator generator) {
    this(in, out, Window.of(kernel), generator);
  }

  /** A convolution drawn from the default generator. */
  public Conv2d(int in, int out, Window window) {
    this(in, out, window, Generator.defaultGenerator());
  }

  /** A convolution drawn from the given generator. */
  public Conv2d(int in, int out, Window window, Generator generator) {
    this(in, out, window, 1, true, generator);
  }

  /**
   * A convolution in groups, with or without bias, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1, groups do not divide in and out, or
   *     the window has ceil mode
   */
  public Conv2d(int in, int out, Window window, int groups, boolean bias, Generator generator) {
    this(
        window.ofConvolution(),
        groups,
        Filters.weight(in, out, groups, generator, window.height(), window.width()),
        bias,
        generator);
  }

  private Conv2d(Window window, int groups, Parameter weight, boolean bias, Generator generator) {
    this(window, groups, weight, bias ? Filters.bias(weight, generator) : null);
  }

  private Conv2d(Window window, int groups, Parameter weight, Parameter bias) {
    this.window = window;
    filters = new Filters(window, groups, weight, bias);
    parameter("weight", weight);
    if (bias != null) {
      parameter("bias", bias);
    }
  }

  /** One that is made again. */
  public Conv2d(Parts parts) {
    this(
        Window.of(parts).ofConvolution(),
        parts.integer("groups"),
        parts.parameter("weight"),
        parts.parameter("bias"));
  }

  @Override
  public Description<Conv2d> describe() {
    Description<Conv2d> description =
        Description.of(Conv2d::new).set("inChannels", filters.in).set("outChannels", filters.out);
    return window
        .describe(description)
        .set("groups", filters.groups)
        .set("bias", filters.bias != null);
  }

  @Override
  protected Steps steps() {
    throw new Unsteppable(this, "it works on images, which have no steps");
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

  /** The weight, {@code [out, in / groups, kh, kw]}. */
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
    if ((rank != 3 && rank != 4) || inputShape[rank - 3] != filters.in) {
      throw refuse("[n, " + filters.in + ", h, w] or [" + filters.in + ", h, w]", inputShape);
    }
    return window.outputShape(this, filters.out, inputShape);
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    filters.compute(x, y, x.dim(-2), x.dim(-1));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    filters.inputGradient(gy, gx, x.dim(-2), x.dim(-1));
  }

  @Override
  protected void parameterGradients(Tensor x, Tensor gy) {
    filters.parameterGradients(x, gy, x.dim(-2), x.dim(-1));
  }

  @Override
  public String toString() {
    return filters.text("Conv2d", window.text(1, 1));
  }
}
