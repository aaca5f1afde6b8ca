package doppio.nn;

import doppio.Tensor;
import doppio.internal.Advice;
import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The gradient of one parameter: none, a tensor, or {@link Factors} that become a tensor when
 * somebody looks. Where it came from decides how it goes on, and never whether somebody looked.
 */
final class Gradient {
  private enum Origin {
    /** Nothing since {@link #forget}, or what a caller wrote into the tensor unasked. */
    NONE,
    /** A single product of a linear layer; {@link #factors} has it. */
    FACTORS,
    /** Anything else; {@link #tensor} has it. */
    DENSE
  }

  private final int[] shape;
  private Origin origin = Origin.NONE;
  private Tensor tensor;
  private Factors factors;

  /** The rows that the tensor has numbers in; null where any may have some. */
  private RowsInUse rows;

  /**
   * Whether the tensor is up to date, so that whoever got it since {@link #forget} sees what
   * happens, and what that caller writes counts.
   */
  private boolean live;

  /** By how many steps since {@link #forget}. */
  private int used;

  Gradient(int[] shape) {
    this.shape = shape;
  }

  boolean exists() {
    return origin != Origin.NONE || (live && anyNonZero(tensor.data()));
  }

  void forget() {
    origin = Origin.NONE;
    live = false;
    used = 0;
  }

  /** The live tensor: zeros where there is no gradient. */
  Tensor tensor() {
    if (tensor == null) {
      tensor = Tensor.zeros(shape);
    } else if (!live && origin == Origin.NONE) {
      tensor.fill(0);
    }
    if (!live && origin == Origin.FACTORS) {
      factors.write(tensor.data());
    }
    live = true;
    rows = null;
    return tensor;
  }

  /** The array to add to, where there is a gradient, or to overwrite. */
  double[] toWrite() {
    if (origin == Origin.FACTORS) {
      tensor();
    } else if (tensor == null) {
      tensor = Tensor.zeros(shape);
    }
    origin = Origin.DENSE;
    live = true;
    rows = null;
    return tensor.data();
  }

  /** Adds Σ gy[n,o] · x[n,i] over n samples to the gradient of a weight [o, i]. */
  void addProduct(double[] gy, double[] x, int n) {
    int out = shape[0];
    int in = shape[1];
    boolean add = exists();
    if (add || !Factors.pay(n, in, out)) {
      KernelChoice.kernels().linearWeightGradient(gy, 0, x, 0, toWrite(), 0, n, in, out, add);
      return;
    }
    if (factors == null) {
      factors = new Factors();
    }
    factors.set(gy, x, n, in, out);
    origin = Origin.FACTORS;
    if (live) {
      factors.write(tensor.data());
    }
  }

  /** Adds row i of gy to the row of the table that the index i says, for n of them. */
  void addRows(double[] index, double[] gy, int n) {
    if (origin == Origin.FACTORS) {
      toWrite();
    } else if (tensor == null) {
      tensor = Tensor.zeros(shape);
      rows = new RowsInUse(shape);
    } else if (origin == Origin.NONE && !live) {
      if (rows == null) {
        tensor.fill(0);
        rows = new RowsInUse(shape);
      } else {
        rows.clear(tensor.data());
      }
    }
    origin = Origin.DENSE;
    if (rows == null) {
      RowsInUse.addAll(index, gy, n, tensor.data(), shape[1]);
    } else {
      rows.add(index, gy, n, tensor.data());
    }
  }

  /**
   * Hands the gradient on, as {@link Parameter#gradientParts} says.
   *
   * @param part sees a part
   * @param row sees a part that is a multiple of a vector, instead
   * @param skipsZeros whether zeros need not be handed on
   */
  void parts(Kernels.Part part, Kernels.Multiple row, boolean skipsZeros) {
    if (!exists()) {
      return;
    }
    if (++used == Advice.STEPS) {
      Advice.NO_ZERO_GRAD.give();
    }
    if (isOfRows() && skipsZeros) {
      rows.parts(tensor.data(), part);
    } else if (live || origin == Origin.DENSE) {
      KernelChoice.kernels().parts(tensor.data(), 0, tensor.size(), part);
    } else {
      factors.parts(part, row);
    }
  }

  double squares() {
    if (!exists()) {
      return 0;
    }
    if (origin == Origin.FACTORS) {
      double squares = factors.squares();
      // What a caller wrote into the tensor the factors do not know.
      if (!Double.isNaN(squares) && (!live || factors.give(tensor.data()))) {
        return squares;
      }
    }
    return KernelChoice.kernels().squares(isOfRows() ? tensor.data() : toWrite(), 0, tensor.size());
  }

  boolean isWithin(double limit) {
    if (!exists()) {
      return true;
    }
    if (!isOfRows() && (live || origin == Origin.DENSE)) {
      return isWithin(tensor.data(), 0, tensor.size(), limit);
    }
    if (!isOfRows() && factors.bound() <= limit) {
      return true;
    }
    AtomicBoolean within = new AtomicBoolean(true);
    Kernels.Part look =
        (gradient, at, from, length) -> {
          if (!isWithin(gradient, at, length, limit)) {
            within.set(false);
          }
        };
    if (isOfRows()) {
      rows.parts(tensor.data(), look);
    } else {
      factors.parts(look);
    }
    return within.get();
  }

  /** Adds up what is not within, without a branch: NaN is not. */
  private static boolean isWithin(double[] values, int from, int length, double limit) {
    int outside = 0;
    for (int i = from; i < from + length; i++) {
      outside |= Math.abs(values[i]) <= limit ? 0 : 1;
    }
    return outside == 0;
  }

  /** Whether there is a gradient, and all rows but those in use are zeros. */
  private boolean isOfRows() {
    return rows != null && origin == Origin.DENSE;
  }

  void scale(double factor) {
    if (factor == 1) {
      return;
    }
    if (!live && origin == Origin.FACTORS && !factors.isScaled()) {
      factors.scale(factor);
    } else if (exists()) {
      Factors.multiply(toWrite(), 0, tensor.size(), factor);
    }
  }

  private static boolean anyNonZero(double[] values) {
    for (double v : values) {
      if (v != 0) {
        return true;
      }
    }
    return false;
  }
}
