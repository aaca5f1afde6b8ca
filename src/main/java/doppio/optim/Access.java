package doppio.optim;

import doppio.Tensor;
import doppio.internal.OptimizerAccess;
import java.util.Map;

/** This package's side of what it does for the library's own training loop alone. */
final class Access extends OptimizerAccess {
  @Override
  public Runnable read(Object owner, Map<String, Tensor> state) {
    return owner instanceof Optimizer optimizer
        ? optimizer.read(state)
        : ((Scheduler) owner).read(state);
  }

  @Override
  public boolean isHalfMade(Object optimizer) {
    return ((Optimizer) optimizer).plain.halfMade;
  }

  @Override
  public void reapply(Object scheduler) {
    ((Scheduler) scheduler).reapply();
  }
}
