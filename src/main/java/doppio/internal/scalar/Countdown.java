package doppio.internal.scalar;

/**
 * Adds up the work of products, in multiply-adds, and says when it is enough. Threads at once may
 * lose some of it or say so twice.
 */
public final class Countdown {
  /** Never says anything. */
  static final Countdown NONE = new Countdown(0, null);

  private final Runnable enough;
  private long left;

  /** Runs {@code enough} on the thread whose product makes up that much work, before it begins. */
  public Countdown(long work, Runnable enough) {
    left = work;
    this.enough = enough;
  }

  void see(long work) {
    if (left > 0) {
      left -= work;
      if (left <= 0) {
        enough.run();
      }
    }
  }
}
