package doppio.internal.threads;

/**
 * How many helpers pay, found out by experience: a JVM may see 64 processors where the machine
 * gives it two, or none that is free just now. Helpers that have to wait for a processor make
 * everybody wait.
 *
 * <p>Helpers have paid if the job was done at half the speed that so many threads could have. If
 * not three times in a row, half of them are asked from then on. After a while twice as many are
 * tried again: soon where that has paid before, after a second where it never has.
 */
final class Gain {
  /** Of the speed of one thread. A helper that slept too long to take part costs a little less. */
  private static final double LEAST = 0.85;

  /** So many times in a row helpers must not have paid: one interruption says nothing. */
  private static final int FAILURES = 3;

  private static final long SHORT_NANOS = 10_000_000;
  private static final long LONG_NANOS = 1_000_000_000;

  private final int most;
  private int limit;

  /** What has not paid last. */
  private int tooMany;

  private int failures;
  private long pause = SHORT_NANOS;
  private long raiseAt;

  Gain(int most) {
    this.most = most;
    limit = most;
    tooMany = most + 1;
  }

  /** How many to ask at most at the time {@code now}, in nanoseconds. */
  synchronized int helpers(long now) {
    if (limit < most && now - raiseAt >= 0) {
      limit = Math.min(most, 2 * limit + 1);
      failures = 0;
      raiseAt = now + pause;
    }
    return limit;
  }

  /** So many have helped, and all was done by {@code speed} times the speed of one thread. */
  synchronized void learn(int helpers, double speed, long now) {
    if (speed >= Math.max(LEAST, 0.5 * (helpers + 1))) {
      failures = 0;
      if (helpers >= tooMany) {
        pause = Math.max(pause / 2, SHORT_NANOS);
        raiseAt = Math.min(raiseAt - now, pause) + now;
      }
    } else if (++failures == FAILURES) {
      failures = 0;
      tooMany = helpers;
      limit = Math.min(limit, helpers / 2);
      pause = Math.min(2 * pause, LONG_NANOS);
      raiseAt = now + pause;
    }
  }
}
