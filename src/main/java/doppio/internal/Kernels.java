package doppio.internal;

/**
 * The arithmetic of the library on plain row-major arrays.
 *
 * <p>Letters are fixed: n batch, i inputs, o outputs; x, y values going forward, gx, gy gradients
 * going back. Every result is one chain of fused multiply-adds in the order that the formula's sum
 * states (growing index, from the left), so that all implementations give the same bits.
 */
public interface Kernels {
  /** The implementation in use, the same for the life of the JVM. */
  static Kernels get() {
    return Chosen.KERNELS;
  }

  /** y[n,o] = b[o] + Σᵢ x[n,i] · w[o,i]; a null bias counts as zeros. */
  void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out);

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  void linearInputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out);

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  void linearWeightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add);

  /** sums[o] = (sums[o] if {@code add}, else 0) + Σₙ a[n,o]. */
  void columnSums(double[] a, double[] sums, int n, int out, boolean add);

  /**
   * w[o,i] ← w[o,i] − rate · (gy[o] · x[i]): the step down a gradient that is a product of vectors.
   */
  void descendOuter(double[] w, double[] gy, double[] x, double rate, int in, int out);

  /** w ← w − rate · g. */
  void descend(double[] w, double[] g, double rate);

  /** y = max(0, x), NaN through. */
  void relu(double[] x, double[] y);

  /** gx = 0 where y ≤ 0, else gy (NaN counts as else, as in PyTorch). */
  void reluGradient(double[] y, double[] gy, double[] gx);

  /** y = x where x > 0, else slope · x. */
  void leakyRelu(double[] x, double[] y, double slope);

  /** gx = gy where x > 0, else slope · gy. */
  void leakyReluGradient(double[] x, double[] gy, double[] gx, double slope);

  /** y = tanh x. */
  void tanh(double[] x, double[] y);

  /** gx = gy · (1 − y²). */
  void tanhGradient(double[] y, double[] gy, double[] gx);

  /** y = 1 / (1 + e⁻ˣ). */
  void sigmoid(double[] x, double[] y);

  /** gx = gy · (1 − y) · y. */
  void sigmoidGradient(double[] y, double[] gy, double[] gx);

  /** Rows of length {@code size}: y = e^(x − max x) over its sum. */
  void softmax(double[] x, double[] y, int size);
}
