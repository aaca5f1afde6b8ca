package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.nn.Description;
import doppio.nn.Parts;
import java.util.Objects;

/**
 * A measure of how far predictions are from their targets, and its gradient.
 *
 * <p>A loss of your own is one method, {@link #compute}, and a line that says how it is made again:
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
 *
 *   @Override
 *   public Description<MeanAbsoluteError> describe() {
 *     return Description.of(parts -> new MeanAbsoluteError());
 *   }
 * }
 * }</pre>
 *
 * <p>Its targets have the predictions' shape; a loss with other targets overrides {@link #check}.
 * One that returns a sum says so with {@code super(Reduction.SUM)} in its constructor; one whose
 * mean is not over the elements of the prediction may override {@link #computeDivisor}.
 *
 * <p><b>A batch in blocks.</b> A loss is a {@link #sum} over a {@link #divisor()}, so that a batch
 * can be computed in blocks of rows. The batch's sum is the sum of the blocks' sums. With {@link
 * Reduction#MEAN} the batch's divisor D is the sum of the blocks' divisors d, and its gradient in
 * the rows of a block is the block's own, times d / D; a block with the divisor 0 adds nothing to
 * either, and {@link #forward} refuses it: ask {@link #divisor(Tensor, Tensor)} first. With {@link
 * Reduction#SUM} every divisor is 1, the batch's too, and the gradients are the blocks' own.
 *
 * <p>One loss is for one thread at a time; {@link #copy} makes one for another thread.
 */
public abstract class Loss {
  private final Reduction reduction;
  private Tensor gradient;
  private double sum;
  private double divisor;

  /** Written by the running forward, so that one that fails leaves the last gradient alone. */
  private Tensor spare;

  /** The running forward's divisor, and its sum if {@link #reduced} is told it. */
  private double runningDivisor;

  private double runningSum;

  /** For subclasses that compute a mean. */
  protected Loss() {
    this(Reduction.MEAN);
  }

  /**
   * For subclasses.
   *
   * @param reduction whether {@link #compute} returns a mean or a sum
   */
  protected Loss(Reduction reduction) {
    this.reduction = Objects.requireNonNull(reduction, Reduction.SETTING);
  }

  /**
   * The value of the loss, one number for the whole batch. The gradient is computed along with it:
   * neither tensor is needed for {@link #backward}.
   *
   * @param prediction what the model returned, not empty
   * @param target what it should have returned; its shape depends on the loss
   * @throws ShapeException if the shapes do not fit each other or the prediction is empty, because
   *     a mean over nothing is no number
   * @throws IllegalArgumentException if the loss does not take such targets, or if none of them
   *     counts, so that the divisor is 0; after any exception the loss is as it was before the call
   */
  public final double forward(Tensor prediction, Tensor target) {
    double divisor = divisor(prediction, target);
    if (!(divisor > 0)) {
      throw new IllegalArgumentException(
          this
              + " expects a target that counts but all are ignored or weigh nothing (divisor "
              + divisor
              + "): a mean over nothing is no number");
    }
    if (spare == null || !spare.sameShape(prediction)) {
      spare = Tensor.zeros(prediction.shape());
    }
    runningDivisor = divisor;
    runningSum = Double.NaN;
    double value = compute(prediction, target, spare);
    // With the first one comes the second, so that a training allocates nothing after its first
    // step.
    Tensor last = gradient == null ? Tensor.zeros(prediction.shape()) : gradient;
    gradient = spare;
    spare = last;
    this.divisor = divisor;
    // A sum that is NaN though it was told makes the value NaN, and this product too.
    sum = Double.isNaN(runningSum) ? value * divisor : runningSum;
    return value;
  }

  /**
   * The gradient with respect to the last prediction, of its shape: a tensor of the caller's own.
   *
   * @throws IllegalStateException if no {@code forward} has succeeded before
   */
  public final Tensor backward() {
    requireForward("backward");
    return gradient.copy();
  }

  /**
   * What the last forward divided by {@link #divisor()} to get its value. To the bit for the losses
   * of the library; for one of your own the value times the divisor, unless it returns {@link
   * #reduced}.
   *
   * @throws IllegalStateException if no {@code forward} has succeeded before
   */
  public final double sum() {
    requireForward("sum");
    return sum;
  }

