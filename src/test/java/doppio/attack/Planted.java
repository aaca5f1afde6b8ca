package doppio.attack;

import java.io.IOException;

/**
 * What a lambda, an object or a stream of the attack throws, so that its coming out is no fault.
 */
final class Planted extends RuntimeException {
  private static final long serialVersionUID = 1;

  Planted() {
    super("thrown by the attack");
  }

  /** The same of a stream. */
  static final class InStream extends IOException {
    private static final long serialVersionUID = 1;

    InStream() {
      super("thrown by the attack's stream");
    }
  }

  static boolean isBehind(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof Planted || t instanceof InStream) {
        return true;
      }
    }
    return false;
  }
}
