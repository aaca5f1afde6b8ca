package doppio.internal;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Splits a range over a few daemon threads and the caller. The caller takes part and needs nobody
 * else: where the workers are busy, for other callers perhaps, it does all the parts itself, so
 * calls from any thread, of any kind and number, come to an end.
 */
final class Parallel {
  /** What is done with a part of the range. Parts are independent of each other. */
  interface Body {
    void run(int from, int to);
  }

  private static final String PROPERTY = "doppio.threads";

  /** At least 1; a setting that makes no sense is complained of elsewhere. */
  static final int THREADS = threadsOrOne();

  /** Multiply-adds, or as slow a work, that pay for waking a thread: about 50 µs of one core. */
  private static final long WORTHWHILE = 1L << 20;

  /** Parts for each thread: enough to even out a thread that starts late or is interrupted. */
  private static final int PARTS_PER_THREAD = 4;

  private static final int SPINS = 2_000;
  private static final long NAP_NANOS = 20_000;
  private static final LinkedTransferQueue<Job> JOBS = new LinkedTransferQueue<>();

  private Parallel() {}

  /**
   * Whether so much work stays on the caller. Who asks first need not make a body: the first of an
   * application costs it 20 ms.
   */
  static boolean alone(long work) {
    return THREADS == 1 || work < WORTHWHILE;
  }

  /**
   * Runs the body over 0 … units, in parts if the whole work is large enough.
   *
   * @param work the number of multiply-adds, about
   */
  static void run(int units, long work, Body body) {
    if (alone(work) || units < 2) {
      body.run(0, units);
      return;
    }
    Job job = new Job(units, body);
    Workers.call(job);
    job.work();
    job.await();
  }

  /**
   * How many threads work at once: {@code -Ddoppio.threads}, or the processors that the JVM sees.
   *
   * @throws IllegalArgumentException if the setting is not a whole number of at least 1
   */
  static int threads() {
    String given = System.getProperty(PROPERTY);
    if (given == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (!given.matches("0*[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + " must be a whole number from 1 to 9999, got " + given);
    }
    return Integer.parseInt(given);
  }

  private static int threadsOrOne() {
    try {
      return threads();
    } catch (IllegalArgumentException e) {
      return 1;
    }
  }

  /** A range in parts: whoever comes takes the next one. */
  private static final class Job {
    private final int units;
    private final int part;
    private final int parts;
    private final Body body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(int units, Body body) {
      this.units = units;
      this.body = body;
      int wanted = Math.min(units, THREADS * PARTS_PER_THREAD);
      part = (units + wanted - 1) / wanted;
      parts = (units + part - 1) / part;
    }

    void work() {
      int taken;
      while ((taken = next.getAndIncrement()) < parts) {
        int from = taken * part;
        try {
          body.run(from, Math.min(from + part, units));
        } catch (Throwable t) {
          failure = t;
        }
        done.incrementAndGet();
      }
    }

    void await() {
      for (int spins = 0; done.get() < parts; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(NAP_NANOS);
        }
      }
      if (failure instanceof RuntimeException) {
        throw (RuntimeException) failure;
      }
      if (failure instanceof Error) {
        throw (Error) failure;
      }
    }
  }

  /** The threads, started by the first job. */
  private static final class Workers {
    static {
      for (int i = 1; i < THREADS; i++) {
        Thread t = new Thread(Workers::loop, "doppio-" + i);
        t.setDaemon(true);
        t.setContextClassLoader(null);
        t.start();
      }
    }

    static void call(Job job) {
      int helpers = Math.min(THREADS - 1, job.parts - 1);
      for (int i = 0; i < helpers; i++) {
        JOBS.offer(job);
      }
    }

    private static void loop() {
      while (true) {
        Job job = null;
        // The next product of a training step comes within microseconds: cheaper than a sleep.
        for (int spins = 0; job == null && spins < SPINS; spins++) {
          job = JOBS.poll();
          Thread.onSpinWait();
        }
        try {
          if (job == null) {
            job = JOBS.take();
          }
          job.work();
        } catch (InterruptedException e) {
          // Nobody has a reason to interrupt a worker; it goes on.
        }
      }
    }
  }
}
