package doppio.train;

/**
 * Runs one piece of work after the other, whatever each of them throws, and throws the first
 * failure in the end; the others are suppressed in it.
 */
final class Failures {
  private Throwable first;

  /** Runs it; a checked exception that is not declared, as Kotlin's are, counts too. */
  void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable t) {
      add(t);
    }
  }

  /** Takes a failure; without the memory to suppress it, the first one says what is the matter. */
  @SuppressWarnings("ReferenceEquality") // an exception must not be suppressed by itself
  void add(Throwable t) {
    if (first == null) {
      first = t;
    } else if (t != first) {
      try {
        first.addSuppressed(t);
      } catch (OutOfMemoryError e) {
        return;
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
