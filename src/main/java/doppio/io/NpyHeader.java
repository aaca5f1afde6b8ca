package doppio.io;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of an .npy file, a Python dictionary: {@code {'descr': '<f8', 'fortran_order': False,
 * 'shape': (2, 3), }}.
 */
final class NpyHeader {
  private static final List<String> KEYS = List.of("descr", "fortran_order", "shape");

  private final Cursor in;
  private StoredType type;
  private ByteOrder order;
  private boolean columnMajor;
  private ShapeBuilder shape;

  private NpyHeader(byte[] header) {
    in = new Cursor(header);
  }

  static NpyHeader parse(byte[] bytes) throws IOException {
    NpyHeader header = new NpyHeader(bytes);
    header.parse();
    return header;
  }

  /** The header's text for numbers in row-major order, little-endian. */
  static byte[] format(Dtype dtype, int[] shape) {
    String dimensions = Arrays.toString(shape);
    return ("{'descr': '"
            + (dtype.width() == 1 ? '|' : '<')
            + dtype.kind()
            + dtype.width()
            + "', 'fortran_order': False, 'shape': ("
            + dimensions.substring(1, dimensions.length() - 1)
            + (shape.length == 1 ? ",), }" : "), }"))
        .getBytes(StandardCharsets.US_ASCII);
  }

  StoredType type() {
    return type;
  }

  ByteOrder order() {
    return order;
  }

  /** Whether the first index runs fastest, not the last. */
  boolean columnMajor() {
    return columnMajor;
  }

  ShapeBuilder shape() {
    return shape;
  }

  private void parse() throws IOException {
    Set<String> seen = new HashSet<>();
    in.expect('{');
    while (!in.accept('}')) {
      int start = in.position();
      String key = text();
      if (!KEYS.contains(key)) {
        throw new IOException(
            "expected the keys " + KEYS + " but got " + JsonWriter.brief(key) + Cursor.at(start));
      }
      if (!seen.add(key)) {
        throw new IOException("duplicate key " + JsonWriter.brief(key) + Cursor.at(start));
      }
      in.expect(':');
      parseValue(key);
      if (!in.accept(',')) {
        in.expect('}');
        break;
      }
    }
    for (String key : KEYS) {
      if (!seen.contains(key)) {
        throw new IOException("expected the keys " + KEYS + " but " + key + " is missing");
      }
    }
    in.skipWhitespace();
    if (in.peek() >= 0) {
      throw in.expected("nothing but whitespace");
    }
  }

  private void parseValue(String key) throws IOException {
    switch (key) {
      case "descr" -> parseType(text());
      case "fortran_order" -> columnMajor = truth();
      default -> shape = tuple();
    }
  }

  private void parseType(String descr) throws IOException {
    type =
        switch (descr.isEmpty() ? "" : descr.substring(1)) {
          case "f8" -> StoredType.F64;
          case "f4" -> StoredType.F32;
          case "f2" -> StoredType.F16;
          default -> null;
        };
    order =
        switch (descr.isEmpty() ? ' ' : descr.charAt(0)) {
          case '<' -> ByteOrder.LITTLE_ENDIAN;
          case '>' -> ByteOrder.BIG_ENDIAN;
          case '=' -> ByteOrder.nativeOrder();
          default -> null;
        };
    if (type == null || order == null) {
      throw new IOException(
          "expected a descr of f8, f4 or f2 after <, > or = but got " + JsonWriter.brief(descr));
    }
  }

  /** A string in either kind of quotes; the format's own strings need no escapes. */
  private String text() throws IOException {
    in.skipWhitespace();
    int quote = in.peek();
    if (quote != '\'' && quote != '"') {
      throw in.expected("a string");
    }
    in.advance();
    StringBuilder text = new StringBuilder();
    while (in.peek() != quote) {
      if (in.peek() < ' ' || in.peek() > '~' || in.peek() == '\\') {
        throw in.expected("the rest of a string in plain ASCII");
      }
      text.append((char) in.peek());
      in.advance();
    }
    in.advance();
    return text.toString();
  }

  private boolean truth() throws IOException {
    in.skipWhitespace();
    boolean value = in.peek() == 'T';
    if (!value && in.peek() != 'F') {
      throw in.expected("True or False");
    }
    for (char c : (value ? "True" : "False").toCharArray()) {
      if (in.peek() != c) {
        throw in.expected("True or False");
      }
      in.advance();
    }
    return value;
  }

  /** Whole numbers in parentheses; a single one needs its comma, as in {@code (3,)}. */
  private ShapeBuilder tuple() throws IOException {
    ShapeBuilder tuple = new ShapeBuilder();
    in.expect('(');
    while (!in.accept(')')) {
      tuple.add(in.wholeNumber());
      if (tuple.rank() == 1) {
        in.expect(',');
      } else if (!in.accept(',')) {
        in.expect(')');
        break;
      }
    }
    return tuple;
  }
}
