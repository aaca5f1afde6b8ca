package doppio.internal.onnx.load;

import doppio.Tensor;
import java.util.Arrays;

/**
 * A function that takes elements of its first argument: along each dimension it says from which
 * place each element of the result comes, or that it comes from nowhere and gets a fixed number.
 */
abstract class Selection extends Function {
  static final int NOWHERE = -1;

  /** One dimension of the result. */
  interface Places {
    int length();

    /** The place along this dimension, or {@link #NOWHERE}. */
    int of(int i);
  }

  /** The dimensions of the result, as many as the argument has; null if they are not known yet. */
  abstract Places[] places(Argument[] in);

  /** What elements from nowhere get. */
  double fill(Tensor[] in) {
    return 0;
  }

  @Override
  int[] shape(Argument[] in) {
    Places[] places = places(in);
    return places == null
        ? null
        : checked(Arrays.stream(places).mapToLong(Places::length).toArray());
  }

  @Override
  void compute(Tensor[] in, Tensor y) {
    double fill = fill(in);
    double[] x = in[0].data();
    double[] values = y.data();
    walk(in, (from, to) -> values[to] = from == NOWHERE ? fill : x[from]);
  }

  @Override
  void gradient(Tensor[] in, Tensor y, Tensor gy, int k, Tensor gx) {
    double[] g = gy.data();
    double[] sum = gx.data();
    Arrays.fill(sum, 0);
    walk(
        in,
        (from, to) -> {
          if (from != NOWHERE) {
            sum[from] += g[to];
          }
        });
  }

  /** Sees where an element of the result comes from. */
  @FunctionalInterface
  private interface Visit {
    void at(int from, int to);
  }

  private void walk(Tensor[] in, Visit visit) {
    Places[] places = places(Argument.of(in));
    int rank = places.length;
    if (rank == 0) {
      visit.at(0, 0);
      return;
    }
    int[][] offsets = new int[rank][];
    int step = 1;
    int rows = 1;
    for (int d = rank - 1; d >= 0; d--) {
      offsets[d] = new int[places[d].length()];
      for (int i = 0; i < offsets[d].length; i++) {
        int from = places[d].of(i);
        offsets[d][i] = from == NOWHERE ? NOWHERE : from * step;
      }
      step *= in[0].dim(d);
      rows *= d == rank - 1 ? 1 : offsets[d].length;
    }
    int[] last = offsets[rank - 1];
    int[] index = new int[rank - 1];
    for (int r = 0, to = 0; r < rows && last.length > 0; r++) {
      int base = base(offsets, index);
      for (int offset : last) {
        visit.at(base == NOWHERE || offset == NOWHERE ? NOWHERE : base + offset, to++);
      }
      for (int d = rank - 2; d >= 0 && ++index[d] == offsets[d].length; d--) {
        index[d] = 0;
      }
    }
  }

  private static int base(int[][] offsets, int[] index) {
    int base = 0;
    for (int d = 0; d < index.length; d++) {
      int offset = offsets[d][index[d]];
      if (offset == NOWHERE) {
        return NOWHERE;
      }
      base += offset;
    }
    return base;
  }

  /** All of a dimension. */
  static Places all(int size) {
    return strided(0, 1, size);
  }

  /** From a place on, in steps. */
  static Places strided(int start, int step, int length) {
    return new Places() {
      @Override
      public int length() {
        return length;
      }

      @Override
      public int of(int i) {
        return start + i * step;
      }
    };
  }
}
