package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.AveragePooling;

/**
 * The mean of each window of an image.
 *
 * <p>Shapes: input {@code [n, c, h, w]} or one image {@code [c, h, w]}, output the same with the
 * height and width that {@link Window} says: {@code new AvgPool2d(2)} halves both. A window strides
 * by its kernel unless it has a stride. No parameters; the same in training and evaluation.
 *
 * <p>Padding counts as zeros, so that every mean is over the whole window, as PyTorch does unless
 * told otherwise; {@code new AvgPool2d(window, false)} has means over what lies in the image. What
 * a window in {@linkplain Window#ceilMode ceil mode} has beyond the padding never counts.
 *
 * <p>Gradient: each element's share, g over what the mean is over; what belongs to several windows
 * gets the sum of theirs.
 *
 * <p>Source: {@code torch.nn.AvgPool2d}.
 */
public final class AvgPool2d extends Pool2d {
  private static final String COUNT_INCLUDE_PAD = "countIncludePad";

  private final boolean countsPadding;

  /**
   * Square windows side by side.
   *
   * @throws IllegalArgumentException if the size is below 1
   */
  public AvgPool2d(int size) {
    this(Window.of(size));
  }

  /**
   * Windows of any kind but with dilation; padding counts as zeros.
   *
   * @throws IllegalArgumentException if the window has a dilation, or its padding is more than half
   *     of it
   */
  public AvgPool2d(Window window) {
    this(window, true);
  }

  /**
   * Windows of any kind but with dilation.
   *
   * @param countsPadding whether a mean is over the padding too, as zeros
   * @throws IllegalArgumentException if the window has a dilation, or its padding is more than half
   *     of it
   */
  public AvgPool2d(Window window, boolean countsPadding) {
    super(window);
    if (window.dilationHeight() != 1 || window.dilationWidth() != 1) {
      throw new IllegalArgumentException("a mean takes no dilation, got a window of " + window);
    }
    this.countsPadding = countsPadding;
  }

  /** One that is made again. */
  public AvgPool2d(Parts parts) {
    this(Window.of(parts), parts.flag(COUNT_INCLUDE_PAD));
  }

  @Override
  public Description<AvgPool2d> describe() {
    return window().describe(Description.of(AvgPool2d::new)).set(COUNT_INCLUDE_PAD, countsPadding);
  }

  /** Whether a mean is over the padding too, as zeros. */
  public boolean countsPadding() {
    return countsPadding;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    pooling(x, y).forward(x.data(), y.data(), planes(x));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    pooling(x, y).backward(gy.data(), gx.data(), planes(x));
  }

  private AveragePooling pooling(Tensor x, Tensor y) {
    return new AveragePooling(down(x, y), right(x, y), countsPadding);
  }

  @Override
  public String toString() {
    return "AvgPool2d(" + text() + (countsPadding ? ")" : ", padding not counted)");
  }
}
