package doppio.train;

import doppio.Tensor;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets no gradient through that is not finite, or too large for the optimizer, and takes a model's
 * buffers back to where they were before a batch that ends so.
 */
final class GradientGuard {
  private final Module model;
  private final Optimizer optimizer;
  private final List<Parameter> optimized;
  private final List<Tensor> buffers;
  private final List<double[]> before = new ArrayList<>();

  GradientGuard(Module model, Optimizer optimizer, List<Parameter> optimized) {
    this.model = model;
    this.optimizer = optimizer;
    this.optimized = optimized;
    buffers = List.copyOf(model.namedBuffers().values());
    buffers.forEach(b -> before.add(new double[b.size()]));
  }

  /** Remembers the buffers, before a batch moves them. */
  void rememberBuffers() {
    for (int i = 0; i < buffers.size(); i++) {
      double[] kept = before.get(i);
      System.arraycopy(buffers.get(i).data(), 0, kept, 0, kept.length);
    }
  }

  void putBuffersBack() {
    for (int i = 0; i < buffers.size(); i++) {
      double[] kept = before.get(i);
      System.arraycopy(kept, 0, buffers.get(i).data(), 0, kept.length);
    }
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
