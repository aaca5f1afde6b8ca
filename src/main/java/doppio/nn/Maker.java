package doppio.nn;

import java.io.Serializable;

/**
 * Makes a module (or a loss) from its parts: {@code Linear::new}, or {@code parts -> new
 * Residual(parts.child("body"))}. Serializable, so that another JVM can make one too.
 *
 * @param <T> what is made
 */
@FunctionalInterface
public interface Maker<T> extends Serializable {
  /** Makes one; draws no random number. */
  T make(Parts parts);
}
