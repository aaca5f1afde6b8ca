package doppio.nn;

import doppio.Tensor;
import doppio.internal.Kernels;
import doppio.internal.ParameterAccess;
import doppio.internal.Require;
import doppio.internal.Shapes;

/**
 * A trainable tensor and its gradient.
 *
 * <p>{@link #value()} is live: a write through it is seen by the next forward pass. So is {@link
 * #grad()}, until {@link #zeroGrad()}. That costs nothing: the next backward pass overwrites the
 * gradient instead of adding to it, and until then {@code grad()} reads as zeros and an optimizer
 * leaves the parameter alone, as PyTorch does where a gradient is {@code None}.
 *
 * <p>The gradient of a linear layer's weight is a product of two matrices that together are often
 * smaller. It stays so unless somebody asks for it with {@code grad()}, which costs that training
 * step some time and the later ones none: an optimizer asks for its parts with {@link
 * #gradientParts}, one after the other, while each is in the processor's cache. No number depends
 * on whether somebody asked.
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
     * @throws IllegalArgumentException if it is shorter
     */
    default void acceptMultiple(double factor, double[] x, int from, double[] array) {
      Require.atLeast(x.length, "the array's length", array.length);
      Kernels.multiply(factor, x, array);
      accept(array, 0, from, x.length);
    }

    /**
     * Whether zeros change nothing, so that elements known to be zeros need not be handed on: those
     * of the rows of an {@link Embedding} that were not in use. By default not so.
     */
    default boolean skipsZeros() {
      return false;
    }
  }

  private final Tensor value;
  private Gradient gradient;
  private boolean frozen;

  static {
    ParameterAccess.open(parameter -> ((Parameter) parameter).gradientExchange());
  }

  /** A parameter over the given tensor, which is not copied. */
  public Parameter(Tensor value) {
    this.value = value;
    gradient = new Gradient(value.shape());
  }

  /** The value: the live tensor. */
  public Tensor value() {
    return value;
  }

  /**
   * The gradient added up since {@link #zeroGrad()}, of the value's shape, to look at: a tensor
   * that is live until the next {@code zeroGrad()}, and shows what backward passes add until then.
   *
   * <p>A gradient of your own goes through {@link #accumulator()}. A write through this tensor
   * changes a gradient that exists. Where no gradient exists, numbers other than zero make one and
   * zeros do not, because looking alone makes no gradient. A write to a tensor from before the last
   * {@code zeroGrad()} is lost, or mixes with a later gradient: ask again.
   */
  public Tensor grad() {
    return gradient.tensor();
  }

  /**
   * Forgets the gradient: {@link #grad()} reads as zeros until the next backward pass. A tensor
   * that it gave before is no longer live until somebody calls it again.
   */
  public void zeroGrad() {
    gradient.forget();
  }

  /**
   * Whether a backward pass, or a caller through {@link #accumulator()}, has left a gradient since
   * {@link #zeroGrad()}, be it of zeros; or a caller through {@link #grad()} one of other numbers.
   */
  public boolean hasGradient() {
    return gradient.exists();
  }

  /**
   * The gradient for a layer's backward pass to add to, or for you to write by hand: zeros at
   * first, and from here on the parameter counts as having one, of exact zeros too, with which
   * momentum coasts and weight decay works. A layer of your own writes {@code
   * weight.accumulator().data()[k] += …}. Live as {@link #grad()} is.
   */
  public Tensor accumulator() {
    Tensor live = gradient.tensor();
    gradient.toWrite();
    return live;
  }

  /**
   * Hands the gradient on in parts that cover it once, or all of it but zeros if {@link
   * GradientPart#skipsZeros}, in any order and by several threads at once; does nothing where
   * {@link #hasGradient()} is false. Whoever needs each element once, to update the value say,
   * saves a passage of the whole gradient to memory and back.
   */
  public void gradientParts(GradientPart part) {
    boolean skipsZeros = part.skipsZeros();
    gradient.parts(part::accept, part::acceptMultiple, skipsZeros);
  }

  /**
   * The squares of the gradient's elements, added up; 0 without a gradient.
   *
   * <p>After a single sample, ∂W = g xᵀ, that is Σ g² · Σ x² where the factors are kept, and costs
   * next to nothing.
   */
  public double gradientSquares() {
    return gradient.squares();
  }

  /**
   * Whether every element of the gradient is a number of at most this size, which NaN is not. True
   * without a gradient.
   *
   * <p>A gradient that is kept as factors is judged by max |g| · max |x| · rows, and formed only
   * where that does not do.
   */
  public boolean hasGradientWithin(double limit) {
    return gradient.isWithin(limit);
  }

  /** Multiplies every element of the gradient by the factor. */
  public void scaleGradient(double factor) {
    gradient.scale(factor);
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
    return "Parameter" + Shapes.text(value) + (frozen ? " (frozen)" : "");
  }

  private Runnable gradientExchange() {
    Gradient[] other = {new Gradient(value.shape())};
    return () -> {
      Gradient last = gradient;
      gradient = other[0];
      other[0] = last;
    };
  }

  /**
   * The gradient's array for a kernel that overwrites it, or adds to it where {@link
   * #hasGradient()} was true before this call.
   */
  double[] gradientToWrite() {
    return gradient.toWrite();
  }

  /** Adds Σ gy[n,o] · x[n,i] over n samples to the gradient of a weight [o, i]. */
  void accumulateProduct(double[] gy, double[] x, int n) {
    gradient.addProduct(gy, x, n);
  }

  /**
   * Adds row i of gy to the row of the gradient of a table that the index i says, for n of them.
   */
  void accumulateRows(double[] index, double[] gy, int n) {
    gradient.addRows(index, gy, n);
  }
}
