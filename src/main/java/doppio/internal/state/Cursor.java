package doppio.internal.state;

import java.io.IOException;
import java.util.Locale;

/** A place in a textual header, and the steps that JSON and Python literals share. */
public class Cursor {
  private final byte[] bytes;
  private int position;

  public Cursor(byte[] bytes) {
    this.bytes = bytes;
  }

  public final int position() {
    return position;
  }

  /** The byte at the cursor, from 0 to 255, or −1 at the end. */
  public final int peek() {
    return position < bytes.length ? Byte.toUnsignedInt(bytes[position]) : -1;
  }

  public final void advance() {
    position++;
  }

  public final void skipWhitespace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      advance();
    }
  }

  /** Steps over whitespace and then, if it is there, over the character. */
  public final boolean accept(char c) {
    skipWhitespace();
    if (peek() != c) {
      return false;
    }
    advance();
    return true;
  }

  /** Steps over whitespace and the character, which must be there. */
  public final void expect(char c) throws IOException {
    if (!accept(c)) {
      throw expected("'" + c + "'");
    }
  }

  /** Reads a whole number from 0 to 2⁶³ − 1: no sign, fraction, exponent or leading zero. */
  public final long wholeNumber() throws IOException {
    skipWhitespace();
    int start = position;
    long value = 0;
    while (peek() >= '0' && peek() <= '9') {
      int digit = peek() - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        throw new IOException(
            "expected a number of at most " + Long.MAX_VALUE + " but got a larger one" + at(start));
      }
      value = 10 * value + digit;
      advance();
    }
    if (position - start > 1 && bytes[start] == '0') {
      throw new IOException("expected a whole number but got one with a leading zero" + at(start));
    }
    if (position == start || peek() == '.' || peek() == 'e' || peek() == 'E') {
      throw expected("a whole number");
    }
    return value;
  }

  /** The error that something else stands at the cursor. */
  public final IOException expected(String what) {
    return new IOException("expected " + what + " but got " + found() + at(position));
  }

  /** The end of a message, which tells the place. */
  public static String at(int position) {
    return " at byte " + position + " of the header";
  }

  private String found() {
    int c = peek();
    if (c < 0) {
      return "the end";
    }
    return c >= ' ' && c <= '~' ? "'" + (char) c + "'" : String.format(Locale.ROOT, "0x%02x", c);
  }
}
