package doppio.train;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What can be known of the terminal that a process writes to. */
final class Terminal {
  /** How many columns there are where nobody says. */
  static final int USUAL_COLUMNS = 80;

  private static final int MOST_COLUMNS = 10_000;

  private Terminal() {}

  /**
   * Whether the stream is this process's standard output or error and leads to a terminal. Each is
   * looked at by itself, where the system shows them as files, because one of them may go to a
   * file.
   */
  static boolean is(PrintStream out) {
    if (out.equals(System.out)) {
      return leadsToTerminal(1, isConsole());
    }
    return out.equals(System.err) && leadsToTerminal(2, false);
  }

  private static boolean leadsToTerminal(int descriptor, boolean otherwise) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      return Files.isSymbolicLink(link)
          ? isTerminal(Files.readSymbolicLink(link).toString())
          : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }

  /** Whether a file of this name is a terminal. */
  static boolean isTerminal(String device) {
    return device.startsWith("/dev/pts/")
        || device.startsWith("/dev/tty")
        || device.equals("/dev/console");
  }

  /** Before JDK 22 there is no console without a terminal, and no method to ask it. */
  @SuppressWarnings("SystemConsoleNull") // it is null before JDK 22, and asked below from there on
  private static boolean isConsole() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < 22) {
      return console != null;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The columns of the terminal, by the variable COLUMNS or the system's {@code stty}. */
  static int columns() {
    String variable = System.getenv("COLUMNS");
    return variable == null ? sttyColumns() : parsed(variable);
  }

  private static int sttyColumns() {
    File terminal = new File("/dev/tty");
    if (!terminal.exists()) {
      return USUAL_COLUMNS;
    }
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!stty.waitFor(1, TimeUnit.SECONDS)) {
          return USUAL_COLUMNS;
        }
        byte[] size = stty.getInputStream().readAllBytes();
        String text = new String(size, StandardCharsets.US_ASCII).trim();
        return parsed(text.substring(text.indexOf(' ') + 1));
      } finally {
        stty.destroy();
      }
    } catch (IOException e) {
      return USUAL_COLUMNS;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_COLUMNS;
    }
  }

  /** The number, if it can be one of columns. */
  static int parsed(String number) {
    try {
      int columns = Integer.parseInt(number.trim());
      return columns > 0 && columns <= MOST_COLUMNS ? columns : USUAL_COLUMNS;
    } catch (NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }
}
