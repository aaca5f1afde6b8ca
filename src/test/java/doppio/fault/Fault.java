package doppio.fault;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where memory can be too little: {@link FaultyClasses} has the library call this before everything
 * that takes some. The one call of all that is chosen throws, or that and all after it.
 */
public final class Fault {
  private static Thread watched;
  private static int[] sites = {};
  private static int count;
  private static int chosen;
  private static boolean lasts;
  private static boolean thrown;

  private Fault() {}

  /** A place of the library, or of a test, that takes memory. */
  @SuppressWarnings("ReferenceEquality") // The very thread.
  public static void point(int site) {
    if (Thread.currentThread() != watched) {
      return;
    }
    if (chosen < 0) {
      sites = count < sites.length ? sites : Arrays.copyOf(sites, 2 * count + 1024);
      sites[count] = site;
    } else if (count == chosen || (lasts && count > chosen)) {
      thrown = true;
      count++;
      throw new OutOfMemoryError("of a test");
    }
    count++;
  }

  /** Notes the places that are passed. */
  public static void record() {
    begin(-1, false);
  }

  /**
   * Throws at one of the places that are passed.
   *
   * @param call which one, counted from 0
   * @param goesOn whether to throw at all after it, too
   */
  public static void arm(int call, boolean goesOn) {
    begin(call, goesOn);
  }

  private static void begin(int call, boolean goesOn) {
    count = 0;
    chosen = call;
    lasts = goesOn;
    thrown = false;
    watched = Thread.currentThread();
  }

  /** Throws no more; returns whether anything was thrown. */
  public static boolean disarm() {
    watched = null;
    return thrown;
  }

  /** Of the calls that were noted the first and the last of each place. */
  public static int[] calls() {
    watched = null;
    Map<Integer, Integer> first = new HashMap<>();
    Map<Integer, Integer> last = new HashMap<>();
    for (int i = 0; i < count; i++) {
      first.putIfAbsent(sites[i], i);
      last.put(sites[i], i);
    }
    return Stream.of(first, last)
        .flatMap(calls -> calls.values().stream())
        .mapToInt(call -> call)
        .distinct()
        .sorted()
        .toArray();
  }
}
