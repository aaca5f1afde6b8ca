package doppio.data;

import doppio.Tensor;
import doppio.internal.OtherFormat;
import doppio.internal.Require;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Reads tables of numbers from comma-separated text.
 *
 * <p>Every line is a row of the same number of cells; every cell is a finite decimal number such as
 * {@code 3}, {@code -0.5} or {@code 1e-3}, with or without blanks or quotes around it. Where a
 * blank is the separator, several blanks and tabs are one, and those at the ends of a line none.
 * The text is UTF-8, with or without a byte order mark; lines end in LF, CR LF or CR; blank lines
 * may follow the last row. A longer line than {@link Options#maxLineLength} is refused, so that
 * memory is bounded: by 8 bytes for each of the (unpacked) text, and 64 MiB.
 */
public final class Csv {
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  private Csv() {}

  /**
   * How the text is laid out.
   *
   * @param header whether the first line holds names, which are skipped
   * @param separator what stands between two cells
   * @param maxLineLength the most characters that a line may have
   * @param notFinite whether a cell may be {@code NaN}, {@code Infinity} or {@code inf}, in
   *     capitals or not, with or without sign
   */
  public record Options(boolean header, char separator, int maxLineLength, boolean notFinite) {
    /**
     * No header, cells separated by commas, lines of at most 2²⁰ = 1,048,576 characters, finite
     * numbers.
     */
    public static final Options DEFAULT = new Options(false, ',', Lines.MAX_LENGTH);

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the separator can be part of a number or ends a line, or
     *     if {@code maxLineLength < 1}
     */
    public Options {
      if ((CsvCell.NUMERIC + "\r\n").indexOf(separator) >= 0) {
        throw new IllegalArgumentException(
            "separator must not be part of a number or end a line, got "
                + CsvCell.show("" + separator));
      }
      Require.atLeast(1, "maxLineLength", maxLineLength);
    }

    /** Finite numbers alone. */
    public Options(boolean header, char separator, int maxLineLength) {
      this(header, separator, maxLineLength, false);
    }

    /** {@return these options with a header line, which is skipped} */
    public Options withHeader() {
      return new Options(true, separator, maxLineLength, notFinite);
    }

    /**
     * {@return these options with cells that may be {@code NaN} or infinite, as those of a training
     * without validation are in its history}
     */
    public Options withNotFinite() {
      return new Options(header, separator, maxLineLength, true);
    }

    /**
     * {@return these options with another separator}
     *
     * @param newSeparator what stands between two cells
     * @throws IllegalArgumentException if it can be part of a number or ends a line
     */
    public Options withSeparator(char newSeparator) {
      return new Options(header, newSeparator, maxLineLength, notFinite);
    }

    /**
     * {@return these options with another bound on a line's length}
     *
     * @param newLength the most characters that a line may have
     * @throws IllegalArgumentException if it is less than 1
     */
    public Options withMaxLineLength(int newLength) {
      return new Options(header, separator, newLength, notFinite);
    }
  }

  /**
   * Reads a file of comma-separated numbers without a header, as {@link #read(Path, Options)} does
   * with {@link Options#DEFAULT}.
   *
   * @param file the text, plain or packed by gzip
   * @return {@code [rows, columns]}; {@code [0, 0]} if the file has no rows
   * @throws IOException if the file cannot be read or holds anything but rows of numbers
   */
  public static Tensor read(Path file) throws IOException {
    return read(file, Options.DEFAULT);
  }

  /**
   * Reads a file of numbers.
   *
   * @param file the text, plain or packed by gzip; its first bytes tell which
   * @param options the layout
   * @return {@code [rows, columns]}; {@code [0, 0]} if the file has no rows
   * @throws IOException if the file cannot be read, a row has another number of cells than the
   *     first, a cell is empty or no finite decimal number, a blank line is followed by another
   *     row, or a line is too long; the message names the file, the line, the column (both from 1)
   *     and the text found
   */
  public static Tensor read(Path file, Options options) throws IOException {
    Objects.requireNonNull(options, "options");
    try (InputStream in = Gunzip.open(file)) {
      return rows(in, options);
    } catch (FileSystemException | ClosedByInterruptException e) {
      // Names the file already.
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #read(Path)}, from a stream, which is read to its end and not closed. */
  public static Tensor read(InputStream in) throws IOException {
    return read(in, Options.DEFAULT);
  }

  /** As {@link #read(Path, Options)}, from a stream, which is read to its end and not closed. */
  public static Tensor read(InputStream in, Options options) throws IOException {
    Objects.requireNonNull(options, "options");
    return rows(Gunzip.unpack(in), options);
  }

  /** As {@link #read(Path)}, from the bytes of a file. */
  public static Tensor read(byte[] file) throws IOException {
    return read(file, Options.DEFAULT);
  }

  /** As {@link #read(Path, Options)}, from the bytes of a file. */
  public static Tensor read(byte[] file, Options options) throws IOException {
    return read(new ByteArrayInputStream(Objects.requireNonNull(file, "file")), options);
  }

  /** Reads a stream, plain or packed by gzip, under the name that messages give it. */
  static Tensor read(InputStream in, String name, Options options) throws IOException {
    try {
      return read(in, options);
    } catch (IOException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  private static Tensor rows(InputStream in, Options options) throws IOException {
    String other = OtherFormat.of(Gunzip.peek(in, OtherFormat.START));
    try {
      Tensor rows = parse(new CsvReader(in, options.separator, options.maxLineLength), options);
      if (rows.size() > 0 || other == null) {
        return rows;
      }
    } catch (IOException e) {
      if (other == null) {
        throw e;
      }
    }
    throw new IOException("expected rows of numbers but this is " + other);
  }

  private static Tensor parse(CsvReader in, Options options) throws IOException {
    if (options.header) {
      in.next();
    }
    Numbers values = new Numbers();
    int columns = 0;
    long first = 0;
    long blank = 0;
    for (List<String> row = in.next(); row != null; row = in.next()) {
      if (row.size() == 1 && row.get(0).isBlank()) {
        blank = blank == 0 ? in.line() : blank;
        continue;
      }
      if (blank != 0) {
        throw new IOException("line " + blank + ", column 1: expected a number but found \"\"");
      }
      int found = row.size();
      if (columns == 0) {
        columns = found;
        first = in.line();
        requireNoHeader(row, options);
      } else if (found != columns) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "line %d, column %d: expected %d columns, as in line %d, but found %d: %s",
                in.line(),
                Math.min(found, columns) + 1,
                columns,
                first,
                found,
                CsvCell.show(in.text())));
      }
      if (columns > MAX_SIZE - values.size()) {
        throw new IOException(
            "line " + in.line() + ": expected at most " + MAX_SIZE + " numbers in all");
      }
      // A loop, not a stream: a stream costs some hundred bytes, and a cell may be a single one.
      for (int column = 0; column < columns; column++) {
        String cell = row.get(column).strip();
        values.add(CsvCell.number(cell, options.notFinite, in.line(), column + 1));
      }
    }
    return Tensor.wrap(values.toArray(), columns == 0 ? 0 : values.size() / columns, columns);
  }

  /** Where every cell of the first row begins with a letter and is no number, these are names. */
  private static void requireNoHeader(List<String> row, Options options) throws IOException {
    for (String cell : row) {
      if (cell.isBlank() || !Character.isLetter(cell.strip().charAt(0))) {
        return;
      }
    }
    try {
      double unused = CsvCell.number(row.get(0).strip(), options.notFinite, 1, 1);
    } catch (IOException e) {
      throw new IOException(
          e.getMessage() + "; Csv.Options.withHeader() passes over a line of names", e);
    }
  }
}
