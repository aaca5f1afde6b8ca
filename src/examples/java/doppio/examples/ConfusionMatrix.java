package doppio.examples;

import doppio.Tensor;
import java.util.Locale;

/** How often samples of each class were taken for each class; a sample's class is its argmax. */
final class ConfusionMatrix {
  private final int[][] counts;

  /**
   * Counts the predictions.
   *
   * @param predictions one number a class, {@code [n, classes]}; the largest one wins
   * @param targets class indices {@code [n]}
   */
  ConfusionMatrix(Tensor predictions, Tensor targets) {
    int classes = predictions.dim(1);
    counts = new int[classes][classes];
    for (int i = 0; i < predictions.dim(0); i++) {
      counts[(int) targets.get(i)][argmax(predictions, i)]++;
    }
  }

  /** The part of all samples that was taken for what it is, 0 to 1. */
  double accuracy() {
    int right = 0;
    int all = 0;
    for (int actual = 0; actual < counts.length; actual++) {
      right += counts[actual][actual];
      all += total(actual);
    }
    return (double) right / all;
  }

  /** A table: a row for each actual class, a column for each predicted one, and each row's part. */
  @Override
  public String toString() {
    StringBuilder s = new StringBuilder("actual | predicted\n       |");
    for (int predicted = 0; predicted < counts.length; predicted++) {
      s.append(String.format(Locale.ROOT, "%4d", predicted));
    }
    s.append("    found\n-------+").append("-".repeat(4 * counts.length + 9)).append('\n');
    for (int actual = 0; actual < counts.length; actual++) {
      s.append(String.format(Locale.ROOT, "%6d |", actual));
      for (int count : counts[actual]) {
        s.append(String.format(Locale.ROOT, "%4s", count == 0 ? "." : count));
      }
      double found = 100.0 * counts[actual][actual] / total(actual);
      s.append(String.format(Locale.ROOT, "  %5.1f %%", found)).append('\n');
    }
    return s.toString();
  }

  private int total(int actual) {
    int total = 0;
    for (int count : counts[actual]) {
      total += count;
    }
    return total;
  }

  private static int argmax(Tensor rows, int row) {
    int best = 0;
    for (int i = 1; i < rows.dim(1); i++) {
      if (rows.get(row, i) > rows.get(row, best)) {
        best = i;
      }
    }
    return best;
  }
}
