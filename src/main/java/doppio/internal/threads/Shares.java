package doppio.internal.threads;

import java.util.function.IntConsumer;

/** Lets the library's threads share work that pays for it at any size: whole blocks of a batch. */
public final class Shares {
  private Shares() {}

  /** How many threads work at once. */
  public static int threads() {
    return Parallel.THREADS;
  }

  /** Does units 0 … n − 1, in any order, some at once; whatever one throws, the caller gets. */
  public static void run(int units, IntConsumer unit) {
    Parallel.run(
        units,
        Long.MAX_VALUE,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            unit.accept(i);
          }
        });
  }
}