  /**
   * What the last forward divided {@link #sum} by: how much its targets counted. For a mean the
   * number of elements of the prediction, unless the loss says otherwise; for a sum 1.
   *
   * @throws IllegalStateException if no {@code forward} has succeeded before
   */
  public final double divisor() {
    requireForward("divisor");
    return divisor;
  }

  /**
   * The {@link #divisor()} that a forward of these tensors would have, without computing anything
   * else: 0 where {@link #forward} refuses them because no target counts.
   *
   * @throws ShapeException as {@link #forward} does
   * @throws IllegalArgumentException if the loss does not take such targets
   */
  public final double divisor(Tensor prediction, Tensor target) {
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(target, "target");
    if (prediction.size() == 0) {
      throw new ShapeException(
          this + " expects a prediction that is not empty but got " + Shapes.text(prediction));
    }
    check(prediction, target);
    return computeDivisor(prediction, target);
  }

  /** Whether the value is a mean or a sum. */
  public final Reduction reduction() {
    return reduction;
  }

  /**
   * What this loss is and how it is made again, as of a {@link doppio.nn.Module#describe module}.
   * Copies and the printed form need it.
   *
   * @throws UnsupportedOperationException if the class does not override this method; the message
   *     says what to add
   */
  public Description<? extends Loss> describe() {
    String name = getClass().isAnonymousClass() ? "MyLoss" : name();
    throw new UnsupportedOperationException(
        name()
            + " does not say how it is made again; add: @Override public Description<"
            + name
            + "> describe() { return Description.of(parts -> new "
            + name
            + "()); }");
  }

  /**
   * A new loss with the settings of this one, that remembers no forward.
   *
   * @throws UnsupportedOperationException if the class does not {@link #describe} itself
   * @throws IllegalStateException if its description makes something else
   */
  @SuppressWarnings("ReferenceEquality") // the loss itself is no copy of it
  public final Loss copy() {
    Description<? extends Loss> description = describe();
    Loss copy = description.maker().make(Parts.ofSettings(description.settings()));
    if (copy == null
        || copy == this
        || copy.getClass() != getClass()
        || !copy.describe().settings().equals(description.settings())) {
      throw new IllegalStateException(
          "the description of " + this + " makes no new loss like it but " + copy);
    }
    return copy;
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
   * How much these targets count. The shapes have been checked. By default the number of elements
   * of the prediction for a mean, and 1 for a sum. A mean's divisor must be the sum of those of its
   * rows.
   */
  protected double computeDivisor(Tensor prediction, Tensor target) {
    return reduction.divisor(prediction.size());
  }

  /**
   * The sum over the divisor, for {@link #compute} to return: {@link #sum} then gives this sum to
   * the bit.
   */
  protected final double reduced(double sum) {
    runningSum = sum;
    return sum / runningDivisor;
  }

  /** The divisor of the forward that runs {@link #compute}. */
  final double runningDivisor() {
    return runningDivisor;
  }

  /**
   * Refuses predictions and targets that the loss does not take; by default, where their shapes
   * differ. The prediction is not empty.
   *
   * @throws ShapeException if the shapes do not fit each other
   * @throws IllegalArgumentException if a value is not one that the loss takes
   */
  protected void check(Tensor prediction, Tensor target) {
    if (!target.sameShape(prediction)) {
      throw new ShapeException(Shapes.mismatch(this + " expects a target", prediction, target));
    }
  }

  /**
   * The name of the class, with those settings of its description that are not what a loss does
   * unless told otherwise: {@code MSE}, {@code MSE(sum)}.
   */
  @Override
  public String toString() {
    try {
      return name() + SettingsText.of(describe().settings());
    } catch (UnsupportedOperationException undescribed) {
      return name();
    }
  }

  /** An anonymous class has no simple name. */
  private String name() {
    return getClass().isAnonymousClass() ? getClass().getName() : getClass().getSimpleName();
  }

  private void requireForward(String what) {
    if (gradient == null) {
      throw new IllegalStateException(this + ": " + what + " before forward");
    }
  }
}
