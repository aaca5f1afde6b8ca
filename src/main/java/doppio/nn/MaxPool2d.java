package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.MaxPooling;

/**
 * The largest number of each window of an image.
 *
 * <p>Shapes: input {@code [n, c, h, w]} or one image {@code [c, h, w]}, output the same with the
 * height and width that {@link Window} says: {@code new MaxPool2d(2)} halves both. A window strides
 * by its kernel unless it has a stride; padding counts as −∞. No parameters; the same in training
 * and evaluation. A window with a NaN gives NaN.
 *
 * <p>Gradient: goes to the largest number of the window, where there are several to the first, row
 * by row; what belongs to several windows gets the sum of theirs.
 *
 * <p>Source: {@code torch.nn.MaxPool2d}.
 */
public final class MaxPool2d extends Pool2d {
  /**
   * Square windows side by side.
   *
   * @throws IllegalArgumentException if the size is below 1
   */
  public MaxPool2d(int size) {
    this(Window.of(size));
  }

  /**
   * Windows of any kind.
   *
   * @throws IllegalArgumentException if the padding is more than half of the window
   */
  public MaxPool2d(Window window) {
    super(window);
  }

  /** One that is made again. */
  public MaxPool2d(Parts parts) {
    this(Window.of(parts));
  }

  @Override
  public Description<MaxPool2d> describe() {
    return window().describe(Description.of(MaxPool2d::new));
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    pooling(x, y).forward(x.data(), y.data(), planes(x));
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    pooling(x, y).backward(x.data(), y.data(), gy.data(), gx.data(), planes(x));
  }

  private MaxPooling pooling(Tensor x, Tensor y) {
    return new MaxPooling(down(x, y), right(x, y));
  }
}
