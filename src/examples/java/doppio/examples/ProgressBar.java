package doppio.examples;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/**
 * A bar that is redrawn in place on a terminal; elsewhere, in a file say, only whole lines appear.
 */
final class ProgressBar {
  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean redraws;

  /** The length of the bar that stands in the current line. */
  private int drawn;

  /**
   * A progress bar.
   *
   * @param out where it is printed
   * @param redraws whether {@code \r} takes the cursor back to the start of the line there
   */
  ProgressBar(PrintStream out, boolean redraws) {
    this.out = out;
    this.redraws = redraws;
  }

  /** Whether the program talks to a terminal. */
  static boolean onTerminal() {
    return Optional.ofNullable(System.console()).filter(ProgressBar::isTerminal).isPresent();
  }

  /** Before JDK 22 there is no console without a terminal, and no method to ask it. */
  private static boolean isTerminal(Console console) {
    if (Runtime.version().feature() < 22) {
      return true;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows how much is done; nothing where the bar cannot be redrawn. */
  void show(String label, int done, int total) {
    if (!redraws) {
      return;
    }
    int filled = (int) ((long) WIDTH * done / total);
    String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
    replace(label + " [" + bar + "] " + done + "/" + total);
  }

  /** Prints a line in the place of the bar. */
  void line(String text) {
    replace(text);
    out.println();
    drawn = 0;
  }

  /** Writes over the current line; spaces cover what is left of a longer one. */
  private void replace(String text) {
    if (drawn > 0) {
      out.print('\r');
    }
    out.print(text + " ".repeat(Math.max(0, drawn - text.length())));
    out.flush();
    drawn = text.length();
  }
}
