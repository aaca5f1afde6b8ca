package doppio.nn;

import doppio.Tensor;
import doppio.internal.Kernels;
import doppio.internal.Product;
import java.util.Arrays;

/**
 * A trainable tensor and its gradient.
 *
 * <p>{@link #value()} and {@link #grad()} are live: a write through either is seen by the next
 * forward pass or optimizer step. {@link #zeroGrad()} costs nothing: the next backward pass
 * overwrites the gradient instead of adding to it, and until then {@code grad()} reads as zeros and
 * an optimizer leaves the parameter alone, as PyTorch does where a gradient is {@code None}.
 *
 * <p>The gradient of a linear layer's weight is a product of two matrices that together are often
 * smaller. It stays so until somebody asks for it with {@code grad()}: an optimizer asks for its
 * parts with {@link #gradientParts}, one after the other, while each is in the processor's cache.
 */
public final class Parameter {
  /** Sees a part of a gradient: see {@link Parameter#gradientParts}. */
  @FunctionalInterface
  public interface GradientPart {
    /**
     * Does something with {@code length} elements of the gradient, those from {@code from} on.
     *
     * @param gradient an array that holds them from {@code at} on, for the length of the call
     * @param at where the first of them lies in the array
     * @param from the index of the first of them in the parameter's own data
     * @param length how many they are
     */
    void accept(double[] gradient, int at, int from, int length);

    /**
     * The same for elements that are factor · x[i], as those of a weight's row are after a single
     * sample; by default they are computed and handed to {@link #accept}.
     *
     * @param factor the number
     * @param x the vector
     * @param from the index of the first of the elements in the parameter's own data
     * @param array of x's length at least, to compute them in
     */
    default void acceptMultiple(double factor, double[] x, int from, double[] array) {
      Kernels.Part.multiply(factor, x, array);
      accept(array, 0, from, x.length);
    }
  }

  private enum Gradient {
    NONE,
    DENSE,
    PRODUCT
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

  /** The gradient while the state is PRODUCT. */
  private Product product;

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
    } else if (state == Gradient.PRODUCT) {
      formProduct();
    }
    shown = true;
    return grad;
  }

  /**
   * Forgets the gradient: {@link #grad()} reads as zeros until the next backward pass. A tensor
   * that it gave before keeps the old numbers until somebody calls it again, or the next backward
   * pass.
   */
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

  /**
   * Hands the gradient on in parts that cover it once, in any order and by several threads at once;
   * does nothing where {@link #hasGradient()} is false. Whoever needs each element once, to update
   * the value say, saves a passage of the whole gradient to memory and back.
   */
  public void gradientParts(GradientPart part) {
    if (!hasGradient()) {
      return;
    }
    if (state == Gradient.PRODUCT) {
      product.parts(adapt(part));
    } else {
      Kernels.get().parts(grad.data(), adapt(part));
    }
  }

  private static Kernels.Part adapt(GradientPart part) {
    return new Kernels.Part() {
      @Override
      public void accept(double[] gradient, int at, int from, int length) {
        part.accept(gradient, at, from, length);
      }

      @Override
      public void acceptMultiple(double factor, double[] x, int from, double[] array) {
        part.acceptMultiple(factor, x, from, array);
      }
    };
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

  /** The shape, and whether it is frozen. */
  @Override
  public String toString() {
    return "Parameter" + Arrays.toString(value.shape()) + (frozen ? " (frozen)" : "");
  }

  /**
   * The gradient's array for a kernel that overwrites it, or adds to it where {@link
   * #hasGradient()} was true before this call.
   */
  double[] gradientToWrite() {
    if (state == Gradient.PRODUCT) {
      formProduct();
    } else if (grad == null) {
      grad = Tensor.zeros(value.shape());
    }
    state = Gradient.DENSE;
    return grad.data();
  }

  /** Adds Σ gy[n,o] · x[n,i] over n samples to the gradient of a weight [o, i]. */
  void accumulateProduct(double[] gy, double[] x, int n) {
    int out = value.dim(0);
    int in = value.dim(1);
    // Where the copies would be larger than what they stand for there is nothing to gain.
    if (state == Gradient.NONE && !shown && (long) n * (in + out) < (long) in * out) {
      if (product == null) {
        product = Kernels.get().newProduct();
      }
      product.set(gy, x, n, in, out);
      state = Gradient.PRODUCT;
    } else {
      boolean add = hasGradient();
      Kernels.get().linearWeightGradient(gy, x, gradientToWrite(), n, in, out, add);
    }
  }

  private void formProduct() {
    if (grad == null) {
      grad = Tensor.zeros(value.shape());
    }
    product.form(grad.data());
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
