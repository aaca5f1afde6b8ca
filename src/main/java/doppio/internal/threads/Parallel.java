package doppio.internal.threads;

import doppio.internal.Keys;
import java.util.function.IntConsumer;

/**
 * Splits a range over a few daemon threads and the caller. The caller takes part and needs nobody
 * else: where the workers are busy, for other callers perhaps, it does all the parts itself, so
 * calls from any thread, of any kind and number, come to an end.
 *
 * <p>What is split, outputs or samples, the kernels say: see {@code Forward}, {@code InputGradient}
 * and {@code WeightGradient} of either package. {@link Workers} chooses how many parts, {@link Job}
 * where they begin.
 */
public final class Parallel {
  /** What is done with a part of the range. Parts are independent of each other. */
  public interface Body {
    void run(int from, int to);
  }

  private static final String PROPERTY = Keys.of("threads");

  /** At least 1; a setting that makes no sense is complained of elsewhere. */
  public static final int THREADS = threadsOrOne();

  /** Multiply-adds, or as slow a work, that pay for waking a thread: about 50 µs of one core. */
  private static final long WORTHWHILE = 1L << 20;

  private Parallel() {}

  /**
   * Whether so much work stays on the caller. Who asks first need not make a body: the first of an
   * application costs it 20 ms.
   */
  public static boolean alone(long work) {
    return THREADS == 1 || work < WORTHWHILE;
  }

  /**
   * Runs the body over 0 … units, in parts if the whole work is large enough.
   *
   * @param work the number of multiply-adds, about
   */
  public static void run(int units, long work, Body body) {
    if (alone(work) || units < 2) {
      body.run(0, units);
    } else {
      Workers.run(units, work, (int) Math.min(work / WORTHWHILE, units - 1), body);
    }
  }

  /** Does units 0 … n − 1, which pay at any number, in any order, some at once. */
  public static void each(int units, IntConsumer unit) {
    run(
        units,
        Long.MAX_VALUE,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            unit.accept(i);
          }
        });
  }

  /**
   * How many threads work at once: {@code -Ddoppio.threads}, or the processors that the JVM sees.
   *
   * @throws IllegalArgumentException if the setting is not a whole number of at least 1
   */
  public static int threads() {
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
}
