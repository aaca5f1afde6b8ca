package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * A measure of how far predictions are from their targets, and its gradient.
 *
 * <p>A loss of your own is one method, {@link #compute}:
 *
 * <pre>{@code
 * final class MeanAbsoluteError extends Loss {
 *   @Override
 *   protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
 *     int n = prediction.size();
 *     double sum = 0;
 *     for (int i = 0; i < n; i++) {
 *       double d = prediction.data()[i] - target.data()[i];
 *       sum += Math.abs(d);
 *       gradient.data()[i] = Math.signum(d) / n;
 *     }
 *     return sum / n;
 *   }
 * }
 * }</pre>
 *
 * <p>Its targets have the predictions' shape; a loss with other targets overrides {@link #check}.
 *
 * <p>One loss is for one thread at a time.
 */
public abstract class Loss {
  private Tensor gradient;

  /** Written by the running forward, so that one that fails leaves the last gradient alone. */
  private Tensor spare;

  /** For subclasses. */
  protected Loss() {}

  /**
   * The value of the loss, one number for the whole batch. The gradient is computed along with it:
   * neither tensor is needed for {@link #backward}.
   *
   * @param prediction what the model returned, not empty
   * @param target what it should have returned; its shape depends on the loss
   * @throws ShapeException if the shapes do not fit each other or the prediction is empty, for a
   *     mean over nothing is no number
   * @throws IllegalArgumentException if the loss does not take such targets; after any exception
   *     the loss is as it was before the call
   */
  public final double forward(Tensor prediction, Tensor target) {
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(target, "target");
    if (prediction.size() == 0) {
      throw new ShapeException(
          this + " expects a prediction that is not empty but got " + shape(prediction));
    }
    check(prediction, target);
    if (spare == null || !spare.sameShape(prediction)) {
      spare = Tensor.zeros(prediction.shape());
    }
    double value = compute(prediction, target, spare);
    Tensor last = gradient;
    gradient = spare;
    spare = last;
    return value;
  }

  /**
   * The gradient with respect to the last prediction, of its shape: a tensor of the caller's own.
   *
   * @throws IllegalStateException if no {@code forward} has succeeded before
   */
  public final Tensor backward() {
    if (gradient == null) {
      throw new IllegalStateException(this + ": backward before forward");
    }
    return gradient.copy();
  }

  /**
   * Computes the loss and its gradient. The shapes have been checked.
   *
   * @param prediction what the model returned; do not write to it
   * @param target what it should have returned; do not write to it
   * @param gradient of the prediction's shape, for the derivatives of the result with respect to
   *     the prediction; it holds old numbers: write every element, and keep no reference
   * @return the value of the loss
   */
  protected abstract double compute(Tensor prediction, Tensor target, Tensor gradient);

  /**
   * Refuses predictions and targets that the loss does not take; by default, where their shapes
   * differ. The prediction is not empty.
   *
   * @throws ShapeException if the shapes do not fit each other
   * @throws IllegalArgumentException if a value is none that the loss takes
   */
  protected void check(Tensor prediction, Tensor target) {
    if (!target.sameShape(prediction)) {
      throw new ShapeException(
          this + " expects a target " + shape(prediction) + " but got " + shape(target));
    }
  }

  /** The name of the class. */
  @Override
  public String toString() {
    return getClass().getSimpleName();
  }

  /** The shape as messages quote it. */
  static String shape(Tensor t) {
    return Arrays.toString(t.shape());
  }
}
