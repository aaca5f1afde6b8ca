package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;

/** y = factor · x + shift with a factor and a shift for each channel of [n, c, ..]. */
final class ChannelScale extends Function {
  private final double[] factors;
  private final double[] shifts;

  /** That of a batch normalisation in evaluation. */
  ChannelScale(double[] scale, double[] bias, double[] mean, double[] variance, double eps) {
    factors = new double[scale.length];
    shifts = new double[scale.length];
    for (int c = 0; c < scale.length; c++) {
      factors[c] = scale[c] / Math.sqrt(variance[c] + eps);
      shifts[c] = bias[c] - factors[c] * mean[c];
    }
  }

  @Override
  int[] shape(Argument[] in) {
    int[] shape = in[0].shape();
    if (shape.length < 2 || shape[1] != factors.length) {
      throw new ShapeException(
          "expected an input [n, " + factors.length + ", ..] but got " + Shapes.text(shape));
    }
    return shape;
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    int inner = product(y.shape(), 2, y.rank());
    for (int i = 0; i < y.size(); i++) {
      int c = i / inner % factors.length;
      y.data()[i] = in[0].data()[i] * factors[c] + shifts[c];
    }
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    int inner = product(y.shape(), 2, y.rank());
    for (int i = 0; i < y.size(); i++) {
      gx.data()[i] = gy.data()[i] * factors[i / inner % factors.length];
    }
  }
}
