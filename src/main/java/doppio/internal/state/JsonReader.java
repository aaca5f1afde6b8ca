package doppio.internal.state;

import doppio.internal.Buffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Reads strict JSON (RFC 8259) in UTF-8, one piece after another as the caller asks for it: {@link
 * #open} steps into an object, {@code key} and {@code string} take what is there, {@code more}
 * steps over a comma or out again, {@code end} finds nothing left.
 *
 * <p>The caller says what must come next, so that the nesting of a hostile document meets the
 * caller's bound and never the stack's. Every error tells the byte where it was found.
 */
public final class JsonReader extends Cursor {
  private final byte[] json;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  public JsonReader(byte[] json) {
    super(json);
    this.json = json;
  }

  /** Steps into an array or object; false if it is empty, and then behind it. */
  public boolean open(char open, char close) throws IOException {
    expect(open);
    return !accept(close);
  }

  /** Steps over the comma to the next element, or out of the array or object. */
  public boolean more(char close) throws IOException {
    if (accept(',')) {
      return true;
    }
    if (accept(close)) {
      return false;
    }
    throw expected("',' or '" + close + "'");
  }

  /** Reads a key and its colon; {@code seen} holds the object's keys so far. */
  public String key(Set<String> seen) throws IOException {
    skipWhitespace();
    int start = position();
    String key = string();
    if (!seen.add(key)) {
      throw new IOException("duplicate key " + JsonWriter.brief(key) + at(start));
    }
    expect(':');
    return key;
  }

  public String string() throws IOException {
    skipWhitespace();
    if (peek() != '"') {
      throw expected("a string");
    }
    advance();
    StringBuilder text = new StringBuilder();
    while (true) {
      plain(text);
      if (peek() == '"') {
        advance();
        return text.toString();
      }
      if (peek() != '\\') {
        throw expected("the rest of a string");
      }
      advance();
      escape(text);
    }
  }

  /** Reads {@code true} or {@code false}. */
  public boolean truth() throws IOException {
    skipWhitespace();
    boolean value = peek() == 't';
    for (char c : (value ? "true" : "false").toCharArray()) {
      if (peek() != c) {
        throw expected("true or false");
      }
      advance();
    }
    return value;
  }

  /**
   * Reads a number: an {@code Integer} where it has neither fraction nor exponent, otherwise a
   * {@code Double}.
   */
  public Number number() throws IOException {
    skipWhitespace();
    int start = position();
    if (peek() == '-') {
      advance();
    }
    boolean zero = peek() == '0';
    if (digits() > 1 && zero) {
      throw new IOException("expected a number but got one with a leading zero" + at(start));
    }
    boolean whole = true;
    if (peek() == '.') {
      whole = false;
      advance();
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      advance();
      if (peek() == '+' || peek() == '-') {
        advance();
      }
      digits();
    }
    String text = new String(json, start, position() - start, StandardCharsets.US_ASCII);
    try {
      return whole ? (Number) Integer.valueOf(text) : (Number) Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "expected a whole number of 32 bits but got " + JsonWriter.brief(text) + at(start), e);
    }
  }

  private int digits() throws IOException {
    int start = position();
    while (peek() >= '0' && peek() <= '9') {
      advance();
    }
    if (position() == start) {
      throw expected("a digit");
    }
    return position() - start;
  }

  /** Steps over the spaces that pad a header; nothing else may follow the document. */
  public void end() throws IOException {
    while (peek() == ' ') {
      advance();
    }
    if (peek() >= 0) {
      throw expected("nothing but spaces");
    }
  }

  /** Reads up to a quote, a backslash or what a string may not hold. */
  private void plain(StringBuilder text) throws IOException {
    int start = position();
    while (peek() >= ' ' && peek() != '"' && peek() != '\\') {
      advance();
    }
    int length = position() - start;
    ByteBuffer bytes = ByteBuffer.wrap(json, start, length);
    CharBuffer chars = CharBuffer.allocate(length);
    CoderResult result = utf8.reset().decode(bytes, chars, true);
    if (result.isError()) {
      throw new IOException("malformed UTF-8" + at(bytes.position()));
    }
    text.append(Buffers.flip(chars));
  }

  private void escape(StringBuilder text) throws IOException {
    int c = peek();
    switch (c) {
      case '"', '\\', '/' -> text.append((char) c);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        unicode(text);
        return;
      }
      default -> throw expected("one of \"\\/bfnrtu after a backslash");
    }
    advance();
  }

  /** Reads from the {@code u}; characters beyond the first 65,536 come as two escapes. */
  private void unicode(StringBuilder text) throws IOException {
    int start = position() - 1;
    char first = fourDigits();
    text.append(first);
    if (!Character.isSurrogate(first)) {
      return;
    }
    if (Character.isHighSurrogate(first) && peek() == '\\') {
      advance();
      if (peek() == 'u') {
        char second = fourDigits();
        if (Character.isLowSurrogate(second)) {
          text.append(second);
          return;
        }
      }
    }
    throw new IOException("expected a surrogate pair but got half of one" + at(start));
  }

  private char fourDigits() throws IOException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      advance();
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw expected("four hexadecimal digits");
      }
      value = 16 * value + digit;
    }
    advance();
    return (char) value;
  }
}
