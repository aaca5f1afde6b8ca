package doppio.internal;

/**
 * How many helpers pay, found out by experience: a JVM may see 64 processors where the machine
 * gives it two, or none that is free just now. Helpers that have to wait for a processor make
 * everybody wait.
 *
 * <p>Helpers have paid if the job was done at half the speed that so many threads could have. If
 * not twice in a row, half of them are asked next time; from time to time, at least once a second,
 * twice as many are tried.
 */
final class Gain {
  /** Below that, the caller could as well have done it alone. */
  private static final double LEAST = 1.1;

  private static final long SHORT_NANOS = 10_000_000;
  private static final long LONG_NANOS = 1_000_000_000;

  private final int most;
  private int limit;
  private boolean failed;
  private long pause = SHORT_NANOS;
  private long tryAgain;

  Gain(int most) {
    this.most = most;
    limit = most;
  }

  /** How many to ask at most at the time {@code now}, in nanoseconds. */
  synchronized int helpers(long now) {
    return limit < most && now - tryAgain >= 0 ? Math.min(most, 2 * limit + 1) : limit;
  }

  /** So many have helped, and all was done by {@code speed} times the speed of one thread. */
  synchronized void learn(int helpers, double speed, long now) {
    if (speed >= Math.max(LEAST, 0.5 * (helpers + 1))) {
      failed = false;
      if (helpers > limit) {
        limit = helpers;
        pause = SHORT_NANOS;
      }
    } else if (helpers <= limit && !failed) {
      failed = true;
    } else {
      limit = Math.min(limit, helpers / 2);
      failed = false;
      tryAgain = now + pause;
      pause = Math.min(2 * pause, LONG_NANOS);
    }
  }
}
