package doppio.loss;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.internal.Signs;
import doppio.internal.Total;
import doppio.internal.choice.KernelChoice;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * The binary cross-entropy between the logistic function of logits and targets: the mean over all
 * elements of −(p·y·log σ(x) + (1 − y)·log(1 − σ(x))); with {@link Reduction#SUM} the sum over all
 * elements.
 *
 * <p>Shapes: prediction any: logits, with no sigmoid before. Target the same: 0 or 1, or a
 * probability between them. One output tells two classes apart; {@code [n, classes]} may have any
 * number of classes at once.
 *
 * <p>Weights: p is 1 unless {@link #positiveWeight} says how much what is positive counts. The mean
 * is over the elements whatever p is, as in PyTorch.
 *
 * <p>Large logits neither overflow nor lose the small side: log σ(x) is −log(1 + e^−|x|), and x
 * more for a negative x.
 *
 * <p>Gradient: ((1 − y)·σ(x) − p·y·(1 − σ(x))) / n for n elements in all. As a sum, the same
 * without the n.
 *
 * <pre>{@code
 * Loss loss = new BCEWithLogits().positiveWeight(9); // one positive among ten
 * double value = loss.forward(logits, Tensor.of(0, 0, 1, 0));
 * }</pre>
 *
 * <p>Source: {@code torch.nn.BCEWithLogitsLoss}.
 */
public final class BCEWithLogits extends Loss {
  private static final String POSITIVE_WEIGHT = "posWeight";

  /** One for all or one an output; null where it is 1. */
  private double[] weight;

  /** The mean cross-entropy. */
  public BCEWithLogits() {
    this(Reduction.MEAN);
  }

  /** The mean or the sum of the elements' cross-entropies. */
  public BCEWithLogits(Reduction reduction) {
    super(reduction);
  }

  /** One like that which {@link #describe} describes. */
  public BCEWithLogits(Parts parts) {
    this(Reduction.of(parts));
    if (parts.has(POSITIVE_WEIGHT)) {
      positiveWeight(parts.numbers(POSITIVE_WEIGHT));
    }
  }

  /**
   * Has positive targets count so many times as much as negative ones. Holds from the next {@link
   * #forward} on; at first they count alike.
   *
   * @param weights one for all, or one for each element of the last dimension; copied
   * @return this loss
   * @throws IllegalArgumentException if there is none, or one is negative or not finite
   */
  public BCEWithLogits positiveWeight(double... weights) {
    if (weights.length == 0) {
      throw new IllegalArgumentException("expected a positive weight but got none");
    }
    for (double w : weights) {
      if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "positive weights must be finite and not negative, got " + w);
      }
    }
    weight = weights.clone();
    return this;
  }

  /** The setting {@code reduction} (mean or sum) and, if it is used, {@code posWeight}. */
  @Override
  public Description<BCEWithLogits> describe() {
    Description<BCEWithLogits> description =
        Description.of(BCEWithLogits::new).set(Reduction.SETTING, reduction().text());
    return weight == null ? description : description.set(POSITIVE_WEIGHT, weight);
  }

  @Override
  protected void check(Tensor prediction, Tensor target) {
    super.check(prediction, target);
    int outputs = prediction.rank() == 0 ? 1 : prediction.dim(-1);
    if (weight != null && weight.length > 1 && weight.length != outputs) {
      throw new ShapeException(
          this
              + " has "
              + weight.length
              + Signs.text(" positive weights and expects logits […, ")
              + weight.length
              + "] but got "
              + Shapes.text(prediction));
    }
    double[] y = target.data();
    for (int i = 0; i < y.length; i++) {
      if (!(y[i] >= 0 && y[i] <= 1)) {
        throw new IllegalArgumentException(
            this
                + " expects targets from 0 to 1 but got "
                + y[i]
                + " at "
                + Shapes.index(target.shape(), i));
      }
    }
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] x = prediction.data();
    double[] y = target.data();
    double[] g = gradient.data();
    double divisor = runningDivisor();
    for (int i = 0; i < x.length; i++) {
      g[i] = -Math.abs(x[i]);
    }
    KernelChoice.kernels().exp(g, 0, g, 0, x.length);
    Total sum = new Total(x.length);
    for (int i = 0; i < x.length; i++) {
      double e = g[i];
      double positive = y[i] * weight(i);
      double negative = 1 - y[i];
      double small = StrictMath.log1p(e);
      sum.add(
          times(positive, small + Math.max(-x[i], 0)) + times(negative, small + Math.max(x[i], 0)));
      // σ(|x|) and 1 − σ(|x|), of which the small one is not a difference.
      double near = 1 / (1 + e);
      double far = e / (1 + e);
      double open = x[i] < 0 ? far : near;
      double closed = x[i] < 0 ? near : far;
      g[i] = (negative * open - positive * closed) / divisor;
    }
    return reduced(sum.value());
  }

  private double weight(int i) {
    return weight == null ? 1 : weight[i % weight.length];
  }

  /** What does not count costs nothing, even where it is infinite. */
  private static double times(double weight, double cost) {
    return weight == 0 && !Double.isNaN(cost) ? 0 : weight * cost;
  }
}
