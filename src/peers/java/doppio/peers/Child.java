package doppio.peers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the process of {@link OneRun}, and reads what it prints. */
final class Child {
  private static final Path LOGS = Path.of("target/peers");

  /** The JDK from which on a JVM warns of native code, unless told that it may run. */
  private static final int WARNS_OF_NATIVE_CODE = 24;

  private Child() {}

  /** A result, and how many seconds a run took. */
  record Measured(double result, double seconds) {}

  static Measured run(Contestant contestant, String workload, Settings settings)
      throws IOException, InterruptedException {
    Files.createDirectories(LOGS);
    File log = LOGS.resolve(workload + "-" + contestant.name() + ".log").toFile();
    ProcessBuilder builder = new ProcessBuilder(command(contestant, workload, settings));
    builder.environment().putAll(contestant.environment(settings.threads()));
    Process process = builder.redirectError(log).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(contestant + " failed at " + workload + ": see " + log);
    }
    String[] words = printed.split(" ", -1);
    return new Measured(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
  }

  private static List<String> command(Contestant contestant, String workload, Settings settings) {
    List<String> command = new ArrayList<>();
    if (!settings.core().isEmpty()) {
      command.addAll(List.of("taskset", "-c", settings.core()));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    if (Runtime.version().feature() >= WARNS_OF_NATIVE_CODE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(contestant.options(settings.threads()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneRun.class.getName()));
    command.addAll(List.of(contestant.name(), workload, Integer.toString(settings.threads())));
    command.addAll(
        List.of(Double.toString(settings.warmUp()), Double.toString(settings.seconds())));
    return command;
  }
}
