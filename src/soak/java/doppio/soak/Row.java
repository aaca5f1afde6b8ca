package doppio.soak;

/**
 * A row of the page.
 *
 * @param part which of the parts it belongs to
 * @param setting what was done, and under which options
 * @param amount how often or how long
 * @param result what came of it
 * @param run the day, and how long the whole run was to take
 */
record Row(String part, String setting, String amount, String result, String run) {
  private static final int CELLS = 5;

  /** A row of the page as it was written, or null where the line is none. */
  static Row parse(String line) {
    if (!line.startsWith("| ") || line.startsWith("| part |") || line.startsWith("| --- |")) {
      return null;
    }
    String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
    if (cells.length != CELLS) {
      throw new IllegalArgumentException("expected " + CELLS + " cells: " + line);
    }
    return new Row(cells[0], cells[1], cells[2], cells[3], cells[4]);
  }

  @Override
  public String toString() {
    return "| " + String.join(" | ", part, setting, amount, result, run) + " |";
  }
}
