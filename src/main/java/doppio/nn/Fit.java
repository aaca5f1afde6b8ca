package doppio.nn;

import doppio.ShapeException;
import doppio.internal.Shapes;

/**
 * How often a window fits along one dimension of an image, and the complaints where it does not.
 */
final class Fit {
  private Fit() {}

  /**
   * The number of windows; 0 where not even one fits, and in what has no elements none does.
   *
   * @param ceil whether a last one may reach beyond the padding, if it begins before the image ends
   */
  static long steps(int size, int kernel, int stride, int padding, int dilation, boolean ceil) {
    long reach = dilation * (kernel - 1L);
    if (reach > Integer.MAX_VALUE || size < 1) {
      return 0;
    }
    long room = size + 2L * padding - reach - 1;
    long steps = Math.floorDiv(room + (ceil ? stride - 1 : 0), stride) + 1L;
    boolean behind = ceil && (steps - 1) * stride >= (long) size + padding;
    return Math.max(0, behind ? steps - 1 : steps);
  }

  static ShapeException misfit(String kernel, Size dilation, String input, Size padding) {
    return new ShapeException(
        "a window of "
            + kernel
            + (dilation.equals(new Size(1, 1)) ? "" : " with dilation " + dilation)
            + " does not fit an input of "
            + input
            + " with padding "
            + padding);
  }

  /** No tensor has more elements than an int counts. */
  static void checkSize(int[] shape) {
    double size = 1;
    for (int n : shape) {
      size *= n;
    }
    if (size > Integer.MAX_VALUE) {
      throw tooLarge("an output " + Shapes.text(shape));
    }
  }

  static ShapeException tooLarge(String output) {
    return new ShapeException(output + " has more elements than a tensor can have");
  }
}
