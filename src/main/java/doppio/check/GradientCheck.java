package doppio.check;

import doppio.Tensor;
import doppio.loss.Loss;
import doppio.nn.Module;

/**
 * Compares the gradients that a module or a loss computes with numeric ones.
 *
 * <p><b>What is compared.</b> For a module, s = Σ g·y with a fixed random g of the output's shape:
 * the gradient of s with respect to the input and to each parameter that is not frozen. For a loss,
 * its value with respect to the prediction. The numeric derivative is a central difference of
 * fourth order (five points).
 *
 * <p><b>When an element is right.</b> With a the analytic and n the numeric value, |a − n| ≤
 * tolerance · max(|a|, |n|) + r, where r, about 10⁻¹¹ of the output, is what rounding can do to the
 * difference. There is no fixed absolute term, so a gradient of 10⁻⁸ is checked as strictly as one
 * of 1.
 *
 * <p><b>Kinks.</b> A kink of a rectifier or of the hinge inside the stencil spoils the difference.
 * Where a and n disagree the check measures again with ever smaller steps, down to 10⁻⁸, and judges
 * by the step at which the slopes from both sides and from the left and right alone agree best.
 * Only if they differ at every step, and by an amount that does not grow as the step shrinks (as
 * rounding does), is the point a kink; there a must lie between the two slopes, and every value
 * between them is a sub-gradient. A smaller step is never tried to find one that suits a, so a
 * wrong gradient does not pass by it. Composites of kinks, at zero exactly, can have a derivative
 * that backpropagation misses: choose inputs in general position, random ones say.
 *
 * <p>NaN or an infinite number in an output or a gradient fails.
 */
public final class GradientCheck {
  private static final double DEFAULT_TOLERANCE = 1e-6;

  private GradientCheck() {}

  /**
   * Checks a module at the given input with the tolerance 10⁻⁶, relative to the element.
   *
   * <p>Runs in evaluation mode, so that random layers compute a function, and sets back the mode of
   * every module in it. Also checks that {@code infer} gives the bits of {@code forward}, that
   * {@code accumulateGradients} gives the parameters the gradients that {@code backward} gives
   * them, and that a second {@code backward} adds to them. Afterwards values are as they were and
   * gradients are forgotten ({@code zeroGrad}); the module remembers a forward pass of the check's.
   *
   * @param input an input of any shape that the module takes; it is not written to
   * @throws AssertionError naming the worst element, if a gradient is wrong
   */
  public static void check(Module module, Tensor input) {
    check(module, input, DEFAULT_TOLERANCE);
  }

  /**
   * As {@link #check(Module, Tensor)}, with another tolerance.
   *
   * @throws AssertionError naming the worst element, if a gradient is wrong
   * @throws IllegalArgumentException if the tolerance is not a positive number
   */
  public static void check(Module module, Tensor input, double tolerance) {
    requirePositive(tolerance);
    new ModuleCheck(module, input, false, tolerance).run();
  }

  /**
   * As {@link #check(Module, Tensor)}, in training mode.
   */
  public static void checkTraining(Module module, Tensor input) {
    checkTraining(module, input, DEFAULT_TOLERANCE);
  }

  public static void checkTraining(Module module, Tensor input, double tolerance) {
    requirePositive(tolerance);
    new ModuleCheck(module, input, true, tolerance).run();
  }

  /**
   * Checks a loss at the given prediction and target with the tolerance 10⁻⁶, relative to the
   * element. Afterwards the loss remembers a forward pass of the check's.
   *
   * @param prediction a prediction of any shape that the loss takes; it is not written to
   * @param target the target for it; not differentiated
   * @throws AssertionError naming the worst element, if the gradient is wrong
   */
  public static void check(Loss loss, Tensor prediction, Tensor target) {
    check(loss, prediction, target, DEFAULT_TOLERANCE);
  }

  /**
   * As {@link #check(Loss, Tensor, Tensor)}, with another tolerance.
   *
   * @throws AssertionError naming the worst element, if the gradient is wrong
   * @throws IllegalArgumentException if the tolerance is not a positive number
   */
  public static void check(Loss loss, Tensor prediction, Tensor target, double tolerance) {
    requirePositive(tolerance);
    new LossCheck(loss, prediction, target, tolerance).run();
  }

  private static void requirePositive(double tolerance) {
    if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException("tolerance must be positive and finite, got " + tolerance);
    }
  }
}
