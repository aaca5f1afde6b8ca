package doppio.attack;

import doppio.attack.Targets.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has gone wrong, each kind of fault once, with the first call that showed it. */
final class Findings {
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Example(String text, int[] count) {}

  private final Map<String, Example> kinds = new TreeMap<>();

  void add(Target target, Object receiver, Object[] arguments, String fault, Throwable thrown) {
    String key = target.code().getName() + ": " + kind(fault, thrown);
    Example example =
        kinds.computeIfAbsent(
            key, k -> new Example(example(target, receiver, arguments, thrown), new int[1]));
    example.count()[0]++;
  }

  /** Something wrong without a call. */
  void add(String what) {
    kinds.put(what, new Example("none", new int[1]));
  }

  /** A line of its own for each. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    kinds.forEach(
        (kind, example) ->
            lines.add(kind + "; " + example.count()[0] + " times, as in " + example.text()));
    return lines;
  }

  private static String kind(String fault, Throwable thrown) {
    return fault + " (" + thrown.getClass().getSimpleName() + place(thrown) + ")";
  }

  /** The method of the library that is nearest to where it was thrown. */
  private static String place(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(e -> e.getClassName().startsWith("doppio."))
        .filter(e -> !e.getClassName().startsWith("doppio.attack."))
        .findFirst()
        .map(e -> " in " + e.getClassName() + "." + e.getMethodName())
        .orElse("");
  }

  private static String example(
      Target target, Object receiver, Object[] arguments, Throwable thrown) {
    String call = target + "(" + Shown.text(arguments) + ")";
    String on = receiver == null ? "" : " on " + Shown.text(new Object[] {receiver});
    return (call + on + ": " + thrown).replaceAll("\\s+", " ");
  }
}
