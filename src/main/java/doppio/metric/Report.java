package doppio.metric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Objects;

/**
 * Precision, recall and F1 of each class and their means.
 *
 * <p>Precision is the part of the samples taken for a class that belongs to it, recall the part of
 * the class that was found, F1 = 2·precision·recall / (precision + recall); where nothing is to be
 * divided by, they are 0. Figures and text are those of {@code
 * sklearn.metrics.classification_report} with {@code zero_division=0} and all classes as labels.
 */
public final class Report {
  private static final int DIGITS = 2;

  private final ConfusionMatrix matrix;
  private final Scores[] classes;

  /**
   * Figures of one class, or a mean of them.
   *
   * @param support the number of samples behind them
   */
  public record Scores(double precision, double recall, double f1, int support) {}

  /** The report of a confusion matrix. */
  public Report(ConfusionMatrix matrix) {
    this.matrix = Objects.requireNonNull(matrix, "matrix");
    classes = new Scores[matrix.classes()];
    for (int c = 0; c < classes.length; c++) {
      int actual = 0;
      int predicted = 0;
      for (int other = 0; other < classes.length; other++) {
        actual += matrix.count(c, other);
        predicted += matrix.count(other, c);
      }
      int right = matrix.count(c, c);
      classes[c] =
          new Scores(
              share(right, predicted),
              share(right, actual),
              share(2 * right, actual + predicted),
              actual);
    }
  }

  private static double share(int part, int all) {
    return all == 0 ? 0 : (double) part / all;
  }

  /**
   * The figures of a class.
   *
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public Scores of(int actual) {
    return classes[matrix.index(actual)];
  }

  /**
   * The figures of a class.
   *
   * @throws IllegalArgumentException if no class has this name
   */
  public Scores of(String name) {
    int actual = matrix.names().indexOf(Objects.requireNonNull(name, "name"));
    if (actual < 0) {
      throw new IllegalArgumentException("no class " + name + " among " + matrix.names());
    }
    return classes[actual];
  }

  /** The part of all samples that was taken for what it is, 0 to 1; NaN if there are none. */
  public double accuracy() {
    return matrix.accuracy();
  }

  /** The mean over the classes, each counting alike. */
  public Scores macro() {
    return mean(false);
  }

  /** The mean over the classes, each counting by its samples. */
  public Scores weighted() {
    return mean(true);
  }

  /** How often each class was taken for each. */
  public ConfusionMatrix matrix() {
    return matrix;
  }

  private Scores mean(boolean weighted) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double weights = 0;
    int support = 0;
    for (Scores s : classes) {
      double weight = weighted ? s.support : 1;
      precision += weight * s.precision;
      recall += weight * s.recall;
      f1 += weight * s.f1;
      weights += weight;
      support += s.support;
    }
    double all = weights == 0 ? 1 : weights;
    return new Scores(precision / all, recall / all, f1 / all, support);
  }

  /** The table that scikit-learn prints. */
  @Override
  public String toString() {
    int width = "weighted avg".length();
    for (String name : matrix.names()) {
      width = Math.max(width, name.length());
    }
    String row = "%" + width + "s  %9s %9s %9s %9s\n";
    StringBuilder s = new StringBuilder();
    s.append(String.format(Locale.ROOT, row, "", "precision", "recall", "f1-score", "support"));
    s.append('\n');
    for (int c = 0; c < classes.length; c++) {
      s.append(line(row, matrix.names().get(c), classes[c]));
    }
    Scores macro = macro();
    s.append('\n');
    s.append(String.format(Locale.ROOT, row, "accuracy", "", "", text(accuracy()), macro.support));
    return s.append(line(row, "macro avg", macro))
        .append(line(row, "weighted avg", weighted()))
        .toString();
  }

  private static String line(String row, String name, Scores s) {
    return String.format(
        Locale.ROOT, row, name, text(s.precision), text(s.recall), text(s.f1), s.support);
  }

  /** Halves go to the even digit, as Python has it, where {@code String.format} goes up. */
  private static String text(double value) {
    return Double.isNaN(value)
        ? "nan"
        : new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).toPlainString();
  }
}
