package doppio.loss;

import static doppio.internal.Fma.fma;

import doppio.nn.Parameter;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The L2 penalty on parameters.
 *
 * <p>An optimizer's {@link doppio.optim.Optimizer#weightDecay} adds its gradient, λw; this is the
 * number to add to the loss where it is shown.
 */
public final class L2 {
  private L2() {}

  /**
   * (λ/2) Σ‖w‖², the sum over all elements of all parameters; a parameter that is listed twice
   * counts once. 0 for an empty list.
   *
   * @param lambda the penalty's weight
   * @param parameters what is kept small
   * @throws IllegalArgumentException if lambda is negative or not finite
   */
  public static double penalty(double lambda, List<Parameter> parameters) {
    if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("lambda must be finite and not negative, got " + lambda);
    }
    double sum = 0;
    for (Parameter parameter : new LinkedHashSet<>(parameters)) {
      for (double w : parameter.value().data()) {
        sum = fma(w, w, sum);
      }
    }
    return lambda / 2 * sum;
  }
}
