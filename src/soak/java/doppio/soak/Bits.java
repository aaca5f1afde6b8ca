package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One program in many JVMs: all of its lines are those of this JVM's kind with one thread and the
 * plain kernels. A JVM without a fused multiply-add says so in its log, and has the bits of all of
 * that kind.
 */
final class Bits {
  /** A training that threads and blocks have a share in. */
  static final String[] WHOLE = {"301", "200", "20"};

  /** For processors that are imitated. */
  static final String[] HALF = {"101", "64", "5"};

  /** For JVMs that compile little or nothing. */
  static final String[] SMALL = {"17", "16", "1"};

  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");
  private static final String NO_FMA = "fused multiply-add: false";
  private static final long SECONDS = 1200;
  private static final int AT_ONCE = Math.min(2, Runtime.getRuntime().availableProcessors());

  /** What is expected, by the arguments and by whether there is a fused multiply-add. */
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();

  /** A JVM with its options. */
  record Child(Path home, List<String> options) {
    Result run(String... arguments) {
      return ChildJvm.runFor(SECONDS, home, BitsProgram.class, options, arguments);
    }
  }

  private Bits() {}

  /** A JVM that has the Vector API and one that has not, each with so many threads. */
  static List<Child> both(Path home, int threads, String... options) {
    List<String> plain = new ArrayList<>(List.of(options));
    plain.add("-Ddoppio.threads=" + threads);
    List<String> vectors = new ArrayList<>(VECTORS);
    vectors.addAll(plain);
    return List.of(new Child(home, plain), new Child(home, vectors));
  }

  /** Runs the program in all of the JVMs and compares what comes. */
  static Outcome compare(List<Child> children, String... arguments)
      throws InterruptedException, ExecutionException {
    TreeSet<String> jvms = new TreeSet<>();
    TreeSet<String> refusals = new TreeSet<>();
    TreeSet<String> words = new TreeSet<>();
    int equal = 0;
    Child first = new Child(ChildJvm.running(), List.of("-Ddoppio.threads=1"));
    List<Child> all = new ArrayList<>(children);
    if (!EXPECTED.containsKey(Arrays.toString(arguments) + true)) {
      all.add(0, first);
    }
    for (Map.Entry<Child, Result> one : run(all, arguments)) {
      Child child = one.getKey();
      Result result = one.getValue();
      if (result.exit() != 0) {
        throw new AssertionError(child + ": " + result);
      }
      String word =
          result.errors().stream()
              .filter(line -> line.contains(NO_FMA))
              .map(line -> line.substring(line.indexOf(NO_FMA)))
              .findFirst()
              .orElse(null);
      String refused = refused(child, result);
      if (refused != null) {
        refusals.add(refused);
        continue;
      }
      checkLines(child, result, Arrays.toString(arguments) + (word == null));
      if (!child.equals(first) || children.contains(first)) {
        jvms.add(kind(result));
        equal += word == null ? 1 : 0;
        words.add(word == null ? "" : word);
      }
    }
    words.remove("");
    if (jvms.isEmpty()) {
      return Outcome.notRun("the JVM took " + String.join(", ", refusals));
    }
    String result = equal > 0 ? "equal bits" : "";
    if (!words.isEmpty()) {
      result +=
          (equal > 0 ? "; " : "")
              + "bits of their own, all alike, and the log says so: \""
              + words.first()
              + "\"";
    }
    return new Outcome(String.join(", ", jvms), result);
  }

  private static List<Map.Entry<Child, Result>> run(List<Child> children, String... arguments)
      throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Result>> running = new ArrayList<>();
      for (Child child : children) {
        running.add(executor.submit(() -> child.run(arguments)));
      }
      List<Map.Entry<Child, Result>> results = new ArrayList<>();
      for (int i = 0; i < children.size(); i++) {
        results.add(Map.entry(children.get(i), running.get(i).get()));
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  private static void checkLines(Child child, Result result, String kind) {
    List<String> lines =
        result.output().stream().filter(line -> !line.startsWith(BitsProgram.OF_THE_JVM)).toList();
    List<String> expected = EXPECTED.computeIfAbsent(kind, k -> lines);
    List<String> wrong = new ArrayList<>(lines);
    wrong.removeAll(expected);
    if (!wrong.isEmpty() || lines.size() != expected.size()) {
      throw new AssertionError(child + ": other bits: " + wrong);
    }
  }

  /** What the JVM has instead of an option that it was given, or null. */
  private static String refused(Child child, Result result) {
    for (String option : child.options()) {
      String setting =
          option.startsWith("-XX:+")
              ? option.substring(5) + "=true"
              : option.startsWith("-XX:-")
                  ? option.substring(5) + "=false"
                  : option.replace("-XX:", "");
      String name = setting.replaceFirst("=.*", "=");
      for (String line : result.output()) {
        String found = line.replace(BitsProgram.OF_THE_JVM, "");
        if (found.startsWith(name) && !found.equals(setting)) {
          return found;
        }
      }
    }
    return null;
  }

  /** The version of Java and the kernels. */
  private static String kind(Result result) {
    String all = String.join("\n", result.output());
    String version = all.replaceFirst("(?s).*jvm version=(\\S+).*", "$1");
    return version + (all.contains("VectorKernels") ? " vector" : " plain");
  }
}
