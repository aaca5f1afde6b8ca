package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.CsvReader;
import doppio.data.Dataset;
import doppio.internal.Require;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables as lists of records: a record's components are the columns.
 *
 * <pre>{@code
 * record Penguin(String species, Double billLengthMm, String sex) {}
 *
 * List<Penguin> rows = Rows.read(Path.of("penguins.csv"), Penguin.class);
 * Rows.Split<Penguin> parts = Rows.split(rows, 0.8, "species", new Generator(66));
 * }</pre>
 */
public final class Rows {
  private Rows() {}

  /**
   * How the text is laid out.
   *
   * @param separator what stands between two cells
   * @param decimal what stands before the decimals of a number: a point or a comma
   * @param missing what stands in a cell without a value, beside nothing at all
   */
  public record Options(char separator, char decimal, List<String> missing) {
    /** Commas, decimal points, and {@code NA}, {@code NaN}, {@code null} and {@code ?}. */
    public static final Options DEFAULT =
        new Options(',', '.', List.of("NA", "NaN", "nan", "null", "?"));

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the decimal sign is neither a point nor a comma, or is
     *     the separator
     */
    public Options {
      if ((decimal != '.' && decimal != ',') || decimal == separator) {
        throw new IllegalArgumentException(
            "decimal must be a point or a comma and not the separator, got '" + decimal + "'");
      }
      missing = Require.copy("missing", missing);
    }

    /** {@return these options with another separator} */
    public Options withSeparator(char newSeparator) {
      return new Options(newSeparator, decimal, missing);
    }

    /** {@return these options, for semicolons between numbers such as 3,5} */
    public Options withDecimalComma() {
      return new Options(separator == ',' ? ';' : separator, ',', missing);
    }

    /** {@return these options with other words for a missing value} */
    public Options withMissing(String... words) {
      return new Options(separator, decimal, Require.copy("words", words));
    }

    boolean isMissing(String cell) {
      return cell.isEmpty() || missing.contains(cell);
    }
  }

  /**
   * Rows in two parts.
   *
   * @param first the larger part, as a rule, for training
   * @param second the rest
   */
  public record Split<R>(List<R> first, List<R> second) {}

  /** Reads a file with {@link Options#DEFAULT}, see {@link #read(Path, Class, Options)}. */
  public static <R extends Record> List<R> read(Path file, Class<R> type) throws IOException {
    return read(file, type, Options.DEFAULT);
  }

