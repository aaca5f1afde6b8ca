package doppio.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import doppio.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares, and counts what has been compared, by bounds and by the classes whose tests compare. A
 * comparison is that of one tensor or array.
 */
public final class Tally {
  private static final Map<Bound, Tally> TALLIES = new EnumMap<>(Bound.class);

  /** Of each class of tests: all comparisons, and the worst error of those of one pass. */
  private static final Map<String, Tally> OF_CLASSES = new TreeMap<>();

  private static final StackWalker STACK = StackWalker.getInstance();
  private static final Set<Class<?>> COVERED = new HashSet<>();

  /** How far a may be from b: |a − b| ≤ tolerance · max(1, |b|). */
  public enum Bound {
    BITS(0),
    ONE_PASS(1e-12),
    TWO_HUNDRED_STEPS(1e-9),
    NORMAL_NUMBERS(1e-14),
    SINGLE_NORMAL_NUMBERS(1e-6),
    SINGLE_PRECISION(1e-5);

    private final double tolerance;

    Bound(double tolerance) {
      this.tolerance = tolerance;
    }
  }

  private long comparisons;
  private long numbers;
  private double worst;
  private String worstAt = "";

  private Tally() {}

  /** The same names and shapes, and every number within the bound. */
  public static void compare(
      String what, Map<String, Tensor> actual, Map<String, Tensor> expected, Bound bound) {
    assertThat(actual.keySet()).as(what).isEqualTo(expected.keySet());
    expected.forEach((name, b) -> compare(what + " " + name, actual.get(name), b, bound));
  }

  /** The same shape, and every number within the bound. */
  public static void compare(String what, Tensor actual, Tensor expected, Bound bound) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    compare(what, actual.data(), expected.data(), bound);
  }

  /** The same length, and every number within the bound. */
  public static void compare(String what, double[] actual, double[] expected, Bound bound) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    Tally tally = TALLIES.computeIfAbsent(bound, b -> new Tally());
    Tally ofClass = OF_CLASSES.computeIfAbsent(testClass(), c -> new Tally());
    tally.count(actual.length);
    ofClass.count(actual.length);
    for (int i = 0; i < actual.length; i++) {
      double a = actual[i];
      double b = expected[i];
      double error = Double.compare(a, b) == 0 ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(b));
      if (!(error <= bound.tolerance) || (bound == Bound.BITS && Double.compare(a, b) != 0)) {
        fail("%s, number %d: %s here, %s in libtorch, %s apart", what, i, a, b, error);
      }
      tally.note(error, what, i);
      if (bound == Bound.ONE_PASS) {
        ofClass.note(error, what, i);
      }
    }
  }

  private static String testClass() {
    return STACK.walk(
        frames ->
            frames
                .map(frame -> frame.getClassName().replaceFirst(".*\\.", ""))
                .filter(name -> name.endsWith("Parity"))
                .findFirst()
                .orElse("others"));
  }

  private void count(int size) {
    comparisons++;
    numbers += size;
  }

  private void note(double error, String what, int i) {
    if (error > worst) {
      worst = error;
      worstAt = what + ", number " + i;
    }
  }

  /** Notes that a class has been compared. */
  public static void covers(Object subject) {
    COVERED.add(subject.getClass());
  }

  /** The classes that have been compared. */
  static Set<Class<?>> covered() {
    return COVERED;
  }

  /** The number of comparisons in all. */
  static long total() {
    return TALLIES.values().stream().mapToLong(t -> t.comparisons).sum();
  }

  /** The number of comparisons that some classes of tests have made. */
  static long by(String... tests) {
    return Arrays.stream(tests).mapToLong(name -> OF_CLASSES.get(name).comparisons).sum();
  }

  /** A line for each bound, then one for each class of tests. */
  static String report() {
    StringBuilder s = new StringBuilder();
    TALLIES.forEach(
        (bound, t) ->
            s.append(
                String.format(
                    Locale.ROOT,
                    "  %-22s %6d comparisons of %9d numbers, worst %.2g of %.0e %s%n",
                    bound,
                    t.comparisons,
                    t.numbers,
                    t.worst,
                    bound.tolerance,
                    t.worstAt.isEmpty() ? "" : "(" + t.worstAt + ")")));
    OF_CLASSES.forEach(
        (name, t) ->
            s.append(
                String.format(
                    Locale.ROOT,
                    "  %-22s %6d comparisons of %9d numbers, worst of one pass %.2g%n",
                    name,
                    t.comparisons,
                    t.numbers,
                    t.worst)));
    return s.toString();
  }
}
