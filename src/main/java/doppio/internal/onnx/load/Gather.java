package doppio.internal.onnx.load;

import doppio.ShapeException;
import java.util.Arrays;

/** The elements along one dimension at the places that the second argument says. */
final class Gather extends Selection {
  private final int axis;

  Gather(int axis) {
    this.axis = axis;
  }

  boolean isAlong(int dimension) {
    return axis == dimension;
  }

  @Override
  int[] shape(Argument[] in) {
    int[] shape = in[0].shape();
    int[] index = in[1].shape();
    int d = dimension(axis, shape.length);
    long[] result = new long[shape.length - 1 + index.length];
    for (int i = 0; i < result.length; i++) {
      boolean before = i < d;
      boolean within = i < d + index.length;
      result[i] = before ? shape[i] : within ? index[i - d] : shape[i - index.length + 1];
    }
    if (in[1].values() != null) {
      places(in);
    }
    return checked(result);
  }

  @Override
  long work(Argument[] in) {
    return in[1].values() == null ? 0 : in[1].values().length;
  }

  @Override
  Places[] places(Argument[] in) {
    int[] shape = in[0].shape();
    int d = dimension(axis, shape.length);
    int size = shape[d];
    double[] index = in[1].values();
    for (double i : index) {
      if (!(i >= -size && i < size)) {
        throw new ShapeException("there is no place " + i + " along axis " + d + " of " + size);
      }
    }
    Places[] places = new Places[shape.length];
    Arrays.setAll(places, i -> all(shape[i]));
    places[d] =
        new Places() {
          @Override
          public int length() {
            return index.length;
          }

          @Override
          public int of(int i) {
            return (int) (index[i] < 0 ? index[i] + size : index[i]);
          }
        };
    return places;
  }
}
