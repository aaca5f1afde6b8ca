package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;

/** The largest number or the mean of each window of an input [n, c, ..]. */
final class Pooling extends Function {
  private final Geometry geometry;
  private final boolean mean;
  private final boolean countsPadding;

  /**
   * A pool.
   *
   * @param mean the mean instead of the largest
   * @param countsPadding whether a mean is over the padding too, as zeros
   */
  Pooling(Geometry geometry, boolean mean, boolean countsPadding) {
    this.geometry = geometry;
    this.mean = mean;
    this.countsPadding = countsPadding;
  }

  @Override
  int[] shape(Argument[] in) {
    geometry.checkRank(in[0].shape());
    return geometry.shape(in[0].shape(), in[0].shape()[1]);
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double[] x = in[0].data();
    windows(
        in[0],
        y,
        (to, from, count, size) -> {
          double result = mean ? 0 : Double.NEGATIVE_INFINITY;
          for (int i = 0; i < count; i++) {
            result = mean ? result + x[from[i]] : Math.max(result, x[from[i]]);
          }
          y.data()[to] = mean ? result / size : result;
        });
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    double[] x = in[0].data();
    double[] sum = gx.data();
    Arrays.fill(sum, 0);
    windows(
        in[0],
        y,
        (to, from, count, size) -> {
          for (int i = 0; i < count; i++) {
            if (mean) {
              sum[from[i]] += gy.data()[to] / size;
            } else if (x[from[i]] == y.data()[to]) {
              sum[from[i]] += gy.data()[to];
              return;
            }
          }
        });
  }

  /** Sees a window: the places of its elements in the input, and what a mean is over. */
  @FunctionalInterface
  private interface Visit {
    void at(int to, int[] from, int count, double size);
  }

  private void windows(Tensor x, Tensor y, Visit visit) {
    int rank = geometry.dimensions();
    int[] in = Arrays.copyOfRange(x.shape(), 2, rank + 2);
    int[] out = Arrays.copyOfRange(y.shape(), 2, rank + 2);
    int plane = product(in, 0, rank);
    int positions = product(out, 0, rank);
    int cells = product(geometry.kernel(), 0, rank);
    int planes = x.dim(0) * x.dim(1);
    int[] from = new int[cells];
    int[] place = new int[rank];
    int[] cell = new int[rank];
    for (int to = 0; to < planes * positions; to++) {
      unravel(to % positions, out, place);
      int base = to / positions * plane;
      int count = 0;
      int counted = 0;
      for (int c = 0; c < cells; c++) {
        unravel(c, geometry.kernel(), cell);
        int at = 0;
        boolean inside = true;
        boolean padded = true;
        for (int d = 0; d < rank; d++) {
          long i =
              (long) place[d] * geometry.strides()[d]
                  - geometry.begin(d, in[d])
                  + (long) cell[d] * geometry.dilations()[d];
          inside &= i >= 0 && i < in[d];
          padded &= i < in[d] + geometry.end(d, in[d]);
          at = at * in[d] + (int) i;
        }
        counted += padded ? 1 : 0;
        if (inside) {
          from[count++] = base + at;
        }
      }
      visit.at(to, from, count, countsPadding ? counted : count);
    }
  }

  private static void unravel(int flat, int[] shape, int[] index) {
    int rest = flat;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
  }
}
