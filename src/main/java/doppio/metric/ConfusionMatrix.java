package doppio.metric;

import doppio.Tensor;
import doppio.data.Dataset;
import doppio.internal.Require;
import doppio.nn.Module;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How often samples of each class were taken for each class; a prediction's class is its argmax.
 */
public final class ConfusionMatrix {
  private final int[][] counts;
  private final List<String> names;

  /**
   * Counts the predictions.
   *
   * @param predictions one number a class, {@code [n, classes]}, or {@code [n, t, classes]} where
   *     every step counts; the first of the largest wins
   * @param targets class indices {@code [n]} or {@code [n, t]}, or rows of the predictions' shape
   *     whose one largest number marks the class
   * @throws doppio.ShapeException if the shapes are others
   * @throws IllegalArgumentException if a target is no class or a prediction has a NaN
   */
  public ConfusionMatrix(Tensor predictions, Tensor targets) {
    this(predictions, targets, null);
  }

  /**
   * Counts the predictions of classes with names.
   *
   * @param predictions as of the other constructor
   * @param targets as of the other constructor
   * @param names one a class, for the text; null for their numbers
   * @throws IllegalArgumentException as the other constructor does, or if there are more or fewer
   *     names than classes
   */
  public ConfusionMatrix(Tensor predictions, Tensor targets, List<String> names) {
    Classes classes = new Classes("ConfusionMatrix", predictions, targets);
    this.names =
        names == null
            ? IntStream.range(0, classes.count)
                .mapToObj(String::valueOf)
                .collect(Collectors.toUnmodifiableList())
            : Require.copy("names", names);
    if (this.names.size() != classes.count) {
      throw new IllegalArgumentException(
          "expected a name for each of " + classes.count + " classes but got " + names);
    }
    counts = new int[classes.count][classes.count];
    for (int i = 0; i < classes.rows; i++) {
      int predicted = classes.predicted(i);
      if (predicted == Classes.NONE) {
        throw new IllegalArgumentException("the prediction in " + classes.place(i) + " has a NaN");
      }
      counts[classes.target(i)][predicted]++;
    }
  }

  /** The matrix of what a model makes of a data set, by {@link Module#infer} batch by batch. */
  public static ConfusionMatrix of(Module model, Dataset data) {
    return new ConfusionMatrix(Predictions.of(model, data), data.targets());
  }

  /** The number of classes. */
  public int classes() {
    return counts.length;
  }

  /** The names of the classes, their numbers where none were given. */
  public List<String> names() {
    return names;
  }

  /**
   * How many samples of class {@code actual} were taken for class {@code predicted}.
   *
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public int count(int actual, int predicted) {
    return counts[index(actual)][index(predicted)];
  }

  /** The part of all samples that was taken for what it is, 0 to 1; NaN if there are none. */
  public double accuracy() {
    int right = 0;
    int all = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
      all += actual(c);
    }
    return (double) right / all;
  }

  /**
   * The part of a class's samples that was found, 0 to 1; NaN if it has none.
   *
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double recall(int actual) {
    index(actual);
    return (double) counts[actual][actual] / actual(actual);
  }

  /**
   * The part of the samples taken for a class that belongs to it, 0 to 1; NaN if none was.
   *
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double precision(int predicted) {
    index(predicted);
    int all = 0;
    for (int[] row : counts) {
      all += row[predicted];
    }
    return (double) counts[predicted][predicted] / all;
  }

  /** A table: a row for each actual class, a column for each predicted one, and the recall. */
  @Override
  public String toString() {
    int width = 4;
    for (int[] row : counts) {
      for (int count : row) {
        width = Math.max(width, Integer.toString(count).length() + 1);
      }
    }
    int margin = "actual".length();
    for (String name : names) {
      width = Math.max(width, name.length() + 1);
      margin = Math.max(margin, name.length());
    }
    String head = "%" + margin + "s |";
    StringBuilder s = new StringBuilder(String.format(Locale.ROOT, head, "actual"));
    s.append(" predicted\n").append(String.format(Locale.ROOT, head, ""));
    String cell = "%" + width + "s";
    for (int predicted = 0; predicted < counts.length; predicted++) {
      s.append(String.format(Locale.ROOT, cell, names.get(predicted)));
    }
    s.append("    found\n").append("-".repeat(margin + 1)).append('+');
    s.append("-".repeat(width * counts.length + 9)).append('\n');
    for (int actual = 0; actual < counts.length; actual++) {
      s.append(String.format(Locale.ROOT, head, names.get(actual)));
      for (int count : counts[actual]) {
        s.append(String.format(Locale.ROOT, cell, count == 0 ? "." : count));
      }
      String found =
          actual(actual) == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * recall(actual));
      s.append(String.format(Locale.ROOT, "%9s\n", found));
    }
    return s.toString();
  }

  /** A class, which there has to be. */
  int index(int index) {
    if (index < 0 || index >= counts.length) {
      throw new IndexOutOfBoundsException("no class " + index + " among " + counts.length);
    }
    return index;
  }

  private int actual(int actual) {
    int total = 0;
    for (int count : counts[actual]) {
      total += count;
    }
    return total;
  }
}
