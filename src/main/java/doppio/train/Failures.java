package doppio.train;

/**
 * Runs one piece of work after the other, whatever each of them throws, and throws the first
 * failure in the end; the others are suppressed in it.
 */
final class Failures {
  private Throwable first;

  /** Runs it; a checked exception that is not declared, as Kotlin's are, counts too. */
  @SuppressWarnings("ReferenceEquality") // an exception must not be suppressed by itself
  void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable t) {
      if (first == null) {
        first = t;
      } else if (t != first) {
        first.addSuppressed(t);
      }
    }
  }

  /** Whether something has failed. */
  boolean any() {
    return first != null;
  }

  /** Throws the first failure as it came, if there is one. */
  void rethrow() {
    if (first != null) {
      Failures.<RuntimeException>rethrow(first);
    }
  }

  @SuppressWarnings("unchecked") // erased: the exception goes on as what it is
  private static <E extends Throwable> void rethrow(Throwable failure) throws E {
    throw (E) failure;
  }
}
