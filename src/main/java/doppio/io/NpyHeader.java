package doppio.io;

import doppio.internal.Shapes;
import doppio.internal.StoredType;
import doppio.internal.state.Cursor;
import doppio.internal.state.JsonWriter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header of an .npy file, a Python dictionary: {@code {'descr': '<f8', 'fortran_order': False,
 * 'shape': (2, 3), }}.
 */
final class NpyHeader {
  private static final List<String> KEYS = List.of("descr", "fortran_order", "shape");

  /** What cannot be read, by NumPy's letter. */
  private static final Map<Character, String> OTHER_KINDS =
      Map.of(
          'c', "complex numbers",
          'f', "numbers of another precision",
          'M', "dates",
          'm', "lengths of time",
          'O', "Python objects in a pickle",
          'S', "text",
          'U', "text",
          'V', "raw bytes");

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
    String dimensions = Shapes.text(shape);
    return ("{'descr': '"
            + (dtype.width() == 1 ? '|' : '<')
            + dtype.code()
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
      case "descr" -> parseType();
      case "fortran_order" -> columnMajor = truth();
      default -> shape = tuple();
    }
  }

  private void parseType() throws IOException {
    in.skipWhitespace();
    if (in.peek() == '[') {
      throw new IOException(
          "expected an array of numbers but this is a table with named fields:"
              + " save each field as an array of its own");
    }
    String descr = text();
    String code = descr.isEmpty() ? "" : descr.substring(1);
    type = type(code);
    order =
        switch (descr.isEmpty() ? ' ' : descr.charAt(0)) {
          case '<' -> ByteOrder.LITTLE_ENDIAN;
          case '>' -> ByteOrder.BIG_ENDIAN;
          case '=' -> ByteOrder.nativeOrder();
          case '|' -> type != null && type.width() == 1 ? ByteOrder.nativeOrder() : null;
          default -> null;
        };
    if (type == null || order == null) {
      String kind = code.isEmpty() ? null : OTHER_KINDS.get(code.charAt(0));
      throw new IOException(
          "expected a byte order (<, > or =) and f8, f4, f2, i8 to i1, u8 to u1 or b1 but got "
              + JsonWriter.brief(descr)
              + (kind == null ? "" : ", which is " + kind));
    }
  }

  private static StoredType type(String code) {
    for (Dtype dtype : Dtype.values()) {
      if (code.equals(dtype.code())) {
        return dtype.stored();
      }
    }
    // Which is read and never written.
    return code.equals("f2") ? StoredType.F16 : null;
  }

  /** A string in either kind of quotes; the format's own strings need no escapes. */
  private String text() throws IOException {
    in.skipWhitespace();
    if (in.peek() == 'u' || in.peek() == 'b') {
      // As Python 2 and 3 mark strings that are not of their usual kind.
      in.advance();
    }
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
      if (in.peek() == 'L') {
        // A long of Python 2.
        in.advance();
      }
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
