package doppio.loss;

import static doppio.internal.Fma.fma;

import doppio.Tensor;
import java.util.Objects;

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
  private final Reduction reduction;
  private final double factor;

  /** The mean squared error. */
  public MSE() {
    this(Reduction.MEAN);
  }

  /** The mean squared error or the sum of squared errors. */
  public MSE(Reduction reduction) {
    this(reduction, 1);
  }

  private MSE(Reduction reduction, double factor) {
    this.reduction = Objects.requireNonNull(reduction, "reduction");
    this.factor = factor;
  }

  /** Half the mean squared error, whose gradient is (ŷ − y) / n. */
  public static MSE half() {
    return half(Reduction.MEAN);
  }

  /** Half the mean squared error or half the sum of squared errors. */
  public static MSE half(Reduction reduction) {
    return new MSE(reduction, 0.5);
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] p = prediction.data();
    double[] y = target.data();
    double[] g = gradient.data();
    double divisor = reduction.divisor(p.length);
    double slope = 2 * factor / divisor;
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double d = p[i] - y[i];
      sum = fma(d, d, sum);
      g[i] = slope * d;
    }
    return factor * (sum / divisor);
  }
}
