package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;

/**
 * Elements before and behind each dimension, which are new, or those of the edge, or those of the
 * inside mirrored at the edge. Negative numbers take elements away.
 */
abstract class Padding extends Selection {
  /** Where the new elements come from. */
  enum Mode {
    CONSTANT,
    EDGE,
    REFLECT
  }

  private final Mode mode;

  Padding(Mode mode) {
    this.mode = mode;
  }

  /** Whether what is new is one number. */
  boolean isConstant() {
    return mode == Mode.CONSTANT;
  }

  /** How many before each dimension, then how many behind each; null if not known yet. */
  abstract long[] pads(Argument[] in);

  @Override
  final Places[] places(Argument[] in) {
    int[] shape = in[0].shape();
    long[] pads = pads(in);
    if (pads == null) {
      return null;
    }
    if (pads.length != 2 * shape.length) {
      throw new ShapeException(
          "expected two pads for each of " + shape.length + " dimensions, got " + pads.length);
    }
    Places[] places = new Places[shape.length];
    Arrays.setAll(places, d -> padded(shape[d], pads[d], pads[shape.length + d]));
    return places;
  }

  private Places padded(int size, long before, long behind) {
    long length = checkedLength(size, before, behind);
    boolean copies = mode != Mode.CONSTANT && (before > 0 || behind > 0);
    if (copies && (size == 0 || (mode == Mode.REFLECT && Math.max(before, behind) >= size))) {
      throw new ShapeException("a dimension of " + size + " is too small for its padding");
    }
    return new Places() {
      @Override
      public int length() {
        return (int) length;
      }

      @Override
      public int of(int i) {
        long from = i - before;
        return switch (mode) {
          case CONSTANT -> from >= 0 && from < size ? (int) from : NOWHERE;
          case EDGE -> (int) Math.max(0, Math.min(from, size - 1L));
          case REFLECT -> (int) (from < 0 ? -from : from >= size ? 2L * (size - 1) - from : from);
        };
      }
    };
  }

  private static long checkedLength(int size, long before, long behind) {
    boolean sane = Math.abs((double) before) + Math.abs((double) behind) < Integer.MAX_VALUE;
    long length = sane ? size + before + behind : -1;
    if (length < 0 || length > Integer.MAX_VALUE) {
      throw new ShapeException(
          "a dimension of " + size + " with pads " + before + " and " + behind + " is none");
    }
    return length;
  }

  /** One whose pads are the second argument, and the new elements' number the third. */
  static Padding byArguments(Mode mode) {
    return new Padding(mode) {
      @Override
      long[] pads(Argument[] in) {
        return in[1].values() == null ? null : in[1].whole();
      }

      @Override
      double fill(Tensor[] in) {
        return in.length > 2 && in[2].size() == 1 ? in[2].data()[0] : 0;
      }
    };
  }

  /** What a window adds around images [n, c, ..]. */
  static Padding around(Geometry geometry) {
    return new Padding(Mode.CONSTANT) {
      @Override
      long[] pads(Argument[] in) {
        int rank = in[0].rank();
        geometry.checkRank(in[0].shape());
        long[] pads = new long[2 * rank];
        for (int d = 2; d < rank; d++) {
          pads[d] = geometry.begin(d - 2, in[0].shape()[d]);
          pads[rank + d] = geometry.end(d - 2, in[0].shape()[d]);
        }
        return pads;
      }
    };
  }
}
