package doppio.train;

import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.Optimizer;
import java.util.List;

/** Lets no gradient through that is not finite, or too large for the optimizer. */
final class GradientGuard {
  private final Module model;
  private final Optimizer optimizer;
  private final List<Parameter> optimized;

  GradientGuard(Module model, Optimizer optimizer, List<Parameter> optimized) {
    this.model = model;
    this.optimizer = optimizer;
    this.optimized = optimized;
  }

  /** Refuses gradients with an element that is not finite. */
  void requireFinite(int epoch, int batch) {
    require(Double.MAX_VALUE, epoch, batch);
  }

  /** Refuses gradients that the optimizer cannot take. */
  void requireUsable(int epoch, int batch) {
    require(optimizer.largestGradient(), epoch, batch);
  }

  private void require(double limit, int epoch, int batch) {
    for (Parameter p : optimized) {
      if (!p.isFrozen() && !p.hasGradientWithin(limit)) {
        throw refused(p, limit, epoch, batch);
      }
    }
  }

  private NonFiniteGradientException refused(Parameter p, double limit, int epoch, int batch) {
    double[] gradient = p.grad().data();
    int i = 0;
    while (Math.abs(gradient[i]) <= limit) {
      i++;
    }
    ParameterPlace place = ParameterPlace.of(model, p);
    String beyond =
        Double.isFinite(gradient[i]) ? ", beyond the " + limit + " of " + optimizer : "";
    return new NonFiniteGradientException(
        gradient[i],
        epoch,
        batch,
        place.path(),
        "the gradient of "
            + place.text()
            + " has "
            + gradient[i]
            + " at "
            + ParameterPlace.index(p, i)
            + beyond);
  }
}
