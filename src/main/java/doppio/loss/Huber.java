package doppio.loss;

import doppio.Tensor;
import doppio.internal.Total;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * Squared error near the target, absolute error far from it: the mean over all elements, with d = ŷ
 * − y, of ½ d² where |d| ≤ δ and δ (|d| − ½ δ) elsewhere; with {@link Reduction#SUM} the sum over
 * all elements.
 *
 * <p>Shapes: prediction any, target the same.
 *
 * <p>Gradient: d, but no further than δ from 0, over n for n elements in all. As a sum, the same
 * without the n.
 *
 * <p>Source: Huber, "Robust estimation of a location parameter" (1964); {@code torch.nn.HuberLoss}.
 */
public final class Huber extends Loss {
  private static final String DELTA = "delta";

  private final double delta;

  /**
   * The mean loss.
   *
   * @param delta the largest error that counts by its square
   * @throws IllegalArgumentException if delta is not finite or not above 0
   */
  public Huber(double delta) {
    this(delta, Reduction.MEAN);
  }

  /** The mean or the sum of the losses. Throws as {@link #Huber(double)} does. */
  public Huber(double delta, Reduction reduction) {
    super(reduction);
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("delta must be finite and above 0, got " + delta);
    }
    this.delta = delta;
  }

  /** One like that which {@link #describe} describes. */
  public Huber(Parts parts) {
    this(parts.number(DELTA), Reduction.of(parts));
  }

  /** The settings {@code reduction} (mean or sum) and {@code delta}. */
  @Override
  public Description<Huber> describe() {
    return Description.of(Huber::new).set(Reduction.SETTING, reduction().text()).set(DELTA, delta);
  }

  /** The largest error δ that counts by its square. */
  public double delta() {
    return delta;
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] p = prediction.data();
    double[] y = target.data();
    double[] g = gradient.data();
    double divisor = runningDivisor();
    Total sum = new Total(p.length);
    for (int i = 0; i < p.length; i++) {
      double d = p[i] - y[i];
      double size = Math.abs(d);
      sum.add(size <= delta ? 0.5 * d * d : delta * (size - 0.5 * delta));
      g[i] = Math.max(-delta, Math.min(delta, d)) / divisor;
    }
    return reduced(sum.value());
  }
}
