package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.internal.Shapes;

/**
 * How a window moves over an input [n, c, ..], for each dimension behind the channels.
 *
 * @param kernel the window's sizes
 * @param strides how far it moves
 * @param dilations how far apart its elements lie
 * @param begins the padding before each dimension
 * @param ends the padding behind each dimension
 * @param auto which padding is found by the input's size
 * @param ceil whether a last window may reach beyond the padding
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Geometry(
    int[] kernel,
    int[] strides,
    int[] dilations,
    int[] begins,
    int[] ends,
    Auto auto,
    boolean ceil) {

  /** The paddings that make the output as large as the input over the stride. */
  enum Auto {
    NONE,
    SAME_UPPER,
    SAME_LOWER
  }

  int dimensions() {
    return kernel.length;
  }

  /** Throws unless it is a shape [n, c, ..] with as many dimensions behind. */
  void checkRank(int[] shape) {
    if (shape.length != kernel.length + 2) {
      throw new ShapeException(
          "expected an input of "
              + (kernel.length + 2)
              + " dimensions but got "
              + Shapes.text(shape));
    }
  }

  /** The padding before dimension d of a size. */
  long begin(int d, int size) {
    if (auto == Auto.NONE) {
      return begins[d];
    }
    long total = same(d, size);
    return auto == Auto.SAME_UPPER ? total / 2 : total - total / 2;
  }

  /** The padding behind it. */
  long end(int d, int size) {
    return auto == Auto.NONE ? ends[d] : same(d, size) - begin(d, size);
  }

  private long same(int d, int size) {
    long out = (size + strides[d] - 1L) / strides[d];
    return Math.max(0, (out - 1) * strides[d] + extent(d) - size);
  }

  /** What the window covers, from its first element to its last. */
  long extent(int d) {
    return (kernel[d] - 1L) * dilations[d] + 1;
  }

  /** The number of windows along dimension d of a size. */
  long out(int d, int size) {
    long room = size + begin(d, size) + end(d, size) - extent(d);
    long out = Math.floorDiv(room + (ceil ? strides[d] - 1 : 0), strides[d]) + 1;
    if (out < 1) {
      throw new ShapeException(
          "a window over " + extent(d) + " does not fit a dimension of " + size + " with its pads");
    }
    // A window that lies all in the padding behind is none.
    return ceil && (out - 1) * strides[d] >= size + begin(d, size) ? out - 1 : out;
  }

  /** The shape of the result for an input [n, c, ..] of the right rank. */
  int[] shape(int[] in, int channels) {
    long[] shape = new long[in.length];
    shape[0] = in[0];
    shape[1] = channels;
    for (int d = 0; d < kernel.length; d++) {
      shape[d + 2] = out(d, in[d + 2]);
    }
    return Function.checked(shape);
  }

  /** Whether the padding does not depend on the input's size. */
  boolean isFixed() {
    if (auto == Auto.NONE) {
      return true;
    }
    for (int stride : strides) {
      if (stride != 1) {
        return false;
      }
    }
    return true;
  }

  /** The same with its padding as numbers; only where it {@link #isFixed}. */
  Geometry fixed() {
    int[] before = new int[kernel.length];
    int[] behind = new int[kernel.length];
    for (int d = 0; d < kernel.length; d++) {
      before[d] = (int) Math.min(Integer.MAX_VALUE, begin(d, Integer.MAX_VALUE / 2));
      behind[d] = (int) Math.min(Integer.MAX_VALUE, end(d, Integer.MAX_VALUE / 2));
    }
    return new Geometry(kernel, strides, dilations, before, behind, Auto.NONE, ceil);
  }

  /** The same without padding. */
  Geometry bare() {
    int[] none = new int[kernel.length];
    return new Geometry(kernel, strides, dilations, none, none, Auto.NONE, false);
  }

  /** Whether there is as much padding before as behind. */
  boolean isSymmetric() {
    return auto == Auto.NONE && java.util.Arrays.equals(begins, ends);
  }
}
