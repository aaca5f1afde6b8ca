package doppio.internal;

import doppio.Tensor;
import java.util.Map;

/**
 * What {@code doppio.optim} does for the library's own training loop and for nobody else. It hands
 * in its side when an optimizer's class is loaded, so whoever has an optimizer may ask.
 *
 * <p>Optimizers and schedulers are handed over as objects, because this package knows nothing of
 * them.
 */
public abstract class OptimizerAccess {
  private static volatile OptimizerAccess access;

  /** For {@code doppio.optim}. */
  protected OptimizerAccess() {}

  /** Hands in the other side. */
  public static void open(OptimizerAccess other) {
    access = other;
  }

  /** The other side. */
  public static OptimizerAccess get() {
    return access;
  }

  /**
   * Checks a state as {@code loadStateDict} does, and changes nothing.
   *
   * @param owner an optimizer or a scheduler
   * @return what makes the owner's state the one read; it cannot fail
   * @throws IllegalArgumentException if the state does not fit
   */
  public abstract Runnable read(Object owner, Map<String, Tensor> state);

  /** Whether an optimizer's last step has changed some of its parameters and not all. */
  public abstract boolean isHalfMade(Object optimizer);

  /** Sets a scheduler's rates again where another scheduler has set one since. */
  public abstract void reapply(Object scheduler);
}
