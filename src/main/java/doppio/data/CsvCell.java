package doppio.data;

import doppio.internal.Signs;
import java.io.IOException;
import java.util.Locale;

/** A cell of a table in text, and what it may be taken for. */
final class CsvCell {
  private static final int SHOWN = 40;

  static final String NUMERIC = "0123456789+-.eE";

  private CsvCell() {}

  /** The number, which a cell of a line and a column (from 1) holds, or an error that says so. */
  static double number(String cell, boolean notFinite, long line, int column) throws IOException {
    double value = Double.NaN;
    // Java's own rules are wider: they take 1f and 0x1p3 for numbers.
    if (isNumeric(cell)) {
      try {
        value = Double.parseDouble(cell);
      } catch (NumberFormatException e) {
        // Stays NaN, which is refused below with the cell's place.
      }
    }
    if (Double.isFinite(value)) {
      return value;
    }
    Double named = notFinite(cell);
    if (named != null && notFinite) {
      return named;
    }
    throw new IOException(
        "line "
            + line
            + ", column "
            + column
            + ": expected a number but found "
            + show(cell)
            + (named != null ? "; Csv.Options.withNotFinite() reads it" : strange(cell)));
  }

  private static Double notFinite(String cell) {
    int sign = cell.startsWith("-") || cell.startsWith("+") ? 1 : 0;
    return switch (cell.substring(sign).toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "infinity" ->
          cell.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      default -> null;
    };
  }

  /** Names the first character that one may not see, or take for another. */
  private static String strange(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      int c = cell.codePointAt(i);
      if (c < ' ' || c > '~') {
        String name =
            switch (c) {
              case 0 -> "zero, as in text of 16 bits a character";
              case Lines.BYTE_ORDER_MARK -> "byte order mark";
              case '\ufffd' -> "bytes that are not UTF-8";
              default -> String.valueOf(Character.getName(c)).toLowerCase(Locale.ROOT);
            };
        return String.format(Locale.ROOT, " with U+%04X (%s)", c, name);
      }
    }
    return "";
  }

  /** The text in quotes, shortened, without control characters. */
  static String show(String text) {
    String start = text.length() > SHOWN ? text.substring(0, SHOWN) + Signs.text("…") : text;
    return '"' + start.replaceAll("\\p{Cntrl}", "?") + '"';
  }

  private static boolean isNumeric(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      if (NUMERIC.indexOf(cell.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
