package doppio.internal.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A range that threads share. Each has a share of its own and takes part after part of it, then of
 * those of others: who does the same share of a product after the other finds its operands in its
 * cache, and who comes late keeps nobody waiting. The caller comes first and leaves last.
 */
final class Job {
  /** How long a thread looks for what comes within microseconds before it sleeps. */
  static final long SPIN_NANOS = 50_000;

  /** Parts of a share, of which the last is taken in smaller ones. */
  private static final int PARTS = 4;

  /** The smallest part is no smaller than the largest by more than this. */
  private static final int SHRINKS = 8;

  private final int units;
  private final int shares;
  private final int part;
  private final int least;
  private final Parallel.Body body;

  /** What of each share is not taken begins here. */
  private final AtomicIntegerArray next;

  private final AtomicInteger done = new AtomicInteger();
  private volatile Throwable failure;
  private volatile Thread sleeper;

  Job(int units, int threads, Parallel.Body body) {
    this.units = units;
    this.body = body;
    shares = Math.min(units, threads);
    part = (units - 1) / (shares * PARTS) + 1;
    least = (part - 1) / SHRINKS + 1;
    next = new AtomicIntegerArray(shares);
    for (int share = 0; share < shares; share++) {
      next.set(share, end(share - 1));
    }
  }

  private int end(int share) {
    return (int) ((long) units * (share + 1) / shares);
  }

  /**
   * Works until no part is left to take. After a failure parts are only counted.
   *
   * @param thread the caller is thread 0; who has the same number takes the same share first
   * @return the nanoseconds that the whole range would take one thread, by the fastest part
   */
  double work(int thread) {
    double fastest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < shares; i++) {
      int share = (thread + i) % shares;
      int end = end(share);
      int from;
      while ((from = next.get(share)) < end) {
        int left = end - from;
        int size = Math.min(left, Math.max(least, Math.min(part, left / 2)));
        if (next.compareAndSet(share, from, from + size)) {
          fastest = Math.min(fastest, run(from, from + size));
        }
      }
    }
    return fastest * units;
  }

  /** How long a unit takes, as far as such a part says so. */
  private double run(int from, int to) {
    try {
      if (failure == null) {
        long start = System.nanoTime();
        body.run(from, to);
        long nanos = System.nanoTime() - start;
        return to - from < part ? Double.POSITIVE_INFINITY : (double) nanos / (to - from);
      }
    } catch (Throwable t) {
      failure = t;
    } finally {
      finish(to - from);
    }
    return Double.POSITIVE_INFINITY;
  }

  private void finish(int size) {
    if (done.addAndGet(size) == units) {
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
    while (done.get() < units) {
      if (System.nanoTime() - start < SPIN_NANOS) {
        Thread.onSpinWait();
        continue;
      }
      sleeper = Thread.currentThread();
      if (done.get() < units) {
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
