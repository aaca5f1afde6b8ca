package doppio.internal.source;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions that a network's source may call: each is written where it is used, once. */
final class Functions {
  private static final Pattern HEAD = Pattern.compile("private static \\S+ (\\w+)\\(");
  private static final Pattern CALL = Pattern.compile("(?<!\\.)\\b(\\w+)\\(");

  /** Their texts by name, in the order in which they are written. */
  private static final Map<String, String> TEXTS = new LinkedHashMap<>();

  static {
    add(LookupText.TEXT);
    add(SequenceText.TEXT);
    add(LayerText.TEXT);
    add(ElementText.TEXT);
  }

  private Functions() {}

  private static void add(String texts) {
    for (String text : texts.split("\n\n(?=/\\*\\*)", -1)) {
      Matcher head = HEAD.matcher(text);
      if (!head.find()) {
        throw new IllegalStateException("no function: " + text);
      }
      TEXTS.put(head.group(1), text.stripTrailing() + "\n");
    }
  }

  /** The functions that this code calls, and those that they call. */
  static String calledBy(String code) {
    Set<String> called = new HashSet<>();
    collect(code, called);
    StringBuilder texts = new StringBuilder();
    TEXTS.forEach(
        (name, text) -> {
          if (called.contains(name)) {
            texts.append('\n').append(text);
          }
        });
    return texts.toString();
  }

  private static void collect(String code, Set<String> called) {
    Matcher calls = CALL.matcher(code);
    while (calls.find()) {
      String text = TEXTS.get(calls.group(1));
      if (text != null && called.add(calls.group(1))) {
        collect(text, called);
      }
    }
  }
}
