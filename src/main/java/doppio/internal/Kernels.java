package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * The arithmetic of the library on plain row-major arrays.
 *
 * <p>Letters are fixed: n batch, i inputs, o outputs; x, y values going forward, gx, gy gradients
 * going back. All implementations give the same bits: {@link Sums} fixes the order of the sums,
 * {@link Elementary} the operations of tanh and the like.
 */
public interface Kernels {
  /**
   * The implementation in use, the same for the life of the JVM.
   *
   * @throws IllegalStateException if the settings ask for one that cannot be had, or make no sense
   */
  static Kernels get() {
    if (Choice.KERNELS == null) {
      throw new IllegalStateException(Choice.PROBLEM);
    }
    return Choice.KERNELS;
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

  /** Sees a part of a gradient: {@code length} elements from {@code from} on lie at {@code at}. */
  interface Part {
    /** Called by several threads at once, for parts that do not overlap. */
    void accept(double[] gradient, int at, int from, int length);
  }

  /** Sees a part of a gradient that is not computed yet: factor · x[i], from {@code from} on. */
  interface Multiple {
    /** Called by several threads at once; the array, of x's length or longer, is to compute in. */
    void accept(double factor, double[] x, int from, double[] array);
  }

  /**
   * array[i] = factor · x[i], as a sum of one term that starts at 0 has it: never −0 for an exact
   * product.
   */
  static void multiply(double factor, double[] x, double[] array) {
    for (int i = 0; i < x.length; i++) {
      array[i] = fma(factor, x[i], 0);
    }
  }

  /**
   * Σₙ gy[n,o] · x[n,i], the gradient of {@link #linearWeightGradient}, handed on in parts that
   * cover it once instead of being written: whoever needs each element once has it in the cache, in
   * an array that is free to be overwritten.
   */
  void linearWeightGradientParts(double[] gy, double[] x, int n, int in, int out, Part part);

  /** The same for a single sample, where each row is a multiple of all of x. */
  void linearWeightGradientRows(double[] gy, double[] x, int out, Multiple row);

  /** Hands on a gradient that is there, in parts. */
  void parts(double[] gradient, Part part);

  /** Σ a[i]² over the first {@code size} elements. */
  double squares(double[] a, int size);

  /** y = max(0, x), NaN through. */
  void relu(double[] x, double[] y);

  /**
   * gx = 0 where y, which {@link #relu} gave, is 0, else gy (NaN counts as else, as in PyTorch).
   */
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

  /** An {@link SgdStep} of {@code length} elements; g[at + i] belongs to w[from + i]. */
  void sgd(SgdStep step, double[] w, double[] g, int at, int from, int length);

  /** An {@link SgdStep} of the part of w from {@code from} on, where g = factor · x. */
  void sgdMultiple(SgdStep step, double[] w, double factor, double[] x, int from, double[] array);

  /** A {@link MomentumStep}; g[at + i] belongs to w[from + i] and v[from + i]. */
  void momentum(
      MomentumStep step, double[] w, double[] v, double[] g, int at, int from, int length);

  /** An {@link AdamStep}; g[at + i] belongs to w[from + i], m[from + i] and v[from + i]. */
  void adam(
      AdamStep step, double[] w, double[] m, double[] v, double[] g, int at, int from, int length);

  /**
   * An {@link RmspropStep}; g[at + i] belongs to the element at from + i of the others.
   *
   * @param m null where the rule is not centered
   * @param b null where it has no momentum
   */
  void rmsprop(
      RmspropStep step,
      double[] w,
      double[] v,
      double[] m,
      double[] b,
      double[] g,
      int at,
      int from,
      int length);

  /** An {@link AdagradStep}; g[at + i] belongs to w[from + i] and s[from + i]. */
  void adagrad(AdagradStep step, double[] w, double[] s, double[] g, int at, int from, int length);
}
