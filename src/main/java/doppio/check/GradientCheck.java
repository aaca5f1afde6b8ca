package doppio.check;

import doppio.Tensor;
import doppio.internal.Advice;
import doppio.internal.Require;
import doppio.loss.Loss;
import doppio.nn.Module;

/**
 * Compares the gradients that a module or a loss computes with numeric ones.
 *
 * <p><b>What is compared.</b> For a module, s = Σ g·y: the gradient of s with respect to the input
 * and to each parameter that is not frozen. First each module inside it, alone, at the input and
 * with the g that it gets in a pass through the whole: every {@link doppio.nn.Layer} and {@link
 * doppio.nn.Composite}, and whatever a composite calls through its pass. Then the whole, with a
 * fixed random g. So the message names the module whose formula is wrong; one that is called in
 * another way is part of the module around it. For a loss, its value is differentiated with respect
 * to the prediction. The numeric derivative is a central difference of fourth order (five points).
 *
 * <p><b>When an element is right.</b> With a the analytic and n the numeric value, |a − n| ≤
 * tolerance · max(|a|, |n|) + e. There is no fixed absolute term, so a gradient of 10⁻⁸ is checked
 * as strictly as one of 1. Where a and n disagree at the first step, 10⁻³, steps from 10⁻¹ to 10⁻¹³
 * are tried, and e is what was seen: how far the slopes from the left and right are from n, how far
 * the slopes of smaller steps are off (rounding makes an error that grows as the step shrinks), and
 * how far a moves when all numbers change by 32 units in the last place. An element whose slope
 * drowns in rounding is right if a is within it.
 *
 * <p><b>Kinks.</b> Near a kink of a rectifier or the end of a domain (log at 0.001) smaller steps
 * are right. On a kink a must lie between the slopes of the two sides: every value between them is
 * a sub-gradient; the message of one that does not says that it is a kink. Where several layers
 * have kinks at one point, backpropagation may give a value outside: there each layer is judged,
 * but not the network around it.
 *
 * <p><b>Indices.</b> A number of the input that has no neighbours, because the module refuses them,
 * is one of a table's rows ({@link doppio.nn.Embedding}) or the like: its gradient must be 0.
 *
 * <p><b>From the second batch on.</b> Every pass begins with the same buffers and states of
 * generators, and other batches, inferences and NaN in the arrays that a layer has to overwrite go
 * between. Fails what then gives other numbers, writes to its input, its output or a gradient it is
 * given, or draws random numbers in its first pass only. After a batch of several rows its first
 * row alone is checked, if the module takes it: so what is kept from a first batch, its number of
 * rows say, fails too.
 *
 * <p><b>Cost.</b> Four forward passes an element, 50 to 130 where the first step does not do: of a
 * layer for the elements of its input and parameters, of each composite for those of its input and
 * of all parameters below it. Of a parameter with more than 100 elements, all of them are compared
 * in the layer that has it, and 100 at random in the composites around that.
 *
 * <p>NaN or an infinite number in an output or a gradient fails.
 */
public final class GradientCheck {
  private static final double DEFAULT_TOLERANCE = 1e-6;

  private GradientCheck() {}

  /**
   * Checks a module in evaluation mode at the given input with the tolerance 10⁻⁶, relative to the
   * element.
   *
   * <p>Also checks that {@code infer} gives the bits of {@code forward}, that {@code
   * accumulateGradients} gives the parameters the gradients that {@code backward} gives them, and
   * that a second {@code backward} adds to them. Afterwards modes, values, buffers and generators
   * are as they were and gradients are forgotten ({@code zeroGrad}); call {@code forward} before
   * the next {@code backward}.
   *
   * @param input an input of any shape that the module takes; it is not written to
   * @throws AssertionError naming the module and its worst element, if a gradient is wrong
   */
  public static void check(Module module, Tensor input) {
    check(module, input, DEFAULT_TOLERANCE);
  }

  /**
   * As {@link #check(Module, Tensor)}, with another tolerance.
   *
   * @throws AssertionError naming the module and its worst element, if a gradient is wrong
   * @throws IllegalArgumentException if the tolerance is not a positive number
   */
  public static void check(Module module, Tensor input, double tolerance) {
    Require.positive("tolerance", tolerance);
    Advice.without(new ModuleCheck(module, input, false, tolerance)::run);
  }

  /**
   * As {@link #check(Module, Tensor)}, in training mode: for layers that are random there, or
   * normalise by the batch. They are differentiated as functions that draw the same numbers each
   * time, from the same buffers. What {@code infer} gives is then another function's output.
   *
   * @throws AssertionError naming the module and its worst element, if a gradient is wrong
   */
  public static void checkTraining(Module module, Tensor input) {
    checkTraining(module, input, DEFAULT_TOLERANCE);
  }

  /**
   * As {@link #checkTraining(Module, Tensor)}, with another tolerance.
   *
   * @throws AssertionError naming the module and its worst element, if a gradient is wrong
   * @throws IllegalArgumentException if the tolerance is not a positive number
   */
  public static void checkTraining(Module module, Tensor input, double tolerance) {
    Require.positive("tolerance", tolerance);
    Advice.without(new ModuleCheck(module, input, true, tolerance)::run);
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
    Require.positive("tolerance", tolerance);
    Advice.without(new LossCheck(loss, prediction, target, tolerance)::run);
  }
}
