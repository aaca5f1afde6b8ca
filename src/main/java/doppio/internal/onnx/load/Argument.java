package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;

/**
 * What is known of an argument of a function: its shape, and its numbers once they are there.
 *
 * @param shape its sizes
 * @param values its numbers, null while the network is only looked at
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Argument(int[] shape, double[] values) {
  /** As many numbers as one may be asked for that are a shape, axes or the like. */
  static final int MOST_WHOLE = 1 << 10;

  static Argument of(Tensor tensor) {
    return new Argument(tensor.shape(), tensor.data());
  }

  static Argument[] of(Tensor[] tensors) {
    Argument[] arguments = new Argument[tensors.length];
    for (int k = 0; k < tensors.length; k++) {
      arguments[k] = of(tensors[k]);
    }
    return arguments;
  }

  int rank() {
    return shape.length;
  }

  /**
   * Its numbers as whole ones; those beyond a long are the nearest that there is.
   *
   * @throws ShapeException if there are many: no shape has as many sizes
   */
  long[] whole() {
    if (values.length > MOST_WHOLE) {
      throw new ShapeException(
          "expected at most " + MOST_WHOLE + " numbers for dimensions but got " + values.length);
    }
    long[] whole = new long[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) values[i];
    }
    return whole;
  }
}
