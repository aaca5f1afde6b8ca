package doppio.loss;

import doppio.internal.Signs;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Prints the settings of a loss after its name. */
final class SettingsText {
  /** Messages quote a loss, and there may be a thousand class weights. */
  private static final int LONGEST_LIST = 8;

  private SettingsText() {}

  /**
   * {@code (sum, half)}, {@code (ignoreIndex -100)}: a flag is its name, the reduction its value;
   * flags that are not set and the mean are left out, and so are the brackets around nothing.
   */
  static String of(Map<String, Object> settings) {
    StringJoiner text = new StringJoiner(", ", "(", ")").setEmptyValue("");
    settings.forEach(
        (name, value) -> {
          if (name.equals(Reduction.SETTING)) {
            if (!value.equals(Reduction.MEAN.text())) {
              text.add(value.toString());
            }
          } else if (value instanceof Boolean flag) {
            if (flag) {
              text.add(name);
            }
          } else {
            text.add(name + " " + text(value));
          }
        });
    return text.toString();
  }

  private static String text(Object value) {
    if (value instanceof List<?> list && list.size() > LONGEST_LIST) {
      return "[" + list.get(0) + ", " + list.get(1) + Signs.text(", … ") + list.size() + " in all]";
    }
    return value.toString();
  }
}
