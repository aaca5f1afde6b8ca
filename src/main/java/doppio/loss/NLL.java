package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Signs;
import doppio.internal.Total;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * The negative log-likelihood of classes: the mean over the rows of −w[y]·x[y], x the logarithms of
 * the classes' probabilities, as {@link doppio.nn.LogSoftmax} gives them, and y the row's class;
 * with {@link Reduction#SUM} the sum over the rows. {@link CrossEntropy} does both in one.
 *
 * <p>Shapes: prediction {@code […, classes]}; the target has the prediction's shape without the
 * classes and holds class indices, whole numbers from 0. The classes are always the last dimension
 * (PyTorch has them second).
 *
 * <p>Weights: w is 1 unless {@link #weights} gives each class its own. The mean is a weighted one,
 * over Σ w[y] of the rows that are not {@linkplain #ignoreIndex ignored}, as in PyTorch; over rows
 * that are all ignored, or weigh nothing, it is refused, where PyTorch gives NaN.
 *
 * <p>Gradient: −w[y] / divisor in the place of the row's class, 0 elsewhere and in an ignored row.
 * As a sum, the same without the divisor.
 *
 * <pre>{@code
 * Loss loss = new NLL().weights(1, 1, 4).ignoreIndex(-100);
 * double value = loss.forward(logProbabilities, Tensor.of(0, 2, -100, 1));
 * }</pre>
 *
 * <p>Source: {@code torch.nn.NLLLoss}.
 */
public final class NLL extends Loss {
  private static final String IGNORE_INDEX = "ignoreIndex";

  /** One a class, or null where all are 1. */
  private double[] weight;

  /** NaN, which equals no target, where none is ignored. */
  private double ignored = Double.NaN;

  /** The mean negative log-likelihood. */
  public NLL() {
    this(Reduction.MEAN);
  }

  /** The mean or the sum of the rows' negative log-likelihoods. */
  public NLL(Reduction reduction) {
    super(reduction);
  }

  /** One like that which {@link #describe} describes. */
  public NLL(Parts parts) {
    this(Reduction.of(parts));
    if (parts.has(ClassWeights.SETTING)) {
      weights(parts.numbers(ClassWeights.SETTING));
    }
    if (parts.has(IGNORE_INDEX)) {
      ignoreIndex(parts.integer(IGNORE_INDEX));
    }
  }

  /**
   * Has each class count by a weight of its own. Holds from the next {@link #forward} on; at first
   * all are 1.
   *
   * @param weights one a class, in their order; copied
   * @return this loss
   * @throws IllegalArgumentException if one is negative or not finite, or none is above 0
   */
  public NLL weights(double... weights) {
    weight = ClassWeights.checked(weights);
    return this;
  }

  /**
   * Leaves out the rows whose class index is this one: they add nothing to the sum, the divisor and
   * the gradient. It may be a class or a number that is none. Holds from the next {@link #forward}
   * on; at first no index is ignored (PyTorch ignores −100 unless told otherwise).
   *
   * @return this loss
   */
  public NLL ignoreIndex(int index) {
    ignored = index;
    return this;
  }

  /**
   * The setting {@code reduction} (mean or sum) and, as far as they are used, {@code weight} and
   * {@code ignoreIndex}.
   */
  @Override
  public Description<NLL> describe() {
    Description<NLL> description =
        Description.of(NLL::new).set(Reduction.SETTING, reduction().text());
    if (weight != null) {
      description.set(ClassWeights.SETTING, weight);
    }
    return Double.isNaN(ignored) ? description : description.set(IGNORE_INDEX, (int) ignored);
  }

  @Override
  protected void check(Tensor prediction, Tensor target) {
    if (prediction.rank() == 0) {
      throw new ShapeException(
          this + Signs.text(" expects log-probabilities […, classes] but got []"));
    }
    ClassWeights.requireFor(this, weight, "log-probabilities", prediction);
    ClassTargets.requireIndices(this, prediction, target, ignored);
  }

  /** The rows that count, by their weights. */
  @Override
  protected double computeDivisor(Tensor prediction, Tensor target) {
    return reduction() == Reduction.SUM ? 1 : ClassWeights.sum(weight, target, ignored);
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] x = prediction.data();
    double[] y = target.data();
    int classes = prediction.dim(-1);
    double divisor = runningDivisor();
    gradient.fill(0);
    Total sum = new Total(y.length);
    for (int row = 0; row < y.length; row++) {
      double w = y[row] == ignored ? 0 : ClassWeights.of(weight, (int) y[row]);
      if (w > 0) {
        int at = row * classes + (int) y[row];
        sum.add(-w * x[at]);
        gradient.data()[at] = -w / divisor;
      }
    }
    return reduced(sum.value());
  }
}
