package doppio.internal;

/**
 * a · b + c, rounded once where the processor does that in one instruction.
 *
 * <p>Where it does not (x86 before 2013, or {@code -XX:UseAVX=0}) {@link Math#fma} gives the same
 * number by way of {@code BigDecimal}, a thousand times slower. Nobody could use that, so product
 * and sum are then rounded one after the other, and the promise of equal bits across machines is
 * dropped.
 */
public final class Fma {
  private static final int CALLS = 64;
  private static final int TRIALS = 5;

  /**
   * Between an interpreted instruction, 3 µs for so many calls, and arithmetic in software, 50 µs.
   */
  private static final long LIMIT_NANOS = 12_000;

  /**
   * Whether the processor has the instruction. Java does not tell, but time does: the fastest of a
   * few trials, which an interruption cannot make faster.
   */
  static final boolean FAST = fastestTrial() < LIMIT_NANOS;

  private Fma() {}

  /** a · b + c. */
  public static double fma(double a, double b, double c) {
    return FAST ? Math.fma(a, b, c) : a * b + c;
  }

  private static long fastestTrial() {
    long fastest = Long.MAX_VALUE;
    double x = 0.1;
    for (int trial = 0; trial < TRIALS; trial++) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        x = Math.fma(x, 0.7, 0.1);
      }
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    // x lies between 0.1 and 1; the comparison keeps the loop from being dropped.
    return x > 0 ? fastest : Long.MAX_VALUE;
  }
}
