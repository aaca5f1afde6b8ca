package doppio.metric;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Require;
import doppio.internal.Signs;
import doppio.internal.Total;

/**
 * A number that says how good predictions are. One of your own is one method:
 *
 * <pre>{@code
 * Metric largestError = (predictions, targets) -> {
 *   double max = 0;
 *   for (int i = 0; i < predictions.size(); i++) {
 *     max = Math.max(max, Math.abs(predictions.data()[i] - targets.data()[i]));
 *   }
 *   return max;
 * };
 * }</pre>
 *
 * <p>A trainer measures it on its validation set after each epoch; {@link Predictions} gives the
 * predictions for other data: {@code Metric.accuracy().of(Predictions.of(model, test),
 * test.targets())}. Of a validation set whose targets differ in length, {@link
 * doppio.data.Sequences} say, metrics and loss see the steps of all as rows, {@code [steps, ...]}.
 *
 * <p>Those here refuse predictions of no sample and shapes that do not fit, with a {@link
 * ShapeException}. Where classes are compared, a prediction with a NaN is wrong.
 */
@FunctionalInterface
public interface Metric {
  /**
   * Measures the predictions.
   *
   * @param predictions what the model returned for all samples, {@code [n, ...]}
   * @param targets what it should have returned, {@code [n]} or {@code [n, ...]}
   */
  double of(Tensor predictions, Tensor targets);

  /**
   * Refuses predictions and targets that this metric does not take: a trainer asks before its first
   * batch, so that nobody waits an epoch for it. By default nothing is refused; the metrics here
   * refuse what {@link #of} does.
   *
   * @param predictions of the shape that the model returns, with any values
   * @param targets those of the validation set
   * @throws IllegalArgumentException if they do not fit
   */
  default void check(Tensor predictions, Tensor targets) {}

  /**
   * The part of the samples whose largest output is that of their class, 0 to 1.
   *
   * <p>Shapes: predictions {@code [n, classes]}; targets class indices {@code [n]}, or rows {@code
   * [n, classes]} whose one largest number marks the class. Targets that mark none are refused. Of
   * sequences every step counts as a sample: predictions {@code [n, t, classes]} with targets
   * {@code [n, t]} or {@code [n, t, classes]}.
   */
  static Metric accuracy() {
    return accuracy(Double.NaN);
  }

  /**
   * The same without the rows whose class index is this one, as {@link
   * doppio.loss.CrossEntropy#ignoreIndex} leaves them out; NaN where that leaves none.
   *
   * @param ignoreIndex a class, or a number that is none, for steps that are padding say
   */
  static Metric accuracy(int ignoreIndex) {
    return accuracy((double) ignoreIndex);
  }

  private static Metric accuracy(double ignored) {
    return new NamedMetric(
        "accuracy",
        (predictions, targets) -> {
          Classes classes =
              new Classes("accuracy", predictions, Classes.notEmpty("accuracy", targets));
          int right = 0;
          int counted = 0;
          for (int i = 0; i < classes.rows; i++) {
            if (!classes.has(ignored, i)) {
              counted++;
              right += classes.predicted(i) == classes.target(i) ? 1 : 0;
            }
          }
          return (double) right / counted;
        });
  }

  /**
   * The part of the samples whose outputs, each rounded to the nearest whole number (halves to the
   * even one), all equal their targets, 0 to 1: stricter than {@link #accuracy()}.
   *
   * <p>Shapes: both {@code [n, ...]}. Targets are whole numbers; others, which no rounded output
   * could equal, are refused.
   */
  static Metric roundedAccuracy() {
    return new NamedMetric(
        "rounded accuracy",
        (predictions, targets) -> {
          Classes.sameShape("rounded accuracy", predictions, targets);
          int n = targets.dim(0);
          int outputs = targets.size() / n;
          int right = 0;
          for (int i = 0; i < n; i++) {
            boolean all = true;
            for (int k = i * outputs; k < (i + 1) * outputs; k++) {
              all &= Math.rint(predictions.data()[k]) == wholeTarget(targets, i, k);
            }
            right += all ? 1 : 0;
          }
          return (double) right / n;
        });
  }

  /**
   * The part of the samples whose class is among the k of the largest outputs, 0 to 1; of equal
   * outputs the first counts as larger. Shapes as for {@link #accuracy()}, which is k = 1.
   *
   * @throws IllegalArgumentException if {@code k < 1}
   */
  static Metric topK(int k) {
    Require.atLeast(1, "k", k);
    String name = "top-" + k;
    return new NamedMetric(
        name,
        (predictions, targets) -> {
          Classes classes = new Classes(name, predictions, Classes.notEmpty(name, targets));
          double[] p = predictions.data();
          int right = 0;
          for (int i = 0; i < classes.rows; i++) {
            int target = classes.target(i);
            int before = classes.predicted(i) == Classes.NONE ? k : 0;
            for (int c = 0; c < classes.count; c++) {
              double other = p[i * classes.count + c];
              double own = p[i * classes.count + target];
              before += other > own || (other == own && c < target) ? 1 : 0;
            }
            right += before < k ? 1 : 0;
          }
          return (double) right / classes.rows;
        });
  }

