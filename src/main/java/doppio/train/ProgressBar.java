package doppio.train;

import doppio.internal.Require;
import java.io.PrintStream;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Shows how far a training is: on a terminal a bar that is redrawn in place, with loss, throughput
 * and the time left, and unless told otherwise a line for each epoch. The time left is estimated
 * from the last batches.
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
    /**
     * A bar alone, without lines, where the stream is this process's terminal; nothing elsewhere.
     */
    TERMINAL,
    /** Nothing. */
    SILENT
  }

  private static final int LONGEST_BAR = 24;
  private static final int SHORTEST_BAR = 4;
  private static final int FEWEST_COLUMNS = 20;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream out;
  private final Style style;
  private final boolean isTerminal;
  private final LongSupplier clock;
  private final TimeLeft timeLeft = new TimeLeft();
  private String label = "";
  private long lastDrawn;

  /** How wide a line may be; 0 until that is known. */
  private int columns;

  /** The columns that the bar in the current line takes. */
  private int drawn;

  /** Progress in the style {@link Style#AUTO}. */
  public ProgressBar(PrintStream out) {
    this(out, Style.AUTO);
  }

  /** Progress in the given style. */
  public ProgressBar(PrintStream out, Style style) {
    this(out, style, System::nanoTime);
  }

  /**
   * The same by another clock.
   *
   * @param clock gives nanoseconds
   */
  ProgressBar(PrintStream out, Style style, LongSupplier clock) {
    this.clock = clock;
    this.out = Objects.requireNonNull(out, "out");
    isTerminal = Terminal.is(out);
    this.style =
        switch (style) {
          case AUTO -> isTerminal ? Style.BAR : Style.LINES;
          case TERMINAL -> isTerminal ? style : Style.SILENT;
          default -> style;
        };
  }

  /**
   * Sets how many columns a line has; returns this progress bar. Without this call it is asked of
   * the terminal, or 80.
   *
   * @throws IllegalArgumentException if they are fewer than 20
   */
  public ProgressBar columns(int columns) {
    this.columns = Require.atLeast(FEWEST_COLUMNS, "columns", columns);
    return this;
  }

  /**
   * A text that each line begins with; returns this progress bar.
   *
   * @throws IllegalArgumentException if it has a control character, which a line cannot hold
   */
  public ProgressBar label(String label) {
    if (label.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a label has no control characters, got \"" + label + "\"");
    }
    this.label = label.isEmpty() ? "" : label + ", ";
    return this;
  }

  @Override
  public void start(Training training) {
    if (columns == 0) {
      boolean ask = isTerminal && draws();
      columns = Math.max(FEWEST_COLUMNS, ask ? Terminal.columns() : Terminal.USUAL_COLUMNS);
    }
    long now = clock.getAsLong();
    timeLeft.start(now);
    lastDrawn = now - REDRAW_NANOS;
  }

  @Override
  public void batch(Training training) {
    long now = clock.getAsLong();
    timeLeft.batch(now);
    if (draws() && now - lastDrawn >= REDRAW_NANOS) {
      lastDrawn = now;
      replaceLine(bar(training));
      out.flush();
    }
  }

  @Override
  public void epoch(Training training) {
    timeLeft.epoch(clock.getAsLong());
    if (style == Style.TERMINAL && training.epoch() < training.epochs()) {
      return;
    }
    line(
        label
            + EpochText.epoch(training.epoch(), training.epochs())
            + ": "
            + training.history().last().text()
            + (training.epochs() <= training.epoch()
                ? ""
                : ", " + EpochText.duration(secondsLeft(training)) + " left"));
  }

  /**
   * What there is room for, the most first: what is left out is the speed, then the bar, then
   * words. A line that wraps could not be redrawn, so the last column stays free.
   */
  private String bar(Training training) {
    String head = label + EpochText.epoch(training.epoch() + 1, training.epochs()) + " ";
    String loss = "loss " + EpochText.number(training.meanLoss());
    String speed = ", " + EpochText.throughput(training.samplesPerSecond());
    double seconds = secondsLeft(training);
    String time = ", " + EpochText.duration(seconds);
    String left = time + " left";
    String brief = ", " + EpochText.shortDuration(seconds);
    String fast = bar(training, LONGEST_BAR) + loss + speed;
    int room = columns - 1 - Columns.of(head + loss + left) - "[] ".length();
    String bar = room < SHORTEST_BAR ? "" : bar(training, Math.min(room, LONGEST_BAR));
    return Stream.of(
            fast + left,
            fast + time,
            fast + brief,
            bar + loss + left,
            loss + time,
            loss + brief,
            loss)
        .map(rest -> head + rest)
        .filter(text -> Columns.of(text) < columns)
        .findFirst()
        .orElseGet(() -> Columns.cut(head, columns - 1));
  }

  private static String bar(Training training, int width) {
    int filled = (int) ((long) width * training.batch() / Math.max(1, training.batches()));
    return "[" + "#".repeat(filled) + "-".repeat(width - filled) + "] ";
  }

  private boolean draws() {
    return style == Style.BAR || style == Style.TERMINAL;
  }

  private double secondsLeft(Training training) {
    int epochs = Math.max(0, training.epochs() - training.epoch());
    long batches = (long) training.batches() * epochs - training.batch();
    double validation = (double) training.validationSamples() / training.batchSize();
    return timeLeft.seconds(batches, epochs, validation);
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

  /** Says what all callbacks have seen the end of: which epoch the model was given back from. */
  @Override
  public void closed(Training training) {
    if (training.restoredEpoch() > 0) {
      line(label + "the model is that of epoch " + training.restoredEpoch());
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

  /** Writes over the current line; spaces cover what is left of a longer one. */
  private void replaceLine(String text) {
    int width = Columns.of(text);
    out.print((drawn > 0 ? "\r" : "") + text + " ".repeat(Math.max(0, drawn - width)));
    drawn = width;
  }
}
