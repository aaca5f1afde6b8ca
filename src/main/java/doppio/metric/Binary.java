package doppio.metric;

import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Total;
import java.util.Arrays;
import java.util.Comparator;

/** Scores of samples that are positive or not. */
final class Binary {
  private final double[] scores;
  private final boolean[] positive;
  private int positives;

  /**
   * Scores of one shape with targets of 0 and 1, or of two outputs {@code [n, 2]}, whose difference
   * counts then.
   */
  Binary(String who, Tensor predictions, Tensor targets) {
    boolean two = predictions.rank() == 2 && predictions.dim(1) == 2;
    Classes classes = two ? new Classes(who, predictions, Classes.notEmpty(who, targets)) : null;
    if (!two) {
      Classes.sameShape(who, predictions, targets);
    }
    double[] p = predictions.data();
    scores = new double[two ? p.length / 2 : p.length];
    positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = two ? p[2 * i + 1] - p[2 * i] : p[i];
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException("the prediction in row " + i + " has a NaN");
      }
      int target = two ? classes.target(i) : Require.index("the target", i, targets.data()[i], 2);
      positive[i] = target == 1;
      positives += positive[i] ? 1 : 0;
    }
  }

  /** The part of the scores that lie above a threshold where the target is 1, and only there. */
  double accuracy(double threshold) {
    int right = 0;
    for (int i = 0; i < scores.length; i++) {
      right += scores[i] > threshold == positive[i] ? 1 : 0;
    }
    return (double) right / scores.length;
  }

  /**
   * What lies above a threshold and is positive, of what lies above it a times and of what is
   * positive b times: precision, recall, and F1 for both. 0 of nothing.
   */
  double found(double threshold, int a, int b) {
    int found = 0;
    int taken = 0;
    for (int i = 0; i < scores.length; i++) {
      taken += scores[i] > threshold ? 1 : 0;
      found += scores[i] > threshold && positive[i] ? 1 : 0;
    }
    int of = a * taken + b * positives;
    return of == 0 ? 0 : (double) (a + b) * found / of;
  }

  /** The part of the pairs of a positive and a negative that are in order, equal ones half. */
  double areaUnderCurve() {
    double wrong = 0;
    double before = 0;
    for (int[] group : groups()) {
      wrong += group[1] * (before + group[0] / 2.0);
      before += group[0];
    }
    double pairs = (double) positives * (scores.length - positives);
    return 1 - wrong / pairs;
  }

  /** Σ (recall − recall before) · precision over the groups of equal scores. */
  double averagePrecision() {
    Total sum = new Total(scores.length);
    int found = 0;
    int taken = 0;
    for (int[] group : groups()) {
      found += group[1];
      taken += group[0] + group[1];
      sum.add((double) group[1] / Math.max(1, positives) * found / taken);
    }
    return sum.value();
  }

  /** How many are negative and positive in each group of equal scores, the highest first. */
  private int[][] groups() {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    int[][] groups = new int[scores.length][];
    int n = 0;
    for (int i = 0; i < order.length; i++) {
      if (i == 0 || scores[order[i]] != scores[order[i - 1]]) {
        groups[n++] = new int[2];
      }
      groups[n - 1][positive[order[i]] ? 1 : 0]++;
    }
    return Arrays.copyOf(groups, n);
  }

  /** The mean of −log of the probability that the class had, see {@link Metric#logLoss}. */
  static double logLoss(Tensor predictions, Tensor targets) {
    boolean one = predictions.rank() == 1 || predictions.dim(-1) == 1;
    Classes classes =
        one ? null : new Classes("log loss", predictions, Classes.notEmpty("log loss", targets));
    if (one) {
      Classes.sameShape("log loss", predictions, targets);
    }
    int count = one ? 2 : classes.count;
    double[] p = predictions.data();
    int n = one ? p.length : classes.rows;
    Total sum = new Total(n);
    for (int i = 0; i < n; i++) {
      int target = one ? Require.index("the target", i, targets.data()[i], 2) : classes.target(i);
      double all = 0;
      for (int c = count - 1; c >= 0; c--) {
        all += clipped(one ? (c == 1 ? p[i] : 1 - p[i]) : p[i * count + c], i);
      }
      double own = one ? (target == 1 ? p[i] : 1 - p[i]) : p[i * count + target];
      sum.add(-StrictMath.log(clipped(own, i) / all));
    }
    return sum.value() / n;
  }

  private static double clipped(double p, int row) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "log loss expects probabilities but got " + p + " in row " + row);
    }
    return Math.max(0x1p-52, Math.min(1 - 0x1p-52, p));
  }
}