  /**
   * The part of the elements that lie above a threshold where the target is 1, and only there.
   *
   * <p>Shapes: both {@code [n, ...]}, targets 0 or 1; or as for {@link #accuracy()} with two
   * outputs, whose difference counts.
   *
   * @param threshold 0 for logits, 0.5 for probabilities
   */
  static Metric binaryAccuracy(double threshold) {
    return new NamedMetric(
        "binary accuracy", (p, y) -> new Binary("binary accuracy", p, y).accuracy(threshold));
  }

  /**
   * The part of what lies above a threshold that has the target 1; 0 where nothing does. Shapes and
   * threshold as for {@link #binaryAccuracy}; for several classes see {@link Report}.
   */
  static Metric precision(double threshold) {
    return new NamedMetric(
        "precision", (p, y) -> new Binary("precision", p, y).found(threshold, 1, 0));
  }

  /**
   * The part of what has the target 1 that lies above a threshold; 0 where nothing has. Shapes and
   * threshold as for {@link #binaryAccuracy}.
   */
  static Metric recall(double threshold) {
    return new NamedMetric("recall", (p, y) -> new Binary("recall", p, y).found(threshold, 0, 1));
  }

  /**
   * The harmonic mean of precision and recall, F1 = 2·found / (above + positive), 0 where that has
   * no value. Shapes and threshold as for {@link #binaryAccuracy}.
   */
  static Metric f1(double threshold) {
    return new NamedMetric("F1", (p, y) -> new Binary("F1", p, y).found(threshold, 1, 1));
  }

  /**
   * The area under the ROC curve: how often a positive sample has a higher score than a negative
   * one, equal scores counting half. NaN where all are of one class.
   *
   * <p>Shapes: both {@code [n, ...]}, targets 0 or 1; or two outputs {@code [n, 2]}, whose
   * difference is the score, and targets as for {@link #accuracy()}.
   */
  static Metric rocAuc() {
    return new NamedMetric("ROC AUC", (p, y) -> new Binary("ROC AUC", p, y).areaUnderCurve());
  }

  /**
   * The average precision, Σ (recall − recall before)·precision over the scores as thresholds, from
   * the highest: the area under the curve of precision over recall, in steps; 0 where no sample is
   * positive. Shapes as for {@link #rocAuc()}.
   */
  static Metric averagePrecision() {
    return new NamedMetric(
        "average precision", (p, y) -> new Binary("average precision", p, y).averagePrecision());
  }

  /**
   * The mean of −log p, where p is the probability that was given to the class of a sample, at
   * least 2⁻⁵² and divided by the sum of the row.
   *
   * <p>Shapes: probabilities {@code [n, classes]} with targets as for {@link #accuracy()}; or those
   * of class 1, {@code [n]} or {@code [n, 1]}, with targets of the same shape, 0 or 1.
   */
  static Metric logLoss() {
    return new NamedMetric("log loss", Binary::logLoss);
  }

  /** The mean of |ŷ − y| over all elements. Shapes: both {@code [n, ...]}. */
  static Metric meanAbsoluteError() {
    return new NamedMetric(
        "mean absolute error",
        (predictions, targets) -> {
          Classes.sameShape("mean absolute error", predictions, targets);
          Total sum = new Total(predictions.size());
          for (int i = 0; i < predictions.size(); i++) {
            sum.add(Math.abs(predictions.data()[i] - targets.data()[i]));
          }
          return sum.value() / predictions.size();
        });
  }

  /** √(mean of (ŷ − y)²) over all elements. Shapes: both {@code [n, ...]}. */
  static Metric rootMeanSquaredError() {
    return new NamedMetric(
        "root mean squared error",
        (predictions, targets) -> {
          Classes.sameShape("root mean squared error", predictions, targets);
          Total sum = new Total(predictions.size());
          for (int i = 0; i < predictions.size(); i++) {
            sum.addSquare(predictions.data()[i] - targets.data()[i]);
          }
          return Math.sqrt(sum.value() / predictions.size());
        });
  }

  /**
   * The coefficient of determination, R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over the samples, ȳ their
   * mean: 1 for exact predictions, 0 for what the mean would give. With several outputs, the mean
   * of their R². As in scikit-learn, an output whose targets are all equal counts 1 if it is exact
   * and 0 otherwise, and of a single sample, which has no spread, the result is NaN.
   *
   * <p>Shapes: both {@code [n, ...]}.
   */
  static Metric rSquared() {
    return new NamedMetric(
        Signs.text("R²"),
        (predictions, targets) -> {
          Classes.sameShape(Signs.text("R²"), predictions, targets);
          int n = targets.dim(0);
          int outputs = targets.size() / n;
          double sum = 0;
          for (int k = 0; k < outputs; k++) {
            sum += Determination.of(predictions.data(), targets.data(), n, k, outputs);
          }
          return sum / outputs;
        });
  }

  private static double wholeTarget(Tensor targets, int row, int at) {
    double target = targets.data()[at];
    // Of an infinity the remainder is NaN.
    if (target % 1 != 0) {
      throw new IllegalArgumentException(
          "the target in row " + row + " must be a whole number, got " + target);
    }
    return target;
  }
}
