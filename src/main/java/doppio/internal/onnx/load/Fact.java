package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;

/**
 * What is known of a value before anything is computed, for each of the inputs' shapes that the
 * graph is tried with.
 *
 * @param whole whether its numbers are whole ones
 * @param constant its numbers if they do not depend on the input, else null
 * @param shapes its shape for each trial, null where it is not known
 * @param values its numbers for each trial, null where they are not known
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Fact(boolean whole, Tensor constant, int[][] shapes, double[][] values) {
  static Fact of(Tensor constant, boolean whole, int trials) {
    int[][] shapes = new int[trials][];
    double[][] values = new double[trials][];
    Arrays.fill(shapes, constant.shape());
    Arrays.fill(values, constant.data());
    return new Fact(whole, constant, shapes, values);
  }

  /** The number of its dimensions, −1 if it is not known. */
  int rank() {
    return shapes[0] == null ? -1 : shapes[0].length;
  }

  /** The sizes behind the first, null if they are not known or not the same in all trials. */
  int[] rest() {
    return rest(shapes);
  }

  static int[] rest(int[][] shapes) {
    int[] rest = null;
    for (int[] shape : shapes) {
      if (shape == null || shape.length < 2) {
        return null;
      }
      int[] tail = Arrays.copyOfRange(shape, 1, shape.length);
      if (rest != null && !Arrays.equals(rest, tail)) {
        return null;
      }
      rest = tail;
    }
    return rest;
  }

  /** Its only number, NaN if it is no constant of one. */
  double scalar() {
    return constant != null && constant.size() == 1 ? constant.data()[0] : Double.NaN;
  }
}
