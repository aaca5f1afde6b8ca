package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;

/** The same numbers in the same order under another shape. */
abstract class Reshaping extends Function {
  @Override
  final void compute(Tensor[] in, Tensor y) {
    System.arraycopy(in[0].data(), 0, y.data(), 0, y.size());
  }

  @Override
  final void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    System.arraycopy(gy.data(), 0, gx.data(), 0, gx.size());
  }

  /** A function of the first argument's shape, and of the second's numbers if there is one. */
  @FunctionalInterface
  interface Rule {
    int[] shape(int[] shape, long[] numbers);
  }

  static Reshaping of(Rule rule) {
    return new Reshaping() {
      @Override
      int[] shape(Argument[] in) {
        if (in.length > 1 && in[1].values() == null) {
          return null;
        }
        return rule.shape(in[0].shape(), in.length > 1 ? in[1].whole() : null);
      }
    };
  }

  /** The shape that {@code Reshape} is asked for: a 0 keeps a size, a −1 gets what is left. */
  static int[] wanted(int[] shape, long[] wanted, boolean zeroIsZero) {
    if (wanted.length > doppio.internal.onnx.OnnxModel.MOST_DIMENSIONS) {
      throw new ShapeException("a shape of " + wanted.length + " dimensions");
    }
    long[] result = wanted.clone();
    int gap = -1;
    double others = 1;
    for (int d = 0; d < result.length; d++) {
      if (result[d] == 0 && !zeroIsZero) {
        result[d] = shape[dimension(d, shape.length)];
      }
      if (result[d] == -1 && gap < 0) {
        gap = d;
      } else {
        others *= result[d];
      }
    }
    int size = product(shape, 0, shape.length);
    boolean fits = gap < 0 ? others == size : others > 0 && size % others == 0;
    if (!fits) {
      throw new ShapeException(
          "cannot reshape " + Shapes.text(shape) + " to " + Arrays.toString(wanted));
    }
    if (gap >= 0) {
      result[gap] = (long) (size / others);
    }
    return checked(result);
  }

  /** The shape without some of its ones, without all where none is named. */
  static int[] squeezed(int[] shape, long[] axes) {
    boolean[] goes = new boolean[shape.length];
    if (axes == null) {
      for (int d = 0; d < shape.length; d++) {
        goes[d] = shape[d] == 1;
      }
    } else {
      for (long axis : axes) {
        int d = dimension(axis, shape.length);
        if (shape[d] != 1) {
          throw new ShapeException("axis " + d + " of " + Shapes.text(shape) + " is not 1");
        }
        goes[d] = true;
      }
    }
    int[] result = new int[shape.length];
    int rank = 0;
    for (int d = 0; d < shape.length; d++) {
      if (!goes[d]) {
        result[rank++] = shape[d];
      }
    }
    return Arrays.copyOf(result, rank);
  }

  /** The shape with a 1 at each of the given places of the result. */
  static int[] unsqueezed(int[] shape, long[] axes) {
    int rank = shape.length + axes.length;
    if (rank > doppio.internal.onnx.OnnxModel.MOST_DIMENSIONS) {
      throw new ShapeException("a shape of " + rank + " dimensions");
    }
    boolean[] isNew = new boolean[rank];
    for (long axis : axes) {
      int d = dimension(axis, rank);
      if (isNew[d]) {
        throw new ShapeException("axis " + d + " stands twice in " + Arrays.toString(axes));
      }
      isNew[d] = true;
    }
    int[] result = new int[rank];
    for (int d = 0, from = 0; d < rank; d++) {
      result[d] = isNew[d] ? 1 : shape[from++];
    }
    return result;
  }

  /** The two dimensions that {@code Flatten} leaves. */
  static int[] flattened(int[] shape, long axis) {
    int d = axis == shape.length ? shape.length : dimension(axis, shape.length);
    return new int[] {product(shape, 0, d), product(shape, d, shape.length)};
  }
}
