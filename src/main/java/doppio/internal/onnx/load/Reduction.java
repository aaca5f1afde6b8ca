package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;

/**
 * The sum or the mean over some dimensions, all of them where none is named. The second argument,
 * where there is one, names them.
 */
final class Reduction extends Function {
  private final boolean mean;
  private final long[] axes;
  private final boolean keeps;
  private final boolean noneForNone;

  /**
   * A reduction.
   *
   * @param axes null where an argument has them
   * @param keeps whether the dimensions stay, with a size of 1
   * @param noneForNone whether no dimension named means none instead of all
   */
  Reduction(boolean mean, long[] axes, boolean keeps, boolean noneForNone) {
    this.mean = mean;
    this.axes = axes;
    this.keeps = keeps;
    this.noneForNone = noneForNone;
  }

  /** Whether it is the mean over just these dimensions, which a shape of a rank has. */
  boolean isMeanOver(int rank, int... dimensions) {
    if (!mean || axes == null) {
      return false;
    }
    boolean[] reduced = reduced(rank, axes);
    boolean[] wanted = new boolean[rank];
    for (int d : dimensions) {
      wanted[d] = true;
    }
    return Arrays.equals(reduced, wanted);
  }

  /** Whether it is the mean over the last dimensions, so many of them, that stay as ones. */
  boolean isMeanOverLast(int count) {
    if (!mean || axes == null || !keeps || axes.length != count) {
      return false;
    }
    long[] sorted = axes.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < count; i++) {
      if (sorted[i] != i - count) {
        return false;
      }
    }
    return true;
  }

  @Override
  int[] shape(Argument[] in) {
    long[] over = axes(in);
    if (over == null) {
      return null;
    }
    int[] shape = in[0].shape();
    boolean[] reduced = reduced(shape.length, over);
    int[] ones = ones(shape, reduced);
    if (keeps) {
      return ones;
    }
    int rank = 0;
    for (int d = 0; d < shape.length; d++) {
      if (!reduced[d]) {
        ones[rank++] = shape[d];
      }
    }
    return Arrays.copyOf(ones, rank);
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double[] x = in[0].data();
    double[] sum = y.data();
    Arrays.fill(sum, 0);
    broadcast(in)
        .forEachRow(
            (y0, a0, da, b0, db, length) -> {
              for (int i = 0; i < length; i++) {
                sum[b0 + i * db] += x[y0 + i];
              }
            });
    if (mean) {
      double count = x.length / (double) sum.length;
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= count;
      }
    }
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    double count = mean ? gx.size() / (double) gy.size() : 1;
    double[] g = gy.data();
    broadcast(in)
        .forEachRow(
            (y0, a0, da, b0, db, length) -> {
              for (int i = 0; i < length; i++) {
                gx.data()[y0 + i] = g[b0 + i * db] / count;
              }
            });
  }

  /** The input beside the result. */
  private Broadcast broadcast(Tensor[] in) {
    int[] shape = in[0].shape();
    return new Broadcast(shape, ones(shape, reduced(shape.length, axes(Argument.of(in)))));
  }

  private static int[] ones(int[] shape, boolean[] reduced) {
    int[] ones = shape.clone();
    for (int d = 0; d < ones.length; d++) {
      ones[d] = reduced[d] ? 1 : ones[d];
    }
    return ones;
  }

  private long[] axes(Argument[] in) {
    if (in.length < 2) {
      return axes;
    }
    return in[1].values() == null ? null : in[1].whole();
  }

  private boolean[] reduced(int rank, long[] over) {
    boolean[] reduced = new boolean[rank];
    if (over.length == 0) {
      Arrays.fill(reduced, !noneForNone);
    }
    for (long axis : over) {
      reduced[dimension(axis, rank)] = true;
    }
    return reduced;
  }
}
