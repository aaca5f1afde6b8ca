package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import java.util.Arrays;

/** The mean or the largest number of each channel of [n, c, ..], as [n, c, 1, ..]. */
final class GlobalPooling extends Function {
  private final boolean mean;

  GlobalPooling(boolean mean) {
    this.mean = mean;
  }

  boolean isMean() {
    return mean;
  }

  @Override
  int[] shape(Argument[] in) {
    int[] shape = in[0].shape().clone();
    if (shape.length < 2) {
      throw new ShapeException("expected an input [n, c, ..] but got " + Shapes.text(shape));
    }
    Arrays.fill(shape, 2, shape.length, 1);
    return shape;
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    int size = size(in[0]);
    double[] x = in[0].data();
    for (int c = 0; c < y.size(); c++) {
      double result = mean ? 0 : Double.NEGATIVE_INFINITY;
      for (int i = c * size; i < (c + 1) * size; i++) {
        result = mean ? result + x[i] : Math.max(result, x[i]);
      }
      y.data()[c] = mean ? result / size : result;
    }
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    int size = size(in[0]);
    double[] x = in[0].data();
    for (int c = 0; c < gy.size(); c++) {
      boolean open = true;
      for (int i = c * size; i < (c + 1) * size; i++) {
        boolean largest = open && x[i] == y.data()[c];
        open &= !largest;
        gx.data()[i] = mean ? gy.data()[c] / size : largest ? gy.data()[c] : 0;
      }
    }
  }

  private static int size(Tensor x) {
    return product(x.shape(), 2, x.rank());
  }
}
