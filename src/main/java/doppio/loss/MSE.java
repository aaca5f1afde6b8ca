package doppio.loss;

import doppio.Tensor;
import doppio.internal.Total;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * The mean squared error: the mean over all elements of (ŷ − y)², as in PyTorch; with {@link
 * Reduction#SUM} the sum over all elements. {@link #half()} is half of it.
 *
 * <p>Shapes: prediction any, target the same.
 *
 * <p>Gradient: 2 (ŷ − y) / n for n elements in all; in the half form (ŷ − y) / n. As a sum, the
 * same without the n.
 */
public final class MSE extends Loss {
  private static final String HALF = "half";

  private final boolean half;

  /** The mean squared error. */
  public MSE() {
    this(Reduction.MEAN);
  }

  /** The mean squared error or the sum of squared errors. */
  public MSE(Reduction reduction) {
    this(reduction, false);
  }

  /** One like that which {@link #describe} describes. */
  public MSE(Parts parts) {
    this(Reduction.of(parts), parts.flag(HALF));
  }

  private MSE(Reduction reduction, boolean half) {
    super(reduction);
    this.half = half;
  }

  /** Half the mean squared error, whose gradient is (ŷ − y) / n. */
  public static MSE half() {
    return half(Reduction.MEAN);
  }

  /** Half the mean squared error or half the sum of squared errors. */
  public static MSE half(Reduction reduction) {
    return new MSE(reduction, true);
  }

  /** The settings {@code reduction} (mean or sum) and {@code half}. */
  @Override
  public Description<MSE> describe() {
    return Description.of(MSE::new).set(Reduction.SETTING, reduction().text()).set(HALF, half);
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] p = prediction.data();
    double[] y = target.data();
    double[] g = gradient.data();
    double factor = half ? 0.5 : 1;
    double slope = 2 * factor / runningDivisor();
    Total squares = new Total(p.length);
    for (int i = 0; i < p.length; i++) {
      double d = p[i] - y[i];
      squares.addSquare(d);
      g[i] = slope * d;
    }
    return reduced(factor * squares.value());
  }
}
