package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * The arithmetic of the library on plain row-major arrays.
 *
 * <p>Two packages implement it: {@code scalar} in plain Java that the JIT turns into vector code,
 * and {@code vector} in the Vector API. Their classes have the same names where they correspond.
 * {@code choice} says which of them runs.
 *
 * <p><b>The order of sums.</b> Both give the same bits, on every JDK, at every width of the
 * vectors, for every size of a batch and any number of threads, because the order in which a sum is
 * added up depends on nothing but its length:
 *
 * <ul>
 *   <li>An <i>inner product of two rows</i>, as in the forward pass y = x Wᵀ + b and in a sum of
 *       squares, is eight partial sums, of the terms whose index is 0, 1, … 7 modulo 8. Each begins
 *       at 0 and is a chain of fused multiply-adds, in the order of the index. They are added as
 *       the tree ((s₀ + s₄) + (s₂ + s₆)) + ((s₁ + s₅) + (s₃ + s₇)), and then comes the bias. Eight
 *       are the lanes of the widest vector; narrower ones make several passes.
 *   <li>A <i>sum over rows</i>, as in ∂x = g W and ∂W = gᵀ x, is one chain of fused multiply-adds
 *       for every 256 terms, each begun at 0; the chains are added in their order, and to what was
 *       there before as a whole. A vector computes neighbouring columns, whose sums are
 *       independent.
 *   <li>A <i>sum of columns</i>, as of a bias's gradient, and the sum of a row of softmax, are
 *       plain additions from the first to the last.
 * </ul>
 *
 * <p>Threads share rows, columns or elements of a result, never the terms of a sum. Elementary
 * functions are a fixed row of operations that a vector unit does lane by lane. Where a processor
 * has no fused multiply-add ({@link Fma}) the same order holds with two roundings.
 *
 * <p><b>What is shared</b> stands in this package: {@link Sums} has the two numbers 8 and 256 and
 * the tree, {@link Fma} the multiply-add, {@link Scratch} and {@link Chunk} the working arrays,
 * which a {@link Pool} lends, the records ({@link SgdStep} and others) an optimizer's rule with its
 * numbers. {@code threads} shares large work.
 *
 * <p>Letters are fixed: n batch, i inputs, o outputs; x, y values going forward, gx, gy gradients
 * going back. An array is followed by the place in it where the part to work on begins, x by x0;
 * formulas count from there. What is written is the same part that is read, or overlaps none. Bad
 * sizes are the caller's to find: nothing is checked here.
 */
public interface Kernels {
  /** y[n,o] = b[o] + Σᵢ x[n,i] · w[o,i]; a null bias counts as zeros. */
  void linear(
      double[] x,
      int x0,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      double[] y,
      int y0,
      int n,
      int in,
      int out);

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  void linearInputGradient(
      double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n, int in, int out);

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  void linearWeightGradient(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add);

  /** The products of a convolution. */
  ConvolutionKernels convolutions();

  /** sums[o] = (sums[o] if {@code add}, else 0) + Σₙ a[n,o]. */
  void columnSums(double[] a, int a0, double[] sums, int sums0, int n, int out, boolean add);

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
  void linearWeightGradientParts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Part part);

  /** The same for a single sample, where each row is a multiple of all of x. */
  void linearWeightGradientRows(double[] gy, int gy0, double[] x, int out, Multiple row);

  /** Hands on a gradient that is there, in parts; {@code from} counts from g0. */
  void parts(double[] gradient, int g0, int length, Part part);

  /** Σ a[i]². */
  double squares(double[] a, int a0, int length);

  /** y = max(0, x), NaN through. */
  void relu(double[] x, int x0, double[] y, int y0, int length);

  /**
   * gx = 0 where y, which {@link #relu} gave, is 0, else gy (NaN counts as else, as in PyTorch).
   */
  void reluGradient(double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length);

  /** y = x where x > 0, else slope · x. */
  void leakyRelu(double[] x, int x0, double[] y, int y0, int length, double slope);

  /** gx = gy where x > 0, else slope · gy. */
  void leakyReluGradient(
      double[] x, int x0, double[] gy, int gy0, double[] gx, int gx0, int length, double slope);

  /** y = tanh x. */
  void tanh(double[] x, int x0, double[] y, int y0, int length);

  /** gx = gy · (1 − y²). */
  void tanhGradient(double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length);

  /** y = 1 / (1 + e⁻ˣ). */
  void sigmoid(double[] x, int x0, double[] y, int y0, int length);

  /** gx = gy · (1 − y) · y. */
  void sigmoidGradient(double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length);

  /** y = e^(x − max x) over its sum, row by row, each of length {@code size}. */
  void softmax(double[] x, int x0, double[] y, int y0, int rows, int size);

  /** gx = y · (gy − Σ gy · y), row by row; the sum is one chain of multiply-adds. */
  void softmaxGradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int rows, int size);

  /** y = e^x; the one that softmax has. */
  void exp(double[] x, int x0, double[] y, int y0, int length);

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
