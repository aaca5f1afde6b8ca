package doppio.optim;

import static doppio.internal.Fma.fma;

import doppio.internal.Require;
import doppio.nn.Parameter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds on gradients, applied between the backward pass and the step.
 *
 * <p>Parameters without a gradient are left alone; one that is listed twice counts once.
 *
 * <p>Source: Pascanu et al., "On the difficulty of training recurrent neural networks" (2013),
 * algorithm 1; {@code torch.nn.utils.clip_grad_norm_} and {@code clip_grad_value_}.
 */
public final class GradientClip {
  /** Keeps the quotient finite where all gradients are zero; PyTorch's number. */
  private static final double TINY = 1e-6;

  /** Below this sum of squares, and for 0, some of them may have been lost. */
  private static final double SMALLEST_SUM = 1e-280;

  private GradientClip() {}

  /**
   * Scales all gradients by the same factor, max / (norm + 1e-6), if it is below 1. The norm is the
   * Euclidean one of all gradients as one vector.
   *
   * <p>As in PyTorch, with a finite max an infinite norm makes finite gradients zero, and a norm
   * that is NaN makes all of them NaN. Whether somebody has looked at a gradient does not change
   * the norm.
   *
   * @param max the largest norm that is let through; infinity lets everything through
   * @return the norm before
   * @throws IllegalArgumentException if max is negative or NaN
   */
  public static double norm(List<Parameter> parameters, double max) {
    Require.notNegative("max", max);
    Require.noNull("parameters", parameters);
    Set<Parameter> distinct = new LinkedHashSet<>(parameters);
    double sum = 0;
    for (Parameter parameter : distinct) {
      sum += parameter.gradientSquares();
    }
    double norm = Math.sqrt(sum);
    double factor = max / (norm + TINY);
    if (!(sum >= SMALLEST_SUM && sum <= Double.MAX_VALUE)) {
      // The squares do not fit a double: measured in units of the largest element they do.
      double largest = largest(distinct);
      double root = largest > 0 && largest <= Double.MAX_VALUE ? root(distinct, largest) : 1;
      norm = largest * root;
      factor = max / (largest + TINY / root) / root;
    }
    // ∞ / ∞ is no number, and infinity is to let everything through.
    if (!(factor >= 1) && max < Double.POSITIVE_INFINITY) {
      for (Parameter parameter : distinct) {
        parameter.scaleGradient(factor);
      }
    }
    return norm;
  }

  /** The largest size of an element, NaN if one is. */
  private static double largest(Set<Parameter> parameters) {
    double largest = 0;
    for (Parameter parameter : parameters) {
      if (parameter.hasGradient()) {
        for (double g : parameter.grad().data()) {
          largest = Math.max(largest, Math.abs(g));
        }
      }
    }
    return largest;
  }

  /** The norm in units of the largest element. */
  private static double root(Set<Parameter> parameters, double unit) {
    double sum = 0;
    for (Parameter parameter : parameters) {
      if (parameter.hasGradient()) {
        for (double g : parameter.grad().data()) {
          double ratio = g / unit;
          sum = fma(ratio, ratio, sum);
        }
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * Clamps every element of the gradients to [−limit, limit]; NaN stays NaN.
   *
   * @throws IllegalArgumentException if the limit is negative or NaN
   */
  public static void value(List<Parameter> parameters, double limit) {
    Require.notNegative("limit", limit);
    Require.noNull("parameters", parameters);
    for (Parameter parameter : parameters) {
      if (parameter.hasGradient()) {
        clamp(parameter.accumulator().data(), limit);
      }
    }
  }

  private static void clamp(double[] g, double limit) {
    for (int i = 0; i < g.length; i++) {
      g[i] = Math.max(-limit, Math.min(limit, g[i]));
    }
  }
}
