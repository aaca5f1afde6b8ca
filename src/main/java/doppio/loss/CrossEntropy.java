package doppio.loss;

import static doppio.internal.Fma.fma;

import doppio.ShapeException;
import doppio.Tensor;
import java.util.Objects;

/**
 * The cross-entropy between a softmax of logits and the target distribution: the mean over the
 * batch of −Σ t·log softmax(x), the sum over the classes; with {@link Reduction#SUM} the sum over
 * the batch.
 *
 * <p>Shapes: prediction {@code [n, classes]}, or {@code [classes]} for a single sample: logits,
 * with no softmax before. The target's rank tells what it holds. One rank less, {@code [n]} (a
 * single sample: {@code []}): class indices, whole numbers from 0. The prediction's shape:
 * probabilities, each finite and not negative; as in PyTorch a row's sum is not checked.
 *
 * <p>A logit counts by its distance from the largest of its row: large ones do not overflow, and a
 * number added to all logits of a row changes nothing (to the bit where the addition is exact).
 *
 * <p>Gradient: (softmax(x)·Σt − t) / n, where Σt = 1 for a distribution. As a sum, the same without
 * the n.
 *
 * <p>Source: {@code torch.nn.CrossEntropyLoss}; label smoothing from Szegedy et al., "Rethinking
 * the Inception architecture for computer vision" (2016), section 7.
 */
public final class CrossEntropy extends Loss {
  private final Reduction reduction;
  private double smoothing;

  /** The mean cross-entropy. */
  public CrossEntropy() {
    this(Reduction.MEAN);
  }

  /** The mean or the sum of the samples' cross-entropies. */
  public CrossEntropy(Reduction reduction) {
    this.reduction = Objects.requireNonNull(reduction, "reduction");
  }

  /**
   * Mixes the targets with the uniform distribution: t ← (1 − smoothing)·t + smoothing / classes.
   * Holds from the next {@link #forward} on; 0 at first.
   *
   * @return this loss
   * @throws IllegalArgumentException if the smoothing is not in [0, 1]
   */
  public CrossEntropy labelSmoothing(double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException("label smoothing must be in [0, 1], got " + smoothing);
    }
    this.smoothing = smoothing;
    return this;
  }

  @Override
  protected void check(Tensor prediction, Tensor target) {
    int rank = prediction.rank();
    if (rank != 1 && rank != 2) {
      throw new ShapeException(
          this + " expects logits [n, classes] or [classes] but got " + shape(prediction));
    }
    if (target.sameShape(prediction)) {
      checkProbabilities(target.data(), prediction.dim(-1));
    } else if (target.rank() == rank - 1 && (rank == 1 || target.dim(0) == prediction.dim(0))) {
      checkIndices(target.data(), prediction.dim(-1));
    } else {
      String indices = rank == 1 ? "[]" : "[" + prediction.dim(0) + "]";
      throw new ShapeException(
          this
              + " expects class indices "
              + indices
              + " or probabilities "
              + shape(prediction)
              + " but got "
              + shape(target));
    }
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] x = prediction.data();
    double[] g = gradient.data();
    int classes = prediction.dim(-1);
    int rows = x.length / classes;
    boolean indices = target.rank() < prediction.rank();
    double divisor = reduction.divisor(rows);
    double total = 0;
    for (int row = 0; row < rows; row++) {
      int from = row * classes;
      double max = max(x, from, classes);
      double sum = 0;
      for (int i = from; i < from + classes; i++) {
        g[i] = StrictMath.exp(x[i] - max);
        sum += g[i];
      }
      double logSum = StrictMath.log(sum);
      double mass = 0;
      double loss = 0;
      for (int c = 0; c < classes; c++) {
        double t = target(target.data(), indices, row, c, classes);
        mass += t;
        // A class that no target asks for may have a logit of −∞, and 0·∞ is no number.
        loss += t == 0 ? 0 : t * (logSum - (x[from + c] - max));
      }
      for (int c = 0; c < classes; c++) {
        double t = target(target.data(), indices, row, c, classes);
        g[from + c] = (g[from + c] / sum * mass - t) / divisor;
      }
      total += loss;
    }
    return total / divisor;
  }

  /** The smoothed probability of class c in a row. */
  private double target(double[] target, boolean indices, int row, int c, int classes) {
    double t = indices ? (target[row] == c ? 1 : 0) : target[row * classes + c];
    return fma(1 - smoothing, t, smoothing / classes);
  }

  private static double max(double[] x, int from, int length) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  private void checkIndices(double[] target, int classes) {
    for (int row = 0; row < target.length; row++) {
      double t = target[row];
      if (!(t >= 0 && t < classes && t == (int) t)) {
        throw new IllegalArgumentException(
            this
                + " expects class indices 0 to "
                + (classes - 1)
                + " ("
                + classes
                + " classes) but got "
                + t
                + " in row "
                + row);
      }
    }
  }

  private void checkProbabilities(double[] target, int classes) {
    for (int i = 0; i < target.length; i++) {
      if (!(target[i] >= 0 && target[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            this
                + " expects probabilities but got "
                + target[i]
                + " for class "
                + i % classes
                + " in row "
                + i / classes);
      }
    }
  }
}
