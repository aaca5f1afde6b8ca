package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.util.List;

/** 64 threads on one model, against the bits that one thread gets in a JVM of its own. */
final class ManyCallers implements Part {
  private static final String MODULES = "--add-modules";
  private static final String VECTOR = "jdk.incubator.vector";

  @Override
  public String name() {
    return "callers";
  }

  @Override
  public void run(Report report, double minutes) {
    long seconds = Math.round(minutes * 60 / 30);
    for (boolean vector : new boolean[] {false, true}) {
      report.add(
          name(),
          "64 threads on four models, "
              + (vector ? "vector" : "plain")
              + " kernels, 2 threads of work",
          () -> ask(seconds, vector));
    }
  }

  private static Outcome ask(long seconds, boolean vector) {
    List<String> alone = List.of("-Ddoppio.threads=1", "-Ddoppio.kernels=scalar");
    List<String> together =
        vector
            ? List.of("-Ddoppio.threads=2", MODULES, VECTOR, "-Ddoppio.kernels=vector")
            : List.of("-Ddoppio.threads=2", "-Ddoppio.kernels=scalar");
    String expected = answered(0, alone).get(0);
    List<String> found = answered(seconds, together);
    String[] counts = found.get(1).split(" ", -1);
    if (!found.get(0).equals(expected) || !counts[1].equals("0") || counts[0].equals("0")) {
      throw new AssertionError("expected the bits " + expected + " and no wrong answer: " + found);
    }
    return new Outcome(
        "%d s, %,d answers".formatted(seconds, Long.parseLong(counts[0])),
        "all bits of one thread");
  }

  private static List<String> answered(long seconds, List<String> options) {
    Result result =
        ChildJvm.runFor(seconds + 240, CallersProgram.class, options, Long.toString(seconds));
    if (result.exit() != 0 || result.output().size() != 2) {
      throw new AssertionError(result);
    }
    return result.output();
  }
}