  /**
   * Reads a file whose first line names the columns. Each component takes the column of its name,
   * where case, {@code _}, {@code -} and blanks do not count: {@code billLengthMm} takes {@code
   * bill_length_mm}. Other columns are passed over.
   *
   * <p>Components are of type {@code String}, {@code double}, {@code int}, {@code long}, {@code
   * boolean}, their boxed types, an enum or {@code LocalDate}. A missing value is null, or NaN for
   * {@code double}. Quotes and the rest of the text are as {@link CsvReader} says.
   *
   * <p>Memory follows what the rows are: an object for each, and one for each component that is no
   * primitive. Beside them are a line and a cell at a time.
   *
   * @param file the text, plain or packed by gzip
   * @return a new list, in the file's order
   * @throws IOException if the file cannot be read, has no column for a component or two, a row has
   *     another number of cells than the first line, a cell is not of its component's type, or the
   *     record's constructor refuses a row; the message names file, line and column
   * @throws IllegalArgumentException if the class is no record, cannot be looked into, or has a
   *     component of another type
   */
  public static <R extends Record> List<R> read(Path file, Class<R> type, Options options)
      throws IOException {
    Schema<R> schema = new Schema<>(type);
    for (int i = 0; i < schema.names().size(); i++) {
      if (!schema.isColumn(i)) {
        throw schema.noColumn(i, "");
      }
    }
    try (CsvReader in = CsvReader.open(file, options.separator)) {
      return read(in, schema, options);
    } catch (FileSystemException | ClosedByInterruptException e) {
      // Names the file already.
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static <R extends Record> List<R> read(CsvReader in, Schema<R> schema, Options options)
      throws IOException {
    List<String> header = in.next();
    if (header == null) {
      throw new IOException("expected a line that names the columns but the file is empty");
    }
    int width = header.size();
    int[] columns = columns(List.copyOf(header), schema);
    Cells cells = new Cells(in, options);
    List<R> rows = new ArrayList<>();
    for (List<String> row = in.next(); row != null; row = in.next()) {
      if (row.size() == 1 && row.get(0).isBlank()) {
        continue;
      }
      if (row.size() != width) {
        throw new IOException(
            "line " + in.line() + ": expected " + width + " cells but found " + row.size());
      }
      Object[] values = new Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        String cell = row.get(columns[i]);
        values[i] = cells.value(cell, columns[i], schema.names().get(i), schema.type(i));
      }
      try {
        rows.add(schema.make(values));
      } catch (IllegalArgumentException e) {
        throw new IOException("line " + in.line() + ": " + e.getMessage(), e);
      }
    }
    return rows;
  }

  /** The column of each component. */
  private static int[] columns(List<String> header, Schema<?> schema) throws IOException {
    List<String> plain = header.stream().map(Schema::plain).toList();
    int[] columns = new int[schema.names().size()];
    for (int i = 0; i < columns.length; i++) {
      String name = Schema.plain(schema.names().get(i));
      columns[i] = plain.indexOf(name);
      if (columns[i] < 0) {
        throw new IOException(
            "line 1: no column for " + schema + "." + schema.names().get(i) + " among " + header);
      }
      int last = plain.lastIndexOf(name);
      if (last != columns[i]) {
        throw new IOException(
            "line 1: both column "
                + (columns[i] + 1)
                + " and column "
                + (last + 1)
                + " are for "
                + schema
                + "."
                + schema.names().get(i));
      }
    }
    return columns;
  }

  /**
   * Cuts rows in two, at random, so that each value of a component has the same part of both as
   * nearly as whole rows allow, at least one row in each.
   *
   * @param fraction the part of the rows that goes first, in (0, 1)
   * @param stratifiedBy the component, of a class as a rule; a missing value counts as one too
   * @throws IllegalArgumentException if the fraction lies outside (0, 1), there is no such
   *     component, a value has a single row, or a part is too small for a row of every value
   */
  public static <R extends Record> Split<R> split(
      List<R> rows, double fraction, String stratifiedBy, Generator generator) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("expected rows to split but got none");
    }
    Schema.checked(rows);
    @SuppressWarnings("unchecked") // the class of a row, which all rows have: records are final
    Schema<R> schema = new Schema<>((Class<R>) rows.get(0).getClass());
    int component = schema.index(stratifiedBy);
    Map<Object, Integer> classes = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    Tensor targets = Tensor.zeros(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      int number =
          classes.computeIfAbsent(
              String.valueOf(schema.get(rows.get(i), component)), value -> classes.size());
      counts.merge(number, 1, Integer::sum);
      targets.data()[i] = number;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (counts.get((int) targets.data()[i]) == 1) {
        throw new IllegalArgumentException(
            "row "
                + i
                + " alone has the "
                + stratifiedBy
                + " "
                + schema.get(rows.get(i), component)
                + ", but a split needs two rows or more of each");
      }
    }
    Dataset numbered = new Dataset(numbers(rows.size()), targets);
    // Refuses the fraction before the generator has drawn.
    Dataset.Split unused = numbered.stratifiedSplit(fraction);
    Dataset.Split parts = numbered.shuffle(generator).stratifiedSplit(fraction);
    return new Split<>(taken(rows, parts.first()), taken(rows, parts.second()));
  }

  private static Tensor numbers(int n) {
    Tensor numbers = Tensor.zeros(n);
    Arrays.setAll(numbers.data(), i -> i);
    return numbers;
  }

  private static <R> List<R> taken(List<R> rows, Dataset part) {
    return Arrays.stream(part.inputs().data()).mapToObj(i -> rows.get((int) i)).toList();
  }
}
