package doppio.loss;

import doppio.internal.Require;
import doppio.internal.Total;
import doppio.nn.Parameter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
    Require.finiteNotNegative("lambda", lambda);
    Require.noNull("parameters", parameters);
    Set<Parameter> each = new LinkedHashSet<>(parameters);
    Total squares = new Total(each.stream().mapToLong(p -> p.value().size()).sum());
    for (Parameter parameter : each) {
      for (double w : parameter.value().data()) {
        squares.addSquare(w);
      }
    }
    return lambda / 2 * squares.value();
  }
}
