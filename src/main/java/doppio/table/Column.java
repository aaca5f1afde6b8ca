package doppio.table;

import doppio.Generator;
import doppio.Tensor;
import doppio.data.Dataset;
import doppio.data.Standardizer;
import doppio.nn.Embedding;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What was learned of one component, and the inputs that its values become.
 *
 * @param name the component
 * @param type the name of its class
 * @param kind how it is taken
 * @param mean what is taken off a number, and stands for a missing one
 * @param std what a number is divided by then; 0 for one that does not vary, which becomes 0
 * @param gaps whether an input says that a number is missing; of words, whether the training had
 *     others than these
 * @param words the words that have a place each, the empty one for a missing word; the place behind
 *     the last is for all others
 */
record Column(
    String name,
    String type,
    Kind kind,
    double mean,
    double std,
    boolean gaps,
    Map<String, Integer> words) {

  /** Of a row of a table for words at most, and how far its numbers lie from 0 at first. */
  private static final int MOST_DIMENSIONS = 16;

  private static final double DEVIATION = 0.1;

  enum Kind {
    NUMBER,
    LOG,
    /** An input for each place. */
    WORDS,
    /** The place itself is the input, for a table to look up. */
    INDEX
  }

  /** Which words have a place: not the rare ones, and not too many; from some number on a table. */
  record Vocabulary(int rare, int most, int embedFrom) {}

  /** Checks the figures, which may come from a file. */
  Column {
    if (!(std >= 0) || !Double.isFinite(mean + std)) {
      throw new IllegalArgumentException(
          name + ": mean and std must be finite, std not negative, got " + mean + " and " + std);
    }
  }

  /** Words, the most frequent of those that are not rare, in their alphabet's order. */
  static Column ofWords(
      String name, String type, int n, IntFunction<Object> values, Vocabulary limits) {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < n; i++) {
      counts.merge(word(values.apply(i)), 1, Integer::sum);
    }
    List<String> words = new ArrayList<>(counts.keySet());
    words.removeIf(word -> counts.get(word) < limits.rare);
    words.sort(
        (a, b) ->
            counts.get(b).equals(counts.get(a))
                ? a.compareTo(b)
                : counts.get(b).compareTo(counts.get(a)));
    Map<String, Integer> places = places(words.stream().limit(limits.most).sorted().toList());
    Kind kind = places.size() < limits.embedFrom ? Kind.WORDS : Kind.INDEX;
    return new Column(name, type, kind, 0, 0, places.size() < counts.size(), places);
  }

  /** Numbers, by their mean and standard deviation. */
  static Column ofNumbers(String name, String type, Kind kind, int n, IntFunction<Object> values) {
    double[] known = new double[n];
    int size = 0;
    for (int i = 0; i < n; i++) {
      double value = number(name, kind, values.apply(i), i);
      if (!Double.isNaN(value)) {
        known[size++] = value;
      }
    }
    double mean = 0;
    double std = 0;
    if (size > 0) {
      Tensor x = Tensor.wrap(Arrays.copyOf(known, size), size, 1);
      Standardizer moments = Standardizer.fit(new Dataset(x, x));
      mean = moments.mean().data()[0];
      std = moments.std().data()[0];
    }
    return new Column(name, type, kind, mean, std, size < n, Map.of());
  }

  /** The words in their places. */
  static Map<String, Integer> places(List<String> words) {
    Map<String, Integer> places = new LinkedHashMap<>();
    for (String word : words) {
      places.put(word, places.size());
    }
    return places;
  }

  /** The number of inputs. */
  int width() {
    return kind == Kind.WORDS ? words.size() + 1 : gaps && kind != Kind.INDEX ? 2 : 1;
  }

  /** A table for the places; words that no training has told of start as nothing special. */
  Embedding table(Generator generator) {
    int count = words.size() + 1;
    int dim = Math.min(MOST_DIMENSIONS, (int) Math.ceil(Math.sqrt(count)));
    Embedding table = new Embedding(count, dim, generator);
    double[] w = table.weight().value().data();
    for (int i = 0; i < w.length; i++) {
      w[i] = !gaps && i >= words.size() * dim ? 0 : DEVIATION * w[i];
    }
    return table;
  }

  /** Adds the names of the inputs. */
  void addNames(List<String> names) {
    if (kind == Kind.INDEX) {
      names.add(name + " as an index");
      return;
    }
    if (kind == Kind.WORDS) {
      words
          .keySet()
          .forEach(word -> names.add(name + (word.isEmpty() ? " is missing" : " = " + word)));
      names.add(name + " is another");
      return;
    }
    names.add(kind == Kind.LOG ? "log(1 + " + name + ")" : name);
    if (gaps) {
      names.add(name + " is missing");
    }
  }

  /** Writes the inputs of a value of row number {@code row}; the places hold zeros. */
  void write(Object value, int row, double[] x, int at) {
    if (isWords()) {
      writePlace(words.getOrDefault(word(value), words.size()), x, at);
      return;
    }
    double number = number(name, kind, value, row);
    if (!Double.isNaN(number)) {
      x[at] = std == 0 ? 0 : (number - mean) / std;
    } else if (gaps) {
      x[at + 1] = 1;
    }
  }

  /** Writes the inputs of a word that nobody has seen; zeros stand for other values. */
  void writeUnseen(double[] x, int at) {
    if (isWords()) {
      writePlace(words.size(), x, at);
    }
  }

  private void writePlace(int place, double[] x, int at) {
    if (kind == Kind.INDEX) {
      x[at] = place;
    } else {
      x[at + place] = 1;
    }
  }

  private boolean isWords() {
    return kind == Kind.WORDS || kind == Kind.INDEX;
  }

  private static String word(Object value) {
    return value == null ? "" : value.toString();
  }

  /** A value as a number, NaN where it is missing. */
  static double number(String name, Kind kind, Object value, int row) {
    double number;
    if (value == null) {
      return Double.NaN;
    } else if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof Boolean b) {
      number = b ? 1 : 0;
    } else if (value instanceof LocalDate date) {
      number = date.toEpochDay();
    } else {
      try {
        number = Double.parseDouble(value.toString());
      } catch (NumberFormatException e) {
        throw wrong(name, "a number", value, row);
      }
    }
    if (!Double.isFinite(number)) {
      throw wrong(name, "a finite number", value, row);
    }
    if (kind != Kind.LOG) {
      return number;
    }
    if (number <= -1) {
      throw wrong(name, "a number above -1 for log(1 + x)", value, row);
    }
    return StrictMath.log1p(number);
  }

  private static IllegalArgumentException wrong(
      String name, String expected, Object value, int row) {
    return new IllegalArgumentException(
        "row " + row + ", " + name + ": expected " + expected + " but got " + value);
  }

  /** What was learned, as a line. */
  @Override
  public String toString() {
    String learned =
        isWords()
            ? words.size() + " words"
            : String.format(Locale.ROOT, "mean %.6g, std %.6g%s", mean, std, gaps ? ", gaps" : "");
    return String.format(
        Locale.ROOT,
        "%-20s %-10s %-7s %3d  %s",
        name,
        type,
        kind.name().toLowerCase(Locale.ROOT),
        width(),
        learned);
  }
}
