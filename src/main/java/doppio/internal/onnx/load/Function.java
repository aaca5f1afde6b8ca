package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;

/** A function of several tensors without state: any number of threads may compute it at once. */
abstract class Function {
  /**
   * The shape of the result; null if it depends on numbers that are not known yet.
   *
   * @throws ShapeException if the arguments do not fit
   */
  abstract int[] shape(Argument[] in);

  /** Numbers that {@link #shape} looks at, if they are more than those of a shape. */
  long work(Argument[] in) {
    return 0;
  }

  /** Numbers that {@link #compute} looks at, for a result of so many. */
  long work(Tensor[] in, long size) {
    long sum = size;
    for (Tensor x : in) {
      sum += x.size();
    }
    return sum;
  }

  /** Writes the result, of the shape that was told, to y. */
  abstract void compute(Tensor[] in, Tensor y);

  /** Whether {@link #gradient} is there. */
  boolean hasGradient() {
    return true;
  }

  /** Whether the result changes smoothly with argument k, and is no function of its numbers. */
  boolean isDifferentiable(int k) {
    return k == 0;
  }

  /**
   * Writes the gradient with respect to argument k, one that {@link #isDifferentiable}.
   *
   * @param y the result
   * @param gy the gradient with respect to it
   */
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    throw new UnsupportedOperationException();
  }

  /** The numbers of the result where the shapes alone tell them, else null. */
  double[] known(Argument[] in) {
    return null;
  }

  /**
   * A dimension that counts from the end where it is negative.
   *
   * @throws ShapeException if there is none
   */
  static int dimension(long axis, int rank) {
    long d = axis < 0 ? axis + rank : axis;
    if (d < 0 || d >= rank) {
      throw new ShapeException("there is no axis " + axis + " among " + rank + " dimensions");
    }
    return (int) d;
  }

  /** The product of sizes from one dimension up to another. */
  static int product(int[] shape, int from, int to) {
    int product = 1;
    for (int d = from; d < to; d++) {
      product *= shape[d];
    }
    return product;
  }

  /**
   * The shape itself.
   *
   * @throws ShapeException if a tensor cannot have it
   */
  static int[] checked(long... shape) {
    double size = 1;
    int[] sizes = new int[shape.length];
    for (int d = 0; d < shape.length; d++) {
      size *= Math.max(1, shape[d]);
      if (shape[d] < 0 || size > Integer.MAX_VALUE) {
        throw new ShapeException("no tensor has the shape " + java.util.Arrays.toString(shape));
      }
      sizes[d] = (int) shape[d];
    }
    return sizes;
  }
}
