package doppio.attack;

import doppio.Tensor;
import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How a finding prints what a call got. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  static String text(Object[] values) {
    return String.join(", ", Arrays.stream(values).map(Shown::text).toList());
  }

  private static String text(Object value) {
    if (value instanceof Tensor t) {
      return "Tensor" + Arrays.toString(t.shape()) + (t.size() > 0 ? " of " + t.data()[0] : "");
    }
    if (value instanceof String s) {
      return '"' + s.substring(0, Math.min(s.length(), 10)) + (s.length() > 10 ? "…" : "") + '"';
    }
    if (value == null || value instanceof Number || value instanceof List) {
      return cut(String.valueOf(value));
    }
    if (value.getClass().isArray()) {
      List<String> elements = new ArrayList<>();
      for (int i = 0; i < Math.min(Array.getLength(value), 10); i++) {
        elements.add(text(Array.get(value, i)));
      }
      return cut(value.getClass().getSimpleName() + elements);
    }
    String type = Proxy.isProxyClass(value.getClass()) ? "" : value.getClass().getSimpleName();
    return cut(type + ":" + value);
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
