package doppio.loss;

import doppio.Tensor;

/**
 * The cross-entropy of class indices or probabilities as PyTorch's documentation and source put it:
 * a weighted negative log-likelihood and a smoothing term, each a mean of its own, then mixed.
 */
final class CrossEntropyReference {
  private final Reduction reduction;
  private final double[] weights;
  private final int ignored;
  private final double smoothing;

  CrossEntropyReference(Reduction reduction, double[] weights, int ignored, double smoothing) {
    this.reduction = reduction;
    this.weights = weights;
    this.ignored = ignored;
    this.smoothing = smoothing;
  }

  /** The value; into {@code gradient}, of as many numbers as there are logits, the gradient. */
  double indices(Tensor logits, Tensor target, double[] gradient) {
    int classes = weights.length;
    double divisor = 0;
    double likelihood = 0;
    double smooth = 0;
    double all = 0;
    for (double w : weights) {
      all += w;
    }
    for (int row = 0; row < target.size(); row++) {
      int y = (int) target.data()[row];
      if (y == ignored) {
        continue;
      }
      divisor += weights[y];
      likelihood += weights[y] * cost(logits, row, y);
      for (int c = 0; c < classes; c++) {
        smooth += weights[c] * cost(logits, row, c);
        double p = StrictMath.exp(-cost(logits, row, c));
        gradient[row * classes + c] =
            (1 - smoothing) * weights[y] * (p - (c == y ? 1 : 0))
                + smoothing / classes * (all * p - weights[c]);
      }
    }
    if (reduction == Reduction.SUM) {
      divisor = 1;
    }
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= divisor;
    }
    return (1 - smoothing) * (likelihood / divisor) + smoothing / classes * (smooth / divisor);
  }

  /** The same for probabilities, whose mean is over the rows whatever the weights. */
  double probabilities(Tensor logits, Tensor target, double[] gradient) {
    int classes = weights.length;
    int rows = target.size() / classes;
    double divisor = reduction == Reduction.MEAN ? rows : 1;
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < classes; c++) {
        double t = target.data()[row * classes + c] * (1 - smoothing) + smoothing / classes;
        sum += weights[c] * t * cost(logits, row, c);
        for (int j = 0; j < classes; j++) {
          double p = StrictMath.exp(-cost(logits, row, j));
          gradient[row * classes + j] += weights[c] * t * (p - (c == j ? 1 : 0)) / divisor;
        }
      }
    }
    return sum / divisor;
  }

  /** −log softmax(x), by its definition: the logits of the tests are small. */
  private double cost(Tensor logits, int row, int c) {
    int classes = weights.length;
    double sum = 0;
    for (int j = 0; j < classes; j++) {
      sum += StrictMath.exp(logits.data()[row * classes + j]);
    }
    return StrictMath.log(sum) - logits.data()[row * classes + c];
  }
}
