package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;

/** The arguments one after the other along one dimension. */
final class Joined extends Function {
  private final int axis;

  Joined(int axis) {
    this.axis = axis;
  }

  @Override
  boolean isDifferentiable(int k) {
    return true;
  }

  @Override
  int[] shape(Argument[] in) {
    int[] first = in[0].shape();
    int d = dimension(axis, first.length);
    long[] shape = new long[first.length];
    for (Argument argument : in) {
      int[] other = argument.shape();
      boolean fits = other.length == first.length;
      for (int i = 0; fits && i < first.length; i++) {
        fits = i == d || other[i] == first[i];
        shape[i] = i == d ? shape[i] + other[i] : first[i];
      }
      if (!fits) {
        throw new ShapeException(
            "cannot join " + Shapes.text(first) + " and " + Shapes.text(other) + " along " + d);
      }
    }
    return checked(shape);
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    int at = 0;
    for (Tensor part : in) {
      copy(part, y, at, true);
      at += part.dim(axis);
    }
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    int at = 0;
    for (int before = 0; before < k; before++) {
      at += in[before].dim(axis);
    }
    copy(gx, gy, at, false);
  }

  /** Copies a part into the whole, which has it from a place on, or out of it. */
  private void copy(Tensor part, Tensor whole, int at, boolean into) {
    int d = dimension(axis, part.rank());
    int inner = product(part.shape(), d + 1, part.rank());
    int run = part.dim(d) * inner;
    int stride = whole.dim(d) * inner;
    int rows = product(part.shape(), 0, d);
    for (int r = 0; r < rows; r++) {
      int place = r * stride + at * inner;
      if (into) {
        System.arraycopy(part.data(), r * run, whole.data(), place, run);
      } else {
        System.arraycopy(whole.data(), place, part.data(), r * run, run);
      }
    }
  }
}
