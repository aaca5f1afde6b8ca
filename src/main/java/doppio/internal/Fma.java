package doppio.internal;

/**
 * a · b + c, rounded once where the processor does that in one instruction.
 *
 * <p>Where it does not (x86 before 2013, or {@code -XX:UseAVX=0}) {@link Math#fma} gives the same
 * number by way of {@code BigDecimal}, a thousand times slower. Nobody could use that, so product
 * and sum are then rounded one after the other, and the promise of equal bits across machines is
 * dropped. {@code -Ddoppio.fma=true|false} says which it shall be, whatever the processor.
 */
public final class Fma {
  private static final String PROPERTY = Keys.of("fma");
  private static final int CALLS = 64;
  private static final int TRIALS = 5;

  /**
   * Between an interpreted instruction, 3 µs for so many calls, and arithmetic in software, 50 µs.
   */
  private static final long LIMIT_NANOS = 12_000;

  /** True or false, and how that was found out. */
  public static final String VERDICT = verdict();

  /** Whether products and sums are rounded once. */
  public static final boolean FAST = VERDICT.startsWith("true");

  private Fma() {}

  /** a · b + c. */
  public static double fma(double a, double b, double c) {
    return FAST ? Math.fma(a, b, c) : a * b + c;
  }

  /**
   * Refuses a setting that makes no sense.
   *
   * @throws IllegalArgumentException if it is neither true nor false
   */
  public static void checkSetting() {
    String given = System.getProperty(PROPERTY, "true");
    if (!given.equals("true") && !given.equals("false")) {
      throw new IllegalArgumentException("-D" + PROPERTY + " must be true or false, got " + given);
    }
  }

  private static String verdict() {
    String given = System.getProperty(PROPERTY);
    return given == null ? verdict(fastestTrial()) : given.concat(", as set");
  }

  /** A loaded machine can look slow, which would change every number; but none can look fast. */
  static String verdict(long nanos) {
    if (nanos < LIMIT_NANOS) {
      return "true, as measured";
    }
    String option = Jvm.option("UseFMA");
    return option == null ? "false, as measured" : option.concat(", as the JVM says");
  }

  /** Java does not tell, but time does: the fastest of a few, which nothing can make faster. */
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
