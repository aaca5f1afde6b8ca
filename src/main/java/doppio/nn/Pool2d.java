package doppio.nn;

import doppio.Tensor;
import doppio.internal.layer.PoolAxis;

/** A function of each window of an image: what the layers for maximum and mean share. */
abstract class Pool2d extends Layer {
  private final Window window;

  /**
   * A pool whose window strides by its kernel where no stride is set.
   *
   * @throws IllegalArgumentException if the padding is more than half of the window
   */
  Pool2d(Window window) {
    this.window = window.strideOr(window.height(), window.width());
    long height = (window.height() - 1L) * window.dilationHeight() + 1;
    long width = (window.width() - 1L) * window.dilationWidth() + 1;
    if (window.paddingHeight() > height / 2 || window.paddingWidth() > width / 2) {
      throw new IllegalArgumentException(
          "the padding of a pool must be at most half of its window, got " + window);
    }
  }

  /** The window, with its stride. */
  public final Window window() {
    return window;
  }

  @Override
  protected final Steps steps() {
    throw new Unsteppable(this, "it works on images, which have no steps");
  }

  @Override
  protected final int[] outputShape(int[] inputShape) {
    int rank = inputShape.length;
    if ((rank != 3 && rank != 4) || inputShape[rank - 2] == 0 || inputShape[rank - 1] == 0) {
      throw refuse("[n, c, h, w] or [c, h, w]", inputShape);
    }
    return window.outputShape(this, inputShape[rank - 3], inputShape);
  }

  static int planes(Tensor x) {
    return x.size() / (x.dim(-2) * x.dim(-1));
  }

  final PoolAxis down(Tensor x, Tensor y) {
    return new PoolAxis(
        x.dim(-2),
        y.dim(-2),
        window.height(),
        window.strideHeight(),
        window.paddingHeight(),
        window.dilationHeight());
  }

  final PoolAxis right(Tensor x, Tensor y) {
    return new PoolAxis(
        x.dim(-1),
        y.dim(-1),
        window.width(),
        window.strideWidth(),
        window.paddingWidth(),
        window.dilationWidth());
  }

  /** The settings as text, where they are not the usual ones. */
  final String text() {
    return window.text(window.height(), window.width());
  }

  @Override
  public String toString() {
    return name() + "(" + text() + ")";
  }
}
