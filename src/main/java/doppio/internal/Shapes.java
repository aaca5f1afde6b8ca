package doppio.internal;

import doppio.Tensor;
import java.util.Arrays;

/** How messages write shapes, and where in one an element stands. */
public final class Shapes {
  private Shapes() {}

  /** The shape of a tensor: {@code [32, 784]}. */
  public static String text(Tensor tensor) {
    return text(tensor.shape());
  }

  /** A shape: {@code [32, 784]}. */
  public static String text(int... shape) {
    return Arrays.toString(shape);
  }

  /** The index, one number a dimension, of the element at an offset: {@code [3, 1]}. */
  public static String index(int[] shape, int offset) {
    int[] index = shape.clone();
    int rest = offset;
    for (int d = index.length - 1; d >= 0; d--) {
      int n = index[d];
      index[d] = rest % n;
      rest /= n;
    }
    return Arrays.toString(index);
  }

  /**
   * The complaint that something has another shape than it must.
   *
   * @param whoExpects what stands before the shape that is expected
   */
  public static String mismatch(String whoExpects, int[] expected, int[] given) {
    return whoExpects + " " + text(expected) + " but got " + text(given);
  }

  /** The same of two tensors. */
  public static String mismatch(String whoExpects, Tensor expected, Tensor given) {
    return mismatch(whoExpects, expected.shape(), given.shape());
  }
}
