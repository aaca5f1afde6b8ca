package doppio.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the library under stress for minutes or hours, and writes a page of what came of it.
 *
 * <p>One training runs all the time, beside it everything else, one after the other.
 */
final class Soak {
  private static final Part TRAINING = new LongTraining();
  private static final List<Part> OTHERS =
      List.of(
          new SameBits(),
          new OtherProcessor(),
          new ManyCallers(),
          new Server(),
          new Kills(),
          new FullDisk());

  private Soak() {}

  /** The arguments are how many minutes, the page, and names of parts: all if there are none. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    double minutes = Double.parseDouble(arguments[0]);
    Path page = Path.of(arguments[1]);
    List<String> names = new ArrayList<>(List.of(TRAINING.name()));
    OTHERS.forEach(part -> names.add(part.name()));
    Set<String> wanted = new LinkedHashSet<>(names);
    if (arguments.length > 2) {
      wanted.retainAll(Arrays.asList(arguments[2].split(",", -1)));
      if (wanted.isEmpty()) {
        throw new IllegalArgumentException("expected some of " + names + ", got " + arguments[2]);
      }
    }
    Runnable end = () -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(new Thread(end, "end of children"));
    Report report = new Report(page, machine(), names, wanted, arguments[0]);
    Thread training = wanted.contains(TRAINING.name()) ? start(report, minutes) : null;
    for (Part part : OTHERS) {
      if (wanted.contains(part.name())) {
        part.run(report, minutes);
      }
    }
    if (training != null) {
      training.join();
    }
    if (report.failures() > 0) {
      System.out.println(report.failures() + " failed: see " + page);
      System.exit(1);
    }
  }

  private static Thread start(Report report, double minutes) {
    Thread thread =
        new Thread(
            () -> {
              try {
                TRAINING.run(report, minutes);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            },
            "training");
    thread.start();
    return thread;
  }

  private static String machine() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    String processor = System.getProperty("os.arch");
    if (Files.exists(info)) {
      processor =
          Files.readAllLines(info).stream()
              .filter(line -> line.startsWith("model name"))
              .findFirst()
              .map(line -> line.substring(line.indexOf(':') + 2))
              .orElse(processor);
    }
    return "The last run was on %d processors of the kind %s, under %s %s."
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor,
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }
}
