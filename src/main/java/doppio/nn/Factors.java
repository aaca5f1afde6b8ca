package doppio.nn;

import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The gradient of a linear layer's weight as its two factors, scale · Σₙ gy[n,o] · x[n,i]: often
 * they are smaller than the matrix, and an optimizer can use each part of it while it is in the
 * cache. The copies are plain ones, for any kernels to read.
 */
final class Factors {
  /** Of squares in these bounds neither a product nor a sum loses more than its rounding. */
  private static final double SMALL = 1e-150;

  private static final double LARGE = 1e150;

  private int n;
  private int in;
  private int out;
  private double[] gy = {};
  private double[] x = {};

  /** The x of a single sample, no longer than it is: who takes a multiple of it takes all. */
  private double[] single = {};

  private double scale;

  /**
   * Whether there is something to gain: the factors are written twice, here and when the kernels
   * bring them into the form that they need, and the matrix once.
   */
  static boolean pay(int n, int in, int out) {
    return 2L * n * (in + out) < (long) in * out;
  }

  /** Takes copies of gy [n, out] and x [n, in]. */
  void set(double[] gy, double[] x, int n, int in, int out) {
    this.n = n;
    this.in = in;
    this.out = out;
    this.gy = copy(gy, n * out, this.gy);
    if (n == 1) {
      single = copy(x, in, single);
    } else {
      this.x = copy(x, n * in, this.x);
    }
    scale = 1;
  }

  /** Whether {@link #scale} was called. */
  boolean isScaled() {
    return scale != 1;
  }

  /** Multiplies each element of the matrix, once rounded, by a factor. */
  void scale(double factor) {
    scale = factor;
  }

  /** Hands the matrix on in parts that cover it once, by several threads at once. */
  void parts(Kernels.Part part) {
    parts(part, computed(part));
  }

  /**
   * The same.
   *
   * @param row sees a row of a single sample, unless the matrix is scaled
   */
  void parts(Kernels.Part part, Kernels.Multiple row) {
    Kernels.Part wanted = isScaled() ? scaled(part) : part;
    if (n == 1) {
      Kernels.Multiple multiple = isScaled() ? computed(wanted) : row;
      KernelChoice.kernels().linearWeightGradientRows(gy, 0, single, out, multiple);
    } else {
      KernelChoice.kernels().linearWeightGradientParts(gy, 0, x, 0, n, in, out, wanted);
    }
  }

  /** Writes the matrix to gw [out, in]. */
  void write(double[] gw) {
    KernelChoice.kernels()
        .linearWeightGradient(gy, 0, n == 1 ? single : x, 0, gw, 0, n, in, out, false);
    if (isScaled()) {
      multiply(gw, 0, in * out, scale);
    }
  }

  /** Whether gw is the matrix, to the bit. */
  boolean give(double[] gw) {
    AtomicBoolean same = new AtomicBoolean(true);
    parts(
        (part, at, from, length) -> {
          if (!Arrays.equals(part, at, at + length, gw, from, from + length)) {
            same.set(false);
          }
        });
    return same.get();
  }

  /**
   * The squares of all elements of the matrix, added up, for a single sample: Σ gy² · Σ x². NaN
   * where the factors do not tell: of several samples the terms may cancel each other, and there
   * are numbers that only the product brings into the range of a double.
   */
  double squares() {
    if (n != 1 || isScaled()) {
      return Double.NaN;
    }
    double a = KernelChoice.kernels().squares(gy, 0, out);
    double b = KernelChoice.kernels().squares(single, 0, in);
    boolean safe = a > SMALL && a < LARGE && b > SMALL && b < LARGE;
    return safe ? a * b : Double.NaN;
  }

  /** No element is larger than this; NaN where a factor has one. */
  double bound() {
    return Math.abs(scale) * n * largest(gy, n * out) * largest(n == 1 ? single : x, n * in);
  }

  private static double largest(double[] values, int length) {
    double largest = 0;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  /** a[i] ← factor · a[i] for {@code length} elements from {@code from} on. */
  static void multiply(double[] a, int from, int length, double factor) {
    for (int i = from; i < from + length; i++) {
      a[i] *= factor;
    }
  }

  private static Kernels.Multiple computed(Kernels.Part part) {
    return (factor, x, from, array) -> {
      Kernels.multiply(factor, x, array);
      part.accept(array, 0, from, x.length);
    };
  }

  private Kernels.Part scaled(Kernels.Part part) {
    double factor = scale;
    return (gradient, at, from, length) -> {
      multiply(gradient, at, length, factor);
      part.accept(gradient, at, from, length);
    };
  }

  /** Arrays grow only, so that a smaller last batch leaves them for the next epoch. */
  private static double[] copy(double[] from, int size, double[] old) {
    double[] to = old.length < size ? new double[size] : old;
    System.arraycopy(from, 0, to, 0, size);
    return to;
  }
}
