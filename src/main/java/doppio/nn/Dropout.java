package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Require;
import java.util.Arrays;

/**
 * Dropout in its inverted form: in training each element is 0 with probability p and scaled by 1/(1
 * − p) otherwise; in evaluation y = x.
 *
 * <p>Shapes: any input, output of the same shape. No parameters. The mask is drawn element by
 * element in row-major order, anew at every {@link #forward} in training mode.
 *
 * <p>Gradient: the mask of the last forward, scaled alike.
 *
 * <p>Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from
 * overfitting", JMLR 15 (2014), scaled in training as PyTorch does.
 */
public final class Dropout extends Layer {
  private final double p;
  private final Generator generator;

  /** What the last training pass multiplied by: 0 or 1/(1 − p). */
  private double[] mask = {};

  /** Dropout with masks from the default generator. */
  public Dropout(double p) {
    this(p, Generator.defaultGenerator());
  }

  /**
   * Dropout with masks from the given generator.
   *
   * @param p the probability of an element to be zeroed
   * @throws IllegalArgumentException if p is not in [0, 1)
   */
  public Dropout(double p, Generator generator) {
    this.p = Require.shareBelowOne("p", p);
    this.generator = generator("generator", generator);
  }

  /** One that is made again. */
  public Dropout(Parts parts) {
    this(parts.number("p"), parts.generator("generator"));
  }

  @Override
  public Description<Dropout> describe() {
    return Description.of(Dropout::new).set("p", p);
  }

  @Override
  protected Steps steps() {
    return Steps.alone(this);
  }

  /** The probability of an element to be zeroed. */
  public double p() {
    return p;
  }

  /** The generator that the masks are drawn from. */
  public Generator generator() {
    return generator;
  }

  @Override
  protected void compute(Tensor x, Tensor y) {
    System.arraycopy(x.data(), 0, y.data(), 0, x.size());
  }

  @Override
  protected void record(Tensor x, Tensor y) {
    if (!isTraining()) {
      compute(x, y);
      return;
    }
    if (mask.length != x.size()) {
      mask = new double[x.size()];
    }
    if (p == 0) {
      // PyTorch draws nothing either.
      Arrays.fill(mask, 1);
    } else {
      generator.bernoulli(mask, 1 - p);
      for (int i = 0; i < mask.length; i++) {
        mask[i] /= 1 - p;
      }
    }
    multiply(x.data(), mask, y.data());
  }

  @Override
  protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {
    if (wasTraining()) {
      multiply(gy.data(), mask, gx.data());
    } else {
      System.arraycopy(gy.data(), 0, gx.data(), 0, gy.size());
    }
  }

  @Override
  public String toString() {
    return "Dropout(" + p + ")";
  }

  private static void multiply(double[] a, double[] b, double[] product) {
    for (int i = 0; i < product.length; i++) {
      product[i] = a[i] * b[i];
    }
  }
}
