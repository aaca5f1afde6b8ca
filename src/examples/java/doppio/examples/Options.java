package doppio.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Command-line arguments of the form {@code --name value}, and what {@code --help} says of them.
 *
 * <pre>{@code
 * Options options = Options.of("Two circles.").seed().out().parse(args);
 * }</pre>
 */
final class Options {
  static final String HELP = "--help";

  private static final String DASHES = "--";
  private static final String OUT = "out";

  private final String about;
  private final Map<String, String> meanings = new LinkedHashMap<>();
  private final Map<String, String> values = new LinkedHashMap<>();

  private Options(String about) {
    this.about = about;
  }

  /** No options yet, of an example that is about this. */
  static Options of(String about) {
    return new Options(about);
  }

  /** Adds an option, with its meaning and what is taken without it; returns these options. */
  Options option(String name, String meaning) {
    meanings.put(name, meaning);
    return this;
  }

  /** Adds {@code --seed}. */
  Options seed() {
    return option("seed", "where the random numbers begin (66)");
  }

  /** Adds {@code --out}, the folder for pictures: {@link #parse} makes it, or refuses it. */
  Options out() {
    return option(OUT, "the folder for pictures (target/examples)");
  }

  /** Adds {@code --data} and {@code --samples}, for {@link ImageData#load}. */
  Options images(String whose) {
    return option("data", "a folder with the files of " + whose + " (enlarged digits without it)")
        .option("samples", "no more images than that (all)");
  }

  /**
   * Reads the arguments; returns these options.
   *
   * @throws UsageException if help is asked for, an argument is no option, or the option is
   *     unknown, given twice or without a value, or pictures cannot be written
   */
  Options parse(String[] args) {
    if (Arrays.asList(args).contains(HELP)) {
      throw UsageException.help(help());
    }
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith(DASHES) ? args[i].substring(DASHES.length()) : "";
      if (!meanings.containsKey(name)) {
        throw UsageException.wrong(
            "unknown argument " + args[i] + "; this example takes " + names());
      }
      if (i + 1 == args.length) {
        throw UsageException.wrong(args[i] + " needs a value");
      }
      if (values.put(name, args[i + 1]) != null) {
        throw UsageException.wrong(args[i] + " is given twice");
      }
    }
    if (meanings.containsKey(OUT)) {
      requireWritable(folder());
    }
    return this;
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
    throw UsageException.wrong(
        DASHES + name + " expects a whole number of at least " + minimum + ", got " + value);
  }

  /** The value of an option that is a number above 0. */
  double positive(String name, double fallback) {
    String value = values.get(name);
    if (value == null) {
      return fallback;
    }
    try {
      double number = Double.parseDouble(value);
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, with the same words.
    }
    throw UsageException.wrong(DASHES + name + " expects a number above 0, got " + value);
  }

  /** The value of an option that is one of a few words; the first is taken where none is given. */
  String choice(String name, String... words) {
    String value = values.getOrDefault(name, words[0]);
    if (!Arrays.asList(words).contains(value)) {
      throw UsageException.wrong(
          DASHES + name + " expects " + String.join(" or ", words) + ", got " + value);
    }
    return value;
  }

  /** The value of an option that is a folder to read from. */
  Path folder(String name, Path fallback) {
    Path folder = values.containsKey(name) ? Path.of(values.get(name)) : fallback;
    if (folder != null && !Files.isDirectory(folder)) {
      throw UsageException.wrong(DASHES + name + " expects a folder, got " + folder);
    }
    return folder;
  }

  /** The value of an option that is a file to read. */
  Path file(String name, Path fallback) {
    Path file = values.containsKey(name) ? Path.of(values.get(name)) : fallback;
    if (!Files.isRegularFile(file)) {
      throw UsageException.wrong(DASHES + name + " expects a file, got " + file);
    }
    return file;
  }

  /** The folder for pictures. */
  Path folder() {
    return Path.of(values.getOrDefault(OUT, "target/examples"));
  }

  /** Hours of training would be lost if the picture could not be written in the end. */
  private static void requireWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "writable", null));
    } catch (IOException e) {
      throw UsageException.wrong(
          DASHES + OUT + " expects a folder that can be written to, got " + folder);
    }
  }

  private String help() {
    int width = meanings.keySet().stream().mapToInt(String::length).max().orElse(0);
    String each =
        meanings.entrySet().stream()
            .map(e -> String.format("%n  --%-" + width + "s  %s", e.getKey(), e.getValue()))
            .collect(Collectors.joining());
    return about + (meanings.isEmpty() ? String.format("%n  takes no arguments") : each);
  }

  private String names() {
    return meanings.isEmpty()
        ? "none"
        : meanings.keySet().stream().map(DASHES::concat).collect(Collectors.joining(", "));
  }
}
