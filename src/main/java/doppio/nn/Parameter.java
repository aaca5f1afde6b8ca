package doppio.nn;

import doppio.Tensor;
import doppio.internal.Kernels;
import java.util.Arrays;

/**
 * A trainable tensor and its gradient.
 *
 * <p>{@link #value()} and {@link #grad()} are live: a write through either is seen by the next
 * forward pass or optimizer step. {@link #zeroGrad()} costs nothing: the next backward pass
 * overwrites the gradient instead of adding to it, and until then {@code grad()} reads as zeros and
 * an optimizer leaves the parameter alone, as PyTorch does where a gradient is {@code None}.
 *
 * <p>The weight gradient of a single sample is a product of two vectors. It stays so until somebody
 * asks for the matrix: for an update, {@link #descend} needs no more.
 */
public final class Parameter {
  private enum Gradient {
    NONE,
    DENSE,
    OUTER
  }

  private final Tensor value;
  private boolean frozen;

  private Gradient state = Gradient.NONE;
  private Tensor grad;

  /**
   * Whether the caller may hold {@link #grad}; then it has to be live after every backward pass.
   */
  private boolean shown;

  /** While the state is NONE: whether {@link #grad} was handed out as zeros since. */
  private boolean cleared;

  /** While the state is OUTER: the two vectors, grad[o,i] = rows[o] · columns[i]. */
  private double[] rows;

  private double[] columns;

  /** A parameter over the given tensor, which is not copied. */
  public Parameter(Tensor value) {
    this.value = value;
  }

  /** The value: the live tensor. */
  public Tensor value() {
    return value;
  }

  /** The gradient added up since {@link #zeroGrad()}, of the value's shape: the live tensor. */
  public Tensor grad() {
    if (state == Gradient.NONE) {
      clear();
    } else if (state == Gradient.OUTER) {
      formOuter();
    }
    shown = true;
    return grad;
  }

  /** Forgets the gradient: {@link #grad()} reads as zeros until the next backward pass. */
  public void zeroGrad() {
    state = Gradient.NONE;
    cleared = false;
  }

  /**
   * Whether a backward pass (or a caller, by hand) has left a gradient since {@link #zeroGrad()}.
   */
  public boolean hasGradient() {
    return state != Gradient.NONE || (cleared && anyNonZero(grad.data()));
  }

  /**
   * The gradient for a layer's backward pass to add to; from here on the parameter counts as having
   * one. A layer of your own writes {@code weight.accumulator().data()[k] += …}.
   */
  public Tensor accumulator() {
    Tensor g = grad();
    state = Gradient.DENSE;
    return g;
  }

  /** value ← value − rate · grad; does nothing where {@link #hasGradient()} is false. */
  public void descend(double rate) {
    if (!hasGradient()) {
      return;
    }
    if (state == Gradient.OUTER) {
      int in = value.dim(1);
      Kernels.get().descendOuter(value.data(), rows, columns, rate, in, value.dim(0));
    } else {
      Kernels.get().descend(value.data(), grad.data(), rate);
    }
  }

  /** Whether training leaves this parameter as it is. */
  public boolean isFrozen() {
    return frozen;
  }

  /** Excludes the parameter from training (or, with false, takes it in again). */
  public Parameter frozen(boolean frozen) {
    this.frozen = frozen;
    return this;
  }

  /** A parameter with a copy of the value, no gradient, and as frozen as this one. */
  public Parameter copy() {
    return new Parameter(value.copy()).frozen(frozen);
  }

  @Override
  public String toString() {
    return "Parameter" + Arrays.toString(value.shape());
  }

  /**
   * The gradient's array for a kernel that overwrites it, or adds to it where {@link
   * #hasGradient()} was true before this call.
   */
  double[] gradientToWrite() {
    if (state == Gradient.OUTER) {
      formOuter();
    } else if (grad == null) {
      grad = Tensor.zeros(value.shape());
    }
    state = Gradient.DENSE;
    return grad.data();
  }

  /** Adds the gradient of one sample, gy[o] · x[i], to that of a weight [o, i]. */
  void accumulateOuter(double[] gy, double[] x) {
    if (state == Gradient.NONE && !shown) {
      if (rows == null) {
        rows = new double[gy.length];
        columns = new double[x.length];
      }
      System.arraycopy(gy, 0, rows, 0, gy.length);
      System.arraycopy(x, 0, columns, 0, x.length);
      state = Gradient.OUTER;
    } else {
      boolean add = hasGradient();
      double[] sum = gradientToWrite();
      Kernels.get().linearWeightGradient(gy, x, sum, 1, x.length, gy.length, add);
    }
  }

  private void formOuter() {
    if (grad == null) {
      grad = Tensor.zeros(value.shape());
    }
    Kernels.get()
        .linearWeightGradient(rows, columns, grad.data(), 1, columns.length, rows.length, false);
    state = Gradient.DENSE;
  }

  private void clear() {
    if (grad == null) {
      grad = Tensor.zeros(value.shape());
    } else if (!cleared) {
      grad.fill(0);
    }
    cleared = true;
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
