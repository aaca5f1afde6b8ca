package doppio.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a main class of the tests in a JVM of its own, to its end. */
public final class ChildJvm {
  private static final long LIMIT_SECONDS = 240;
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  /** What the program left: its exit value and the lines that it wrote. */
  public record Result(int exit, List<String> output, List<String> errors) {}

  private ChildJvm() {}

  /** Runs {@code main} in a JVM like this one. */
  public static Result run(Class<?> main, List<String> options, String... arguments) {
    return run(running(), main, options, arguments);
  }

  /** Runs {@code main} in the JVM of an installed JDK, on the class path of this one. */
  public static Result run(Path home, Class<?> main, List<String> options, String... arguments) {
    return runFor(LIMIT_SECONDS, home, main, options, arguments);
  }

  /** Runs {@code main}, which may take so many seconds, in a JVM like this one. */
  public static Result runFor(
      long seconds, Class<?> main, List<String> options, String... arguments) {
    return runFor(seconds, running(), main, options, arguments);
  }

  /** Runs {@code main}, which may take so many seconds, in the JVM of an installed JDK. */
  public static Result runFor(
      long seconds, Path home, Class<?> main, List<String> options, String... arguments) {
    return run(
        seconds, Path.of(""), List.of(), home, classPath(), main.getName(), options, arguments);
  }

  /** Runs {@code main} from another class path. */
  static Result run(String classPath, String main, List<String> options, String... arguments) {
    return run(List.of(), running(), classPath, main, options, arguments);
  }

  /** Runs {@code main} from another class path, where its files come to a folder. */
  public static Result runIn(Path folder, String classPath, String main) {
    return run(LIMIT_SECONDS, folder, List.of(), running(), classPath, main, List.of());
  }

  /** Runs {@code main} in a JVM like this one, where its files come to a folder. */
  public static Result runIn(
      Path folder, Class<?> main, List<String> options, String... arguments) {
    return run(
        LIMIT_SECONDS,
        folder,
        List.of(),
        running(),
        classPath(),
        main.getName(),
        options,
        arguments);
  }

  /** Runs {@code main} after a command of the shell, which may set limits. */
  public static Result runAfter(
      String command, Class<?> main, List<String> options, String... arguments) {
    List<String> shell = List.of("sh", "-c", command + " && exec \"$@\"", "sh");
    return run(shell, running(), classPath(), main.getName(), options, arguments);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private static Result run(
      List<String> prefix,
      Path home,
      String classPath,
      String main,
      List<String> options,
      String... arguments) {
    return run(LIMIT_SECONDS, Path.of(""), prefix, home, classPath, main, options, arguments);
  }

  private static Result run(
      long seconds,
      Path folder,
      List<String> prefix,
      Path home,
      String classPath,
      String main,
      List<String> options,
      String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(home.resolve("bin/java").toString(), "-Xmx512m", "-XX:+UseSerialGC"));
    // A processor may lack what a JVM for another one has an option for.
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    Path output = null;
    Path errors = null;
    Process process = null;
    try {
      output = Files.createTempFile("child", ".out");
      errors = Files.createTempFile("child", ".err");
      process =
          new ProcessBuilder(command)
              .directory(folder.toAbsolutePath().toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError("does not come to an end: " + command);
      }
      return new Result(process.exitValue(), lines(output), lines(errors));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      delete(output);
      delete(errors);
    }
  }

  /** The home of the running JDK. */
  public static Path running() {
    return Path.of(System.getProperty("java.home"));
  }

  /** The homes of the running JDK and of others from 17 on, one of each version. */
  public static List<Path> installed() {
    List<Path> homes = new ArrayList<>(List.of(running()));
    List<Integer> versions = new ArrayList<>(List.of(Runtime.version().feature()));
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> entries = Files.list(INSTALLED)) {
        for (Path home : entries.sorted().toList()) {
          int version = version(home);
          if (version >= 17 && !versions.contains(version)) {
            homes.add(home);
            versions.add(version);
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return homes;
  }

  /** From the file {@code release}, for example {@code JAVA_VERSION="17.0.15"}; 0 without one. */
  public static int version(Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(release)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.matches("JAVA_VERSION=\"[0-9]+.*"))
          .map(line -> line.replaceFirst("JAVA_VERSION=\"([0-9]+).*", "$1"))
          .mapToInt(Integer::parseInt)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file, StandardCharsets.UTF_8);
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
