package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Convolution;
import doppio.internal.ConvolutionKernels;
import doppio.internal.Require;
import doppio.internal.Signs;
import doppio.internal.choice.KernelChoice;

/**
 * The filters of a convolution, of one dimension or two: what {@link Conv2d} and {@link Conv1d} do.
 */
final class Filters {
  final int in;
  final int out;
  final int groups;
  final Parameter weight;
  final Parameter bias;

  /** With a stride; a convolution of one dimension has a height of 1. */
  private final Window window;

  /** Filters over parameters that exist. */
  Filters(Window window, int groups, Parameter weight, Parameter bias) {
    this.window = window;
    this.groups = Require.atLeast(1, "groups", groups);
    this.weight = weight;
    this.bias = bias;
    int perGroup = weight.value().dim(1);
    out = weight.value().dim(0);
    in = perGroup * groups;
    boolean flat = weight.value().rank() == 3 && window.height() == 1;
    int[] shape = {out, perGroup, window.height(), window.width()};
    int[] flatShape = {out, perGroup, window.width()};
    Pass.requireShape("weight", weight.value(), flat ? flatShape : shape);
    if (bias != null) {
      Pass.requireShape("bias", bias.value(), out);
    }
    if (out % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide the number of outputs, got " + groups + " for " + out);
    }
  }

  /** A weight [out, in / groups, kernel…] with PyTorch's first values. */
  static Parameter weight(int in, int out, int groups, Generator generator, int... kernel) {
    Require.atLeast(1, "in", in);
    Require.atLeast(1, "out", out);
    Require.atLeast(1, "groups", groups);
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide both numbers of channels, got "
              + groups
              + " for "
              + in
              + Signs.text(" → ")
              + out);
    }
    int[] shape = new int[2 + kernel.length];
    shape[0] = out;
    shape[1] = in / groups;
    System.arraycopy(kernel, 0, shape, 2, kernel.length);
    return new Parameter(Init.kaimingUniform(Tensor.zeros(shape), Math.sqrt(5), generator));
  }

  /** A bias with PyTorch's first values, drawn after the weight. */
  static Parameter bias(Parameter weight, Generator generator) {
    int out = weight.value().dim(0);
    int inputs = weight.value().size() / out;
    double bound = 1 / Math.sqrt(inputs);
    return new Parameter(Init.uniform(Tensor.zeros(out), -bound, bound, generator));
  }

  void compute(Tensor x, Tensor y, int height, int width) {
    Convolution c = sizes(height, width);
    double[] b = bias == null ? null : bias.value().data();
    kernels().forward(c, x.data(), 0, weight.value().data(), 0, b, 0, y.data(), 0, images(x, c));
  }

  void inputGradient(Tensor gy, Tensor gx, int height, int width) {
    Convolution c = sizes(height, width);
    kernels().inputGradient(c, gy.data(), 0, weight.value().data(), 0, gx.data(), 0, images(gx, c));
  }

  void parameterGradients(Tensor x, Tensor gy, int height, int width) {
    Convolution c = sizes(height, width);
    int n = images(x, c);
    if (!weight.isFrozen()) {
      boolean add = weight.hasGradient();
      kernels().weightGradient(c, gy.data(), 0, x.data(), 0, weight.gradientToWrite(), 0, n, add);
    }
    if (bias != null && !bias.isFrozen()) {
      boolean add = bias.hasGradient();
      kernels().biasGradient(c, gy.data(), 0, bias.gradientToWrite(), 0, n, add);
    }
  }

  /** {@code Conv2d(1 → 16, kernel 3 × 3)}. */
  String text(String name, String kernel) {
    return name
        + "("
        + in
        + Signs.text(" → ")
        + out
        + ", kernel "
        + kernel
        + (groups == 1 ? "" : ", groups " + groups)
        + (bias == null ? ", no bias)" : ")");
  }

  private Convolution sizes(int height, int width) {
    int[] size = window.outputSize(height, width);
    return new Convolution(
        in,
        height,
        width,
        out,
        groups,
        window.height(),
        window.width(),
        window.strideHeight(),
        window.strideWidth(),
        window.paddingHeight(),
        window.paddingWidth(),
        window.dilationHeight(),
        window.dilationWidth(),
        size[0],
        size[1]);
  }

  /** Without any, what one would have may be more than an int counts. */
  private static int images(Tensor x, Convolution c) {
    return x.size() == 0 ? 0 : x.size() / (c.channels() * c.pixels());
  }

  private static ConvolutionKernels kernels() {
    return KernelChoice.kernels().convolutions();
  }
}
