package doppio.internal.threads;

import doppio.internal.CleanThread;
import doppio.internal.Log;
import doppio.internal.Log.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The library's threads, started when there is work for them. A caller shows its job to those that
 * are free, begins at once and takes the offer back when no part of it is left; it only ever waits
 * for a part that a worker is at.
 */
final class Workers {
  /** Multiply-adds that pay for starting one more thread. */
  private static final long WORTH_A_START = 1L << 23;

  private static final long START_AGAIN_NANOS = 5_000_000_000L;

  private static final AtomicReferenceArray<Worker> ALL =
      new AtomicReferenceArray<>(Parallel.THREADS - 1);

  /** How many threads are at large work: callers, and workers with an offer. */
  static final AtomicInteger SEATS = new AtomicInteger();

  private static final Gain GAIN = new Gain(ALL.length());

  private static final AtomicBoolean SAID = new AtomicBoolean();

  /** Until when no thread is started after one could not be, if {@link #SAID}. */
  private static volatile long startAgain;

  private Workers() {}

  /**
   * Runs the body over 0 … units with at most so many helpers, and fewer where other callers work:
   * more threads than processors would only take turns.
   */
  static void run(int units, long work, int most, Parallel.Body body) {
    int free = Parallel.THREADS - SEATS.incrementAndGet();
    try {
      int helpers = Math.min(free, most);
      if (helpers > 0) {
        helpers = Math.min(helpers, GAIN.helpers(System.nanoTime()));
      }
      if (helpers > 0) {
        share(units, work, helpers, body);
      } else {
        body.run(0, units);
      }
    } finally {
      leaveSeat();
    }
  }

  private static void share(int units, long work, int wanted, Parallel.Body body) {
    long start = System.nanoTime();
    Job job = new Job(units, wanted + 1, body);
    long mayStart = 1 + work / WORTH_A_START;
    int started = 0;
    int helpers = 0;
    for (int i = 0; i < ALL.length() && helpers < wanted; i++) {
      Worker worker = ALL.get(i);
      if (worker != null) {
        helpers += offer(worker, job) ? 1 : 0;
      } else if (started < mayStart && start(i, job)) {
        started++;
        helpers++;
      }
    }
    double alone = job.work(0);
    if (helpers > 0) {
      retract(job);
    }
    job.await();
    if (helpers > 0 && started == 0) {
      long end = System.nanoTime();
      GAIN.learn(helpers, alone / (end - start), end);
    }
  }

  private static boolean offer(Worker worker, Job job) {
    SEATS.incrementAndGet();
    if (worker.offer(job)) {
      return true;
    }
    leaveSeat();
    return false;
  }

  private static void retract(Job job) {
    for (int i = 0; i < ALL.length(); i++) {
      Worker worker = ALL.get(i);
      if (worker != null && worker.retract(job)) {
        leaveSeat();
      }
    }
  }

  /** A worker, or a caller, has come to the end of its work. */
  static void leaveSeat() {
    SEATS.decrementAndGet();
  }

  /** A worker has ended. */
  static void leave(Worker worker) {
    for (int i = 0; i < ALL.length(); i++) {
      ALL.compareAndSet(i, worker, null);
    }
  }

  /** Starts a worker with the job, where the process may have one more thread. */
  private static boolean start(int place, Job job) {
    if (SAID.get() && System.nanoTime() - startAgain < 0) {
      return false;
    }
    Worker worker = null;
    try {
      worker = new Worker(place + 1, job);
      if (!ALL.compareAndSet(place, null, worker)) {
        return false;
      }
      SEATS.incrementAndGet();
      CleanThread.startDaemon("doppio-".concat(Integer.toString(place + 1)), worker);
      return true;
    } catch (Throwable t) {
      if (worker != null && ALL.compareAndSet(place, worker, null)) {
        leaveSeat();
      }
      startAgain = System.nanoTime() + START_AGAIN_NANOS;
      if (SAID.compareAndSet(false, true)) {
        Log.say(Level.WARNING, "no thread to share large products with: ".concat(t.toString()));
      }
      return false;
    }
  }
}
