package doppio.loss;

import doppio.Tensor;
import doppio.internal.Shapes;
import doppio.internal.Total;
import doppio.nn.Description;
import doppio.nn.Parts;

/**
 * The hinge loss of a support vector machine: the mean over all elements of max(0, 1 − ŷ·y) for
 * targets y of −1 and 1; with {@link Reduction#SUM} the sum over all elements.
 *
 * <p>Shapes: prediction any, target the same. For several classes, one against the rest, both are
 * {@code [n, classes]}: the target has 1 in the sample's class and −1 elsewhere, and the class
 * predicted is the one of the largest ŷ.
 *
 * <p>Gradient: −y / n for n elements in all where ŷ·y &lt; 1, otherwise 0 (the sub-gradient that is
 * taken on the margin ŷ·y = 1 too). As a sum, the same without the n.
 *
 * <p>Source: Cortes and Vapnik, "Support-vector networks", Machine Learning 20 (1995).
 */
public final class Hinge extends Loss {
  /** The mean hinge loss. */
  public Hinge() {
    this(Reduction.MEAN);
  }

  /** The mean or the sum of the hinge losses. */
  public Hinge(Reduction reduction) {
    super(reduction);
  }

  /** One like that which {@link #describe} describes. */
  public Hinge(Parts parts) {
    this(Reduction.of(parts));
  }

  /** The setting {@code reduction} (mean or sum). */
  @Override
  public Description<Hinge> describe() {
    return Description.of(Hinge::new).set(Reduction.SETTING, reduction().text());
  }

  @Override
  protected void check(Tensor prediction, Tensor target) {
    super.check(prediction, target);
    double[] y = target.data();
    for (int i = 0; i < y.length; i++) {
      if (Math.abs(y[i]) != 1) {
        throw new IllegalArgumentException(
            this
                + " expects targets -1 and 1 but got "
                + y[i]
                + " at "
                + Shapes.index(target.shape(), i));
      }
    }
  }

  @Override
  protected double compute(Tensor prediction, Tensor target, Tensor gradient) {
    double[] p = prediction.data();
    double[] y = target.data();
    double[] g = gradient.data();
    double slope = -1 / runningDivisor();
    Total sum = new Total(p.length);
    for (int i = 0; i < p.length; i++) {
      double missing = 1 - p[i] * y[i];
      sum.add(Math.max(0, missing));
      g[i] = missing <= 0 ? 0 : slope * y[i];
    }
    return reduced(sum.value());
  }
}
