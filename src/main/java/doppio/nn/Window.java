package doppio.nn;

import doppio.ShapeException;
import doppio.internal.Signs;
import java.util.Objects;

/**
 * What a convolution or a pool sees of an image at a time, and how it moves: the sizes of its
 * kernel, stride, padding and dilation, each for height and width.
 *
 * <pre>{@code
 * Window.of(3).padding(1)              // 3 × 3, the output as large as the input
 * Window.of(3, 5).stride(2, 1)
 * }</pre>
 *
 * <p>A window without a stride strides by 1 in a convolution and by its kernel in a pool; padding
 * is 0 and dilation 1 unless set. With an input of height h the output has height ⌊(h + 2 · padding
 * − dilation · (kernel − 1) − 1) / stride⌋ + 1, and its width likewise; see {@link #ceilMode}.
 *
 * <p>Immutable: a setter returns another window. Source: the arguments of {@code torch.nn.Conv2d}.
 */
public final class Window {
  private static final Size NONE = new Size(0, 0);
  private static final Size ONE = new Size(1, 1);

  private final Size kernel;

  /** Null until set. */
  private final Size stride;

  private final Size padding;
  private final Size dilation;
  private final boolean ceil;

  private Window(Size kernel, Size stride, Size padding, Size dilation, boolean ceil) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.ceil = ceil;
  }

  /** A square window. Throws as {@link #of(int, int)} does. */
  public static Window of(int size) {
    return of(size, size);
  }

  /**
   * A window of the given height and width.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public static Window of(int height, int width) {
    Size kernel = Size.atLeast(1, "a window's size", new Size(height, width));
    return new Window(kernel, null, NONE, ONE, false);
  }

  /** As {@link #stride(int, int)}, the same for both. */
  public Window stride(int stride) {
    return stride(stride, stride);
  }

  /**
   * How far the window moves from one output to the next, down and to the right.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Window stride(int height, int width) {
    Size size = Size.atLeast(1, "stride", new Size(height, width));
    return new Window(kernel, size, padding, dilation, ceil);
  }

  /** As {@link #padding(int, int)}, the same for both. */
  public Window padding(int padding) {
    return padding(padding, padding);
  }

  /**
   * The rows above and below an image, and the columns left and right of it, that count as there.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Window padding(int height, int width) {
    Size size = Size.atLeast(0, "padding", new Size(height, width));
    return new Window(kernel, stride, size, dilation, ceil);
  }

  /** As {@link #dilation(int, int)}, the same for both. */
  public Window dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /**
   * How far apart the elements lie that neighbouring elements of the kernel meet.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public Window dilation(int height, int width) {
    Size size = Size.atLeast(1, "dilation", new Size(height, width));
    return new Window(kernel, stride, padding, size, ceil);
  }

  /**
   * Whether a pool has a last window that reaches beyond the padding, where strides leave a rest:
   * ⌈…⌉ in place of ⌊…⌋ in the output's size, but no window that begins behind the image. What lies
   * beyond the padding counts for nothing, in a mean's divisor neither. Convolutions refuse it.
   */
  public Window ceilMode(boolean ceilMode) {
    return new Window(kernel, stride, padding, dilation, ceilMode);
  }

  /** The kernel's height. */
  public int height() {
    return kernel.height();
  }

  /** The kernel's width. */
  public int width() {
    return kernel.width();
  }

  /** Whether a stride was set. */
  public boolean hasStride() {
    return stride != null;
  }

  /** The stride downwards; 1 unless set. */
  public int strideHeight() {
    return stride == null ? 1 : stride.height();
  }

  /** The stride to the right; 1 unless set. */
  public int strideWidth() {
    return stride == null ? 1 : stride.width();
  }

  /** The rows of padding above, and as many below. */
  public int paddingHeight() {
    return padding.height();
  }

  /** The columns of padding at the left, and as many at the right. */
  public int paddingWidth() {
    return padding.width();
  }

  /** The dilation downwards. */
  public int dilationHeight() {
    return dilation.height();
  }

  /** The dilation to the right. */
  public int dilationWidth() {
    return dilation.width();
  }

  /** Whether a last window of a pool may reach beyond the padding. */
  public boolean ceilMode() {
    return ceil;
  }

  /**
   * The height and the width of the output for an input of the given size.
   *
   * @throws ShapeException if the window is larger than the padded input
   */
  public int[] outputSize(int height, int width) {
    long h = Fit.steps(height, height(), strideHeight(), paddingHeight(), dilationHeight(), ceil);
    long w = Fit.steps(width, width(), strideWidth(), paddingWidth(), dilationWidth(), ceil);
    if (h < 1 || w < 1) {
      throw Fit.misfit(kernel.product(), dilation, new Size(height, width).product(), padding);
    }
    double padded = (height + 2.0 * padding.height()) * (width + 2.0 * padding.width());
    if (h > Integer.MAX_VALUE || w > Integer.MAX_VALUE) {
      throw Fit.tooLarge("an output of " + h + Signs.text(" × ") + w);
    }
    if (padded > Integer.MAX_VALUE) {
      throw Fit.tooLarge(
          "an input of " + new Size(height, width).product() + " padded by " + padding);
    }
    return new int[] {(int) h, (int) w};
  }

  /** The length of the output of one dimension, for which the settings of the width hold. */
  int outputLength(int length) {
    long steps = Fit.steps(length, width(), strideWidth(), paddingWidth(), dilationWidth(), false);
    if (steps < 1) {
      Window flat = of(1).dilation(dilation.width()).padding(padding.width());
      String kernels = Integer.toString(kernel.width());
      throw Fit.misfit(kernels, flat.dilation, Integer.toString(length), flat.padding);
    }
    if (steps > Integer.MAX_VALUE) {
      throw Fit.tooLarge("an output of " + steps);
    }
    if (length + 2L * padding.width() > Integer.MAX_VALUE) {
      throw Fit.tooLarge("an input of " + length + " padded by " + padding.width());
    }
    return (int) steps;
  }

  /** The same window with this stride where none was set. */
  Window strideOr(int height, int width) {
    return stride == null ? stride(height, width) : this;
  }

  /**
   * The shape of a layer's output for an input [.., c, h, w], with so many channels in place of c.
   *
   * @throws ShapeException if there is none, with the layer in front of the message
   */
  int[] outputShape(Layer layer, int channels, int[] inputShape) {
    try {
      int[] shape = inputShape.clone();
      int last = shape.length - 1;
      int[] size = outputSize(shape[last - 1], shape[last]);
      shape[last - 2] = channels;
      shape[last - 1] = size[0];
      shape[last] = size[1];
      Fit.checkSize(shape);
      return shape;
    } catch (ShapeException e) {
      throw new ShapeException(layer + ": " + e.getMessage());
    }
  }

  /** The window of a convolution, whose stride is 1 unless set. */
  Window ofConvolution() {
    if (ceil) {
      throw new IllegalArgumentException("a convolution has no ceil mode, got " + this);
    }
    return strideOr(1, 1);
  }

  /** Adds its settings under PyTorch's names, ceil mode only where it is on. */
  <T> Description<T> describe(Description<T> description) {
    if (ceil) {
      description.set("ceilMode", true);
    }
    return description
        .set("kernelSize", new int[] {kernel.height(), kernel.width()})
        .set("stride", new int[] {strideHeight(), strideWidth()})
        .set("padding", new int[] {padding.height(), padding.width()})
        .set("dilation", new int[] {dilation.height(), dilation.width()});
  }

  /** The one that {@link #describe} has described. */
  static Window of(Parts parts) {
    return new Window(
        Size.atLeast(1, "kernelSize", Size.of(parts, "kernelSize")),
        Size.atLeast(1, "stride", Size.of(parts, "stride")),
        Size.atLeast(0, "padding", Size.of(parts, "padding")),
        Size.atLeast(1, "dilation", Size.of(parts, "dilation")),
        parts.has("ceilMode") && parts.flag("ceilMode"));
  }

  /** The settings that are not their defaults, where the stride's is the given one. */
  String text(int strideHeight, int strideWidth) {
    boolean strides = stride != null && !stride.equals(new Size(strideHeight, strideWidth));
    return kernel.product()
        + (strides ? ", stride " + stride : "")
        + (padding.equals(NONE) ? "" : ", padding " + padding)
        + (dilation.equals(ONE) ? "" : ", dilation " + dilation)
        + (ceil ? ", ceil mode" : "");
  }

  /** Whether each setting is one number for height and width. */
  boolean isSquare() {
    boolean strides = stride == null || stride.isSquare();
    return strides && kernel.isSquare() && padding.isSquare() && dilation.isSquare();
  }

  /** The window of one row that has the settings of the width. */
  Window flat() {
    return of(1, kernel.width())
        .stride(1, strideWidth())
        .padding(0, padding.width())
        .dilation(1, dilation.width());
  }

  /** What was set: {@code 3 × 3, stride 2, padding 1 × 0}. */
  @Override
  public String toString() {
    return text(0, 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Window w
        && kernel.equals(w.kernel)
        && Objects.equals(stride, w.stride)
        && padding.equals(w.padding)
        && dilation.equals(w.dilation)
        && ceil == w.ceil;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kernel, stride, padding, dilation, ceil);
  }
}
