package doppio.train;

import java.io.Console;
import java.io.PrintStream;
import java.util.Objects;
import java.util.Optional;

/**
 * Shows how far a training is: on a terminal a bar that is redrawn in place, with loss, throughput
 * and the time left, and in any case a line for each epoch.
 */
public final class ProgressBar implements Callback {
  /** What is written. */
  public enum Style {
    /** A bar where the stream is this process's terminal, lines elsewhere. */
    AUTO,
    /** A bar, redrawn with {@code \r}, and a line for each epoch. */
    BAR,
    /** A line for each epoch. */
    LINES,
    /** Nothing. */
    SILENT
  }

  private static final int WIDTH = 24;

  /** One less than a terminal usually has, for a bar that wraps cannot be redrawn. */
  private static final int COLUMNS = 79;

  private static final long REDRAW_NANOS = 100_000_000;
  private static final double NANOS = 1e9;

  private final PrintStream out;
  private final Style style;
  private String label = "";
  private long start;
  private long stepsBefore;
  private int epochsBefore;
  private long lastDrawn;

  /** The length of the bar that stands in the current line. */
  private int drawn;

  /** Progress in the style {@link Style#AUTO}. */
  public ProgressBar(PrintStream out) {
    this(out, Style.AUTO);
  }

  /** Progress in the given style. */
  public ProgressBar(PrintStream out, Style style) {
    this.out = Objects.requireNonNull(out, "out");
    this.style = style == Style.AUTO ? (onTerminal(out) ? Style.BAR : Style.LINES) : style;
  }

  /** A text that each line begins with; returns this progress bar. */
  public ProgressBar label(String label) {
    this.label = label.isEmpty() ? "" : label + ", ";
    return this;
  }

  @Override
  public void start(Training training) {
    start = System.nanoTime();
    stepsBefore = training.step();
    epochsBefore = training.epoch();
    lastDrawn = start - REDRAW_NANOS;
  }

  @Override
  public void batch(Training training) {
    if (style != Style.BAR) {
      return;
    }
    long now = System.nanoTime();
    if (now - lastDrawn < REDRAW_NANOS) {
      return;
    }
    lastDrawn = now;
    int filled = (int) ((long) WIDTH * training.batch() / training.batches());
    long batches = (long) training.batches() * (training.epochs() - training.epoch());
    double each = (now - start) / NANOS / (training.step() - stepsBefore);
    replace(
        label
            + EpochText.epoch(training.epoch() + 1, training.epochs())
            + " ["
            + "#".repeat(filled)
            + "-".repeat(WIDTH - filled)
            + "] loss "
            + EpochText.number(training.meanLoss())
            + ", "
            + EpochText.throughput(training.samplesPerSecond())
            + ", "
            + EpochText.duration(each * (batches - training.batch()))
            + " left");
  }

  @Override
  public void epoch(Training training) {
    int left = training.epochs() - training.epoch();
    double each =
        (System.nanoTime() - start) / NANOS / Math.max(1, training.epoch() - epochsBefore);
    line(
        label
            + EpochText.epoch(training.epoch(), training.epochs())
            + ": "
            + EpochText.of(training.history().last())
            + (left == 0 ? "" : ", " + EpochText.duration(each * left) + " left"));
  }

  @Override
  public void end(Training training) {
    if (training.outcome() == Outcome.INTERRUPTED && training.batch() > 0) {
      line(
          label
              + "interrupted in epoch "
              + (training.epoch() + 1)
              + " after batch "
              + training.batch()
              + " of "
              + training.batches());
    } else if (training.outcome() != Outcome.COMPLETED && training.outcome() != Outcome.FAILED) {
      String how = training.outcome() == Outcome.STOPPED ? "stopped" : "interrupted";
      line(label + how + " after epoch " + training.epoch());
    } else if (drawn > 0) {
      out.println();
      drawn = 0;
    }
  }

  /** The style, as it was decided, and the label. */
  @Override
  public String toString() {
    return "ProgressBar(" + label + style + ")";
  }

  private void line(String text) {
    if (style != Style.SILENT) {
      replaceLine(text);
      out.println();
      out.flush();
      drawn = 0;
    }
  }

  private void replace(String bar) {
    replaceLine(bar.length() > COLUMNS ? bar.substring(0, COLUMNS) : bar);
    out.flush();
  }

  /** Writes over the current line; spaces cover what is left of a longer one. */
  private void replaceLine(String text) {
    out.print((drawn > 0 ? "\r" : "") + text + " ".repeat(Math.max(0, drawn - text.length())));
    drawn = text.length();
  }

  private static boolean onTerminal(PrintStream out) {
    return (out.equals(System.out) || out.equals(System.err))
        && Optional.ofNullable(System.console()).filter(ProgressBar::isTerminal).isPresent();
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
}
