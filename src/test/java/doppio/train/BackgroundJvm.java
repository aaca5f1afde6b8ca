package doppio.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a JVM with this one's class path, to be told to end while it runs. */
public final class BackgroundJvm {
  private BackgroundJvm() {}

  /** Starts it; an {@code awaitOutput} says that it is on its way. */
  public static Process start(Class<?> main, Object... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Ddoppio.threads=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Waits until the process has printed something. */
  public static void awaitOutput(Process process) throws IOException {
    if (process.getInputStream().read() < 0) {
      throw new AssertionError("the child ended before it had printed anything");
    }
  }
}
