package doppio.soak;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import doppio.internal.ServerProgram;
import doppio.train.LongTrainingProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an application server does to a library: the scenes of the tests, longer. */
final class Server implements Part {
  /** More than a scene takes on a machine that is busy with other things. */
  private static final long SECONDS = 1800;

  @Override
  public String name() {
    return "server";
  }

  @Override
  public void run(Report report, double minutes) {
    int times = (int) Math.max(1, Math.round(minutes));
    int churn = 60 * times;
    int answers = 400 * times;
    int loads = 20 * times;
    scene(
        report,
        "threads that come and go, `-Xmx256m`",
        "churn",
        churn,
        "-Xmx256m",
        churn + " answers");
    // Each of 64 answers under way has a megabyte of hidden outputs: 64 MB would not hold them all.
    scene(report, "64 callers, `-Xmx256m`", "callers", answers, "-Xmx256m", answers + " answers");
    report.add(name(), "a virtual thread for each request, `-Xmx64m`", () -> virtual(answers));
    scene(
        report,
        "a full heap, `-Xmx32m`, 3 threads",
        "full",
        2 * times,
        "-Xmx32m",
        "3 threads",
        "3 threads");
    scene(report, "loaded and dropped, `-Xmx64m`", "load", loads, "-Xmx64m", loads + " gone");
    report.add(name(), "ten million steps of a training, `-Xmx64m`", Server::steps);
    report.add(name(), "no thread can be started (`ulimit -v`)", Server::limited);
  }

  private void scene(
      Report report, String what, String scene, int count, String heap, String... lines) {
    report.add(
        name(),
        what,
        () -> {
          List<String> options = List.of(heap, "-Ddoppio.threads=3");
          return done(
              ChildJvm.runFor(
                  SECONDS, ServerProgram.class, options, scene, Integer.toString(count)),
              count,
              lines);
        });
  }

  private static Outcome virtual(int requests) {
    Path home =
        ChildJvm.installed().stream()
            .filter(installed -> ChildJvm.version(installed) >= 21)
            .findFirst()
            .orElse(null);
    if (home == null) {
      return Outcome.notRun("no Java from 21 on is installed");
    }
    List<String> options = List.of("-Xmx64m", "-Ddoppio.threads=2");
    return done(
        ChildJvm.runFor(
            SECONDS, home, ServerProgram.class, options, "virtual", Integer.toString(requests)),
        requests,
        requests + " answers");
  }

  private static Outcome steps() {
    Result result =
        ChildJvm.runFor(
            SECONDS, LongTrainingProgram.class, List.of("-Xmx64m", "-Ddoppio.threads=1"));
    if (result.exit() != 0 || !result.output().get(0).equals("10000000")) {
      throw new AssertionError(result);
    }
    return new Outcome("10,000,000 steps", "came to their end");
  }

  private static Outcome limited() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Outcome.notRun("limits are set as Linux has them");
    }
    return done(ServerProgram.runWithoutThreads(), 20, "20 answers from 1 thread", "2 threads");
  }

  /** The outcome of a scene that says these lines and is done: anything else has failed. */
  private static Outcome done(Result result, int count, String... lines) {
    List<String> expected = new ArrayList<>(List.of(lines));
    expected.add("done");
    if (result.exit() != 0 || !result.output().equals(expected)) {
      throw new AssertionError(result);
    }
    return new Outcome("%,d times".formatted(count), String.join("; ", expected));
  }
}
