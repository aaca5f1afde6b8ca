package doppio.table;

import doppio.data.CsvReader;
import doppio.internal.Names;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;

/** The text of a cell as a value of a component's type. */
final class Cells {
  /** The largest whole number below which a double leaves none out. */
  private static final double EXACT = 0x1p53;

  private final CsvReader in;
  private final Rows.Options options;

  Cells(CsvReader in, Rows.Options options) {
    this.in = in;
    this.options = options;
  }

  /**
   * The value of a cell.
   *
   * @param text what stands there
   * @param column its number, from 0
   * @param name the component
   * @param type the component's type
   */
  Object value(String text, int column, String name, Class<?> type) throws IOException {
    String cell = text.strip();
    if (options.isMissing(cell)) {
      return missing(column, name, type);
    }
    if (type == String.class) {
      return text;
    } else if (type == double.class || type == Double.class) {
      return number(cell, column, name);
    } else if (type == int.class || type == Integer.class) {
      long value = whole(cell, column, name);
      if (value != (int) value) {
        throw wrong(column, name, "an int", cell);
      }
      return (int) value;
    } else if (type == long.class || type == Long.class) {
      return whole(cell, column, name);
    } else if (type == boolean.class || type == Boolean.class) {
      return switch (cell.toLowerCase(Locale.ROOT)) {
        case "true", "t", "yes", "y", "1" -> true;
        case "false", "f", "no", "n", "0" -> false;
        default -> throw wrong(column, name, "true or false", cell);
      };
    } else if (type == LocalDate.class) {
      try {
        return LocalDate.parse(cell);
      } catch (DateTimeException e) {
        throw wrong(column, name, "a date as 2026-01-31", cell);
      }
    }
    String plain = Schema.plain(cell);
    for (Object constant : type.getEnumConstants()) {
      if (Schema.plain(((Enum<?>) constant).name()).equals(plain)) {
        return constant;
      }
    }
    throw wrong(column, name, "a constant of " + Names.of(type), cell);
  }

  private Object missing(int column, String name, Class<?> type) throws IOException {
    if (type == double.class) {
      return Double.NaN;
    }
    if (type.isPrimitive()) {
      String boxed = type == int.class ? "Integer" : type == long.class ? "Long" : "Boolean";
      throw new IOException(
          place(column, name)
              + "the value is missing, which "
              + type
              + " cannot say; let the component be of type "
              + boxed);
    }
    return null;
  }

  private double number(String cell, int column, String name) throws IOException {
    double value;
    try {
      value = in.number(column, options.decimal() == '.' ? cell : cell.replace(',', '.'));
    } catch (IOException e) {
      throw wrong(column, name, "a number", cell);
    }
    if (!Double.isFinite(value)) {
      throw wrong(column, name, "a finite number", cell);
    }
    return value;
  }

  private long whole(String cell, int column, String name) throws IOException {
    try {
      return Long.parseLong(cell);
    } catch (NumberFormatException e) {
      // A column of whole numbers with gaps is often written as 3.0.
      double value = number(cell, column, name);
      if (value != Math.rint(value) || Math.abs(value) > EXACT) {
        throw wrong(column, name, "a whole number", cell);
      }
      return (long) value;
    }
  }

  private IOException wrong(int column, String name, String expected, String cell) {
    String shown = cell.length() > 40 ? cell.substring(0, 40) + "..." : cell;
    return new IOException(
        place(column, name)
            + "expected "
            + expected
            + " but found \""
            + shown.replaceAll("\\p{Cntrl}", "?")
            + '"');
  }

  private String place(int column, String name) {
    return "line " + in.line() + ", column " + (column + 1) + " (" + name + "): ";
  }
}
