package doppio.loss;

import doppio.Tensor;
import doppio.internal.Total;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * The mean absolute error: the mean over all elements of |ŷ − y|; with {@link Reduction#SUM} the
 * sum over all elements.
 *
 * <p>Shapes: prediction any, target the same.
 *
 * <p>Gradient: the sign of ŷ − y over n for n elements in all, 0 where both are equal. As a sum,
 * the same without the n.
 *
 * <p>Source: {@code torch.nn.L1Loss}.
 */
public final class L1 extends Loss {
  /** The mean absolute error. */
  public L1() {
    this(Reduction.MEAN);
  }

  /** The mean absolute error or the sum of absolute errors. */
  public L1(Reduction reduction) {
    super(reduction);
  }

  /** One like that which {@link #describe} describes. */
  public L1(Parts parts) {
    this(Reduction.of(parts));
  }

  /** The setting {@code reduction} (mean or sum). */
  @Override
  public Description<L1> describe() {
    return Description.of(L1::new).set(Reduction.SETTING, reduction().text());
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
      sum.add(Math.abs(d));
      g[i] = Math.signum(d) / divisor;
    }
    return reduced(sum.value());
  }
}
