package doppio.internal.threads;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that helps callers. A job is only offered to it while it has nothing to do, and taken
 * back where it has not begun, so that it holds on to none that is over. Without a job for a second
 * it ends, and with it what a thread keeps alive: the classes of the library.
 */
final class Worker implements Runnable {
  private static final long IDLE_NANOS = 1_000_000_000;

  /** In the place of an offer: at work. */
  private static final Job BUSY = new Job(1, 1, null);

  /** In the place of an offer: at an end. */
  private static final Job ENDED = new Job(1, 1, null);

  /** From 1 on. */
  private final int number;

  /** Null: free. */
  private final AtomicReference<Job> offered;

  private volatile Thread sleeper;

  /** A worker that is to begin with this job. */
  Worker(int number, Job first) {
    this.number = number;
    offered = new AtomicReference<>(first);
  }

  /** Offers a job, if the worker is free. */
  boolean offer(Job job) {
    if (!offered.compareAndSet(null, job)) {
      return false;
    }
    LockSupport.unpark(sleeper);
    return true;
  }

  /** Takes the offer of a job back, if the worker has not begun. */
  boolean retract(Job job) {
    return offered.get() == job && offered.compareAndSet(job, null);
  }

  @Override
  public void run() {
    try {
      while (isOffered()) {
        serve();
      }
    } finally {
      Workers.leave(this);
    }
  }

  /** A method of its own: nothing of the job stays in a frame of a thread that waits. */
  private void serve() {
    Job job = offered.get();
    if (job != null && offered.compareAndSet(job, BUSY)) {
      job.work(number);
      Workers.leaveSeat();
      offered.set(null);
    }
  }

  /**
   * Waits for a job, false if none has come for long. Who was woken too late for one stays awake a
   * little for the next.
   */
  private boolean isOffered() {
    long slept;
    do {
      for (long start = System.nanoTime(); System.nanoTime() - start < Job.SPIN_NANOS; ) {
        if (offered.get() != null) {
          return true;
        }
        Thread.onSpinWait();
      }
      slept = sleep();
    } while (slept < IDLE_NANOS || !offered.compareAndSet(null, ENDED));
    return false;
  }

  /** For how long, in nanoseconds. */
  private long sleep() {
    long start = System.nanoTime();
    sleeper = Thread.currentThread();
    if (offered.get() == null) {
      LockSupport.parkNanos(this, IDLE_NANOS);
    }
    sleeper = null;
    // Nobody has a reason to interrupt a worker, which could not sleep with that.
    Thread.interrupted();
    return System.nanoTime() - start;
  }
}
