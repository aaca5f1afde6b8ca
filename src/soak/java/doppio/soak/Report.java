package doppio.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The page of what was run and what came of it. Rows of parts that did not run this time stay as
 * they were, with their day; and so does what somebody has written below a heading after them.
 */
final class Report {
  private static final String TITLE =
      """
      # Soak

      What the library has been put through, and what came of it. This page is written by the run itself,
      `mvn -Psoak verify`; [contributing](../../../.github/CONTRIBUTING.md) says how to run it for hours or in
      parts. Each row has its day. What was not run is not promised.

      """;

  private static final String HEAD =
      """

      | part | what | how much | result | run |
      | --- | --- | --- | --- | --- |
      """;

  private final List<Row> rows = new ArrayList<>();
  private final List<String> below = new ArrayList<>();
  private final List<String> order;
  private final String run;
  private int failures;

  private final Path page;
  private final String machine;

  /** A new page, or an old one whose rows of some parts are to be renewed. */
  Report(Path page, String machine, List<String> order, Set<String> renewed, String minutes)
      throws IOException {
    this.page = page;
    this.machine = machine;
    this.order = order;
    run =
        LocalDate.now(ZoneOffset.UTC)
            + ", "
            + minutes
            + " min, Java "
            + System.getProperty("java.version");
    if (Files.exists(page)) {
      for (String line : Files.readAllLines(page)) {
        if (line.startsWith("## ") || !below.isEmpty()) {
          below.add(line);
          continue;
        }
        Row row = Row.parse(line);
        boolean stays = row != null && !row.result().equals("not run");
        if (stays && order.contains(row.part()) && !renewed.contains(row.part())) {
          rows.add(row);
        }
      }
    }
  }

  /** Does something and adds its row, also where it fails. */
  void add(String part, String setting, Callable<Outcome> work) {
    Outcome outcome;
    try {
      outcome = work.call();
    } catch (Exception | AssertionError e) {
      outcome = new Outcome("–", "**failed**: " + oneLine(e.toString()));
      synchronized (this) {
        failures++;
      }
    }
    Row row = new Row(part, setting, outcome.amount(), outcome.result(), run);
    System.out.println(row);
    synchronized (this) {
      rows.add(row);
      write();
    }
  }

  private static String oneLine(String message) {
    String line = message.replaceAll("\\s+", " ").replace("|", "/");
    return line.length() > 600 ? line.substring(0, 600) + "…" : line;
  }

  synchronized int failures() {
    return failures;
  }

  /** After each row, for hours are long. */
  private void write() {
    StringBuilder text = new StringBuilder(TITLE).append(machine).append('\n').append(HEAD);
    for (String part : order) {
      List<Row> done = rows.stream().filter(row -> row.part().equals(part)).toList();
      List<Row> shown = done.isEmpty() ? List.of(new Row(part, "all", "–", "not run", "–")) : done;
      shown.forEach(row -> text.append(row).append('\n'));
    }
    if (!below.isEmpty()) {
      text.append('\n');
    }
    below.forEach(line -> text.append(line).append('\n'));
    try {
      Files.writeString(page, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
