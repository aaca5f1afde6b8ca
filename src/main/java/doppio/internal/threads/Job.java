package doppio.internal.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A range in parts: whoever comes takes the next one. The caller comes first and leaves last. */
final class Job {
  /** How long a thread looks for what comes within microseconds before it sleeps. */
  static final long SPIN_NANOS = 50_000;

  private final int units;
  private final int part;
  private final int parts;
  private final Parallel.Body body;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private volatile Throwable failure;
  private volatile Thread sleeper;

  Job(int units, int wanted, Parallel.Body body) {
    this.units = units;
    this.body = body;
    int most = Math.min(units, wanted);
    part = (units + most - 1) / most;
    parts = (units + part - 1) / part;
  }

  /**
   * Works until no part is left to take. After a failure parts are only counted.
   *
   * @return the nanoseconds that the whole range would take one thread, by the fastest part
   */
  double work() {
    double fastest = Double.POSITIVE_INFINITY;
    int taken;
    while ((taken = next.getAndIncrement()) < parts) {
      int from = taken * part;
      int to = Math.min(from + part, units);
      try {
        if (failure == null) {
          long start = System.nanoTime();
          body.run(from, to);
          fastest = Math.min(fastest, (double) (System.nanoTime() - start) / (to - from));
        }
      } catch (Throwable t) {
        failure = t;
      } finally {
        finish();
      }
    }
    return fastest * units;
  }

  private void finish() {
    if (done.incrementAndGet() == parts) {
      LockSupport.unpark(sleeper);
    }
  }

  /**
   * Waits for the parts that others have taken, and throws what a part has thrown, of whatever kind
   * and undeclared. An interruption is for later.
   */
  void await() {
    boolean interrupted = false;
    long start = System.nanoTime();
    while (done.get() < parts) {
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
        continue;
      }
      sleeper = Thread.currentThread();
      if (done.get() < parts) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      Job.<RuntimeException>rethrow(failure);
    }
  }

  /** Java checks exceptions when it compiles, and this cast never. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    throw (T) failure;
  }
}
