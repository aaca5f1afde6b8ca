package doppio.examples;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Command-line arguments of the form {@code --name value}. */
final class Options {
  private static final String DASHES = "--";

  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the arguments.
   *
   * @param known the names of the options that the example takes, without dashes
   * @throws IllegalArgumentException if an argument is no option, or the option is unknown, given
   *     twice or without a value
   */
  static Options parse(String[] args, String... known) {
    List<String> names = List.of(known);
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith(DASHES) ? args[i].substring(DASHES.length()) : "";
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "unknown argument " + args[i] + "; this example takes " + describe(names));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      if (values.put(name, args[i + 1]) != null) {
        throw new IllegalArgumentException(args[i] + " is given twice");
      }
    }
    return new Options(values);
  }

  /** The value of an option that is a whole number of at least {@code minimum}. */
  int number(String name, int minimum, int fallback) {
    String value = values.get(name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= minimum) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, with the same words.
    }
    throw new IllegalArgumentException(
        DASHES + name + " expects a whole number of at least " + minimum + ", got " + value);
  }

  /** The value of an option that is one of a few words; the first is taken where none is given. */
  String choice(String name, String... words) {
    String value = values.getOrDefault(name, words[0]);
    if (!Arrays.asList(words).contains(value)) {
      throw new IllegalArgumentException(
          DASHES + name + " expects " + String.join(" or ", words) + ", got " + value);
    }
    return value;
  }

  /** The value of an option that is a file or a folder. */
  Path path(String name, Path fallback) {
    return values.containsKey(name) ? Path.of(values.get(name)) : fallback;
  }

  /** The folder for pictures, {@code --out}: {@code target/examples} where none is given. */
  Path folder() {
    return Path.of(values.getOrDefault("out", "target/examples"));
  }

  private static String describe(List<String> names) {
    return names.isEmpty()
        ? "none"
        : names.stream().map(name -> DASHES + name).collect(Collectors.joining(", "));
  }
}
