package doppio.internal;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signs beyond ASCII as words, where standard output shows ASCII alone, as in a container without a
 * locale: a question mark would stand in their place.
 */
public final class Signs {
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("³²", "^32");
    WORDS.put("²", "^2");
    WORDS.put("×", "x");
    WORDS.put("→", "to");
    WORDS.put("←", "=");
    WORDS.put("−", "-");
    WORDS.put("…", "...");
    WORDS.put("η", "eta");
    WORDS.put("δ", "delta ");
  }

  private static final Charset OUTPUT = output();

  private Signs() {}

  /** {@return the text as standard output can show it} */
  public static String text(String text) {
    return text(text, OUTPUT);
  }

  /** {@return the text with words for signs, whatever standard output can show} */
  public static String ascii(String text) {
    return text(text, StandardCharsets.US_ASCII);
  }

  static String text(String text, Charset output) {
    if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
      return text;
    }
    String shown = text;
    for (Map.Entry<String, String> sign : WORDS.entrySet()) {
      if (!output.newEncoder().canEncode(sign.getKey())) {
        shown = shown.replace(sign.getKey(), sign.getValue());
      }
    }
    return shown;
  }

  /** Java 19 has a property for it, Java 17 another where there is a terminal. */
  private static Charset output() {
    for (String property : new String[] {"stdout.encoding", "sun.stdout.encoding"}) {
      String name = System.getProperty(property);
      try {
        if (name != null && Charset.isSupported(name)) {
          return Charset.forName(name);
        }
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        // As if it were not set.
      }
    }
    return Charset.defaultCharset();
  }
}
