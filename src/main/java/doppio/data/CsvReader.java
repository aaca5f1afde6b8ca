package doppio.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The rows of comma-separated text, one after the other, as the texts in their cells.
 *
 * <pre>{@code
 * try (CsvReader in = CsvReader.open(file, ',')) {
 *   for (List<String> row = in.next(); row != null; row = in.next()) {
 *     System.out.println(in.line() + ": " + row);
 *   }
 * }
 * }</pre>
 *
 * <p>A cell whose first character other than a blank is a quote may hold separators, ends of lines,
 * which are read as {@code \n}, and quotes, each written twice; nothing but blanks may follow its
 * last quote. A quote within another cell stands for itself. The text is UTF-8, with or without a
 * byte order mark, plain or packed by gzip; lines end in LF, CR LF or CR. Where a blank is the
 * separator, several blanks and tabs are one, unless there are quotes. A line holds at most 2²⁰
 * characters and a cell no more than the file, so that memory is bounded.
 *
 * <p>Source: RFC 4180.
 */
public final class CsvReader implements Closeable {
  private static final Pattern BLANKS = Pattern.compile("[ \t]+");

  private final InputStream in;
  private final Lines lines;
  private final char separator;
  private final List<String> cells = new ArrayList<>();
  private String text = "";
  private long line;

  CsvReader(InputStream in, char separator, int maxLineLength) {
    this.in = in;
    this.separator = separator;
    lines = new Lines(in, maxLineLength);
  }

  /**
   * Opens a file.
   *
   * @throws java.nio.file.FileSystemException if there is no such file, or it cannot be read
   * @throws IllegalArgumentException if the separator is a quote or ends a line
   */
  public static CsvReader open(Path file, char separator) throws IOException {
    if ("\"\r\n".indexOf(separator) >= 0) {
      throw new IllegalArgumentException("the separator must not be a quote or end a line");
    }
    return new CsvReader(Gunzip.open(file), separator, Lines.MAX_LENGTH);
  }

  /**
   * The cells of the next row, or null after the last one; of a blank line a single cell. The list
   * is the reader's own, and holds until the next call.
   *
   * @throws IOException if the file cannot be read, a quote is not closed or text follows one that
   *     is; the message names line and column, from 1
   */
  public List<String> next() throws IOException {
    text = lines.next();
    if (text == null) {
      return null;
    }
    line = lines.number();
    cells.clear();
    if (separator == ' ' && text.indexOf('"') < 0) {
      text = BLANKS.matcher(text.strip()).replaceAll(" ");
    }
    int from = 0;
    do {
      from = cell(from) + 1;
    } while (from > 0);
    return Collections.unmodifiableList(cells);
  }

  /** The number of the line, from 1, that the row given last begins in. */
  public long line() {
    return line;
  }

  /** The number in a cell of that row, its column counted from 0; the message names its place. */
  public double number(int column, String cell) throws IOException {
    return CsvCell.number(cell.strip(), true, line, column + 1);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The number of the line that the row given last begins in. */
  @Override
  public String toString() {
    return "CsvReader(line " + line + ")";
  }

  /** The line of the row given last, that in which it ends. */
  String text() {
    return text;
  }

  /** Adds the cell from here on; returns the place of the separator behind it, or −1. */
  private int cell(int from) throws IOException {
    int start = from;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    if (start < text.length() && text.charAt(start) == '"') {
      return quoted(start + 1);
    }
    int to = text.indexOf(separator, from);
    cells.add(text.substring(from, to < 0 ? text.length() : to));
    return to;
  }

  private int quoted(int start) throws IOException {
    StringBuilder cell = new StringBuilder();
    int from = start;
    while (true) {
      int to = text.indexOf('"', from);
      if (to < 0) {
        cell.append(text, from, text.length()).append('\n');
        text = lines.next();
        if (text == null) {
          throw wrong(
              cells.size() + 1,
              "expected a quote that ends the cell but found the end of the file");
        }
        from = 0;
      } else if (to + 1 < text.length() && text.charAt(to + 1) == '"') {
        cell.append(text, from, to + 1);
        from = to + 2;
      } else {
        cells.add(cell.append(text, from, to).toString());
        int end = text.indexOf(separator, to);
        if (!text.substring(to + 1, end < 0 ? text.length() : end).isBlank()) {
          throw wrong(
              cells.size(),
              "expected a separator behind the quote but found " + CsvCell.show(text));
        }
        return end;
      }
    }
  }

  private IOException wrong(int column, String what) {
    return new IOException("line " + line + ", column " + column + ": " + what);
  }
}
