package doppio.internal.state;

import doppio.internal.Signs;
import java.util.Locale;

/** Strings as JSON writes them (RFC 8259). */
public final class JsonWriter {
  private static final int BRIEF = 80;

  private JsonWriter() {}

  /**
   * The text in quotes, with escapes for nothing but quotes, backslashes and control characters.
   */
  public static String quote(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append('"').toString();
  }

  /** The text in quotes for a message, which a hostile name must not flood. */
  public static String brief(String text) {
    return text.length() <= BRIEF ? quote(text) : quote(text.substring(0, BRIEF)) + Signs.text("…");
  }
}
