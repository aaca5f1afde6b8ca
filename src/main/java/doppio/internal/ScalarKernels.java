package doppio.internal;

import java.util.Arrays;

/** Kernels in plain Java; large passes are shared with other threads. */
class ScalarKernels implements Kernels {
  /** What one element costs, in multiply-adds: a simple pass waits for memory, tanh computes. */
  private static final long WORK_OF_PASS = 4;

  private static final long WORK_OF_TANH = 64;

  /** What an optimizer does with one element: it waits for memory. */
  static final long WORK_OF_UPDATE = 16;

  private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

  private final Elementary elementary;
  private final Updates updates;

  ScalarKernels() {
    this(new Elementary(), new Updates());
  }

  ScalarKernels(Elementary elementary, Updates updates) {
    this.elementary = elementary;
    this.updates = updates;
  }

  @Override
  public void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out) {
    ScalarInnerProducts.linear(x, w, bias, y, n, in, out);
  }

  @Override
  public void linearInputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    ScalarOuterProducts.inputGradient(gy, w, gx, n, in, out);
  }

  @Override
  public final void linearWeightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    if (n > 0) {
      product(gy, x, gw, n, in, out, add);
    } else if (!add) {
      Arrays.fill(gw, 0, in * out, 0);
    }
  }

  void product(double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    ScalarOuterProducts.weightGradient(gy, x, gw, n, in, out, add);
  }

  @Override
  public void linearWeightGradientParts(
      double[] gy, double[] x, int n, int in, int out, Part part) {
    ScalarOuterProducts.weightGradientParts(gy, x, n, in, out, part);
  }

  @Override
  public final void linearWeightGradientRows(double[] gy, double[] x, int out, Multiple row) {
    Parallel.run(
        out,
        WORK_OF_UPDATE * x.length * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] array = scratch.results(x.length);
          for (int o = from; o < to; o++) {
            row.accept(gy[o], x, o * x.length, array);
          }
          scratch.give();
        });
  }

  @Override
  public final void parts(double[] gradient, Part part) {
    Parallel.run(
        gradient.length,
        WORK_OF_UPDATE * gradient.length,
        (from, to) -> part.accept(gradient, from, from, to - from));
  }

  @Override
  public final double squares(double[] a, int size) {
    return Sums.dot(a, 0, a, 0, size);
  }

  @Override
  public final void columnSums(double[] a, double[] sums, int n, int out, boolean add) {
    if (!add) {
      Arrays.fill(sums, 0, out, 0);
    }
    addColumns(a, sums, n, out);
  }

  void addColumns(double[] a, double[] sums, int n, int out) {
    ScalarStrips.addColumns(a, sums, n, out);
  }

  @Override
  public final void relu(double[] x, double[] y) {
    long work = WORK_OF_PASS * x.length;
    if (Parallel.alone(work)) {
      relu(x, y, 0, x.length);
    } else {
      Parallel.run(x.length, work, (from, to) -> relu(x, y, from, to));
    }
  }

  private static void relu(double[] x, double[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(0, x[i]);
    }
  }

  @Override
  public final void reluGradient(double[] y, double[] gy, double[] gx) {
    Parallel.run(
        y.length, WORK_OF_PASS * y.length, (from, to) -> reluGradient(y, gy, gx, from, to));
  }

  /**
   * The signs of activations are as good as random: a branch on them would be mispredicted every
   * other time, so this selects by bits. All of them are 0 where y is.
   */
  private static void reluGradient(double[] y, double[] gy, double[] gx, int from, int to) {
    for (int i = from; i < to; i++) {
      long magnitude = Double.doubleToRawLongBits(y[i]) << 1;
      long kept = (magnitude | -magnitude) >> 63;
      gx[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(gy[i]) & kept);
    }
  }

  @Override
  public final void leakyRelu(double[] x, double[] y, double slope) {
    for (int i = 0; i < x.length; i++) {
      y[i] = select(positive(x[i]), x[i], slope * x[i]);
    }
  }

  @Override
  public final void leakyReluGradient(double[] x, double[] gy, double[] gx, double slope) {
    for (int i = 0; i < x.length; i++) {
      gx[i] = select(positive(x[i]), gy[i], slope * gy[i]);
    }
  }

  /** All bits 1 where x > 0, else 0. The bits of positive numbers run from 1 to those of ∞. */
  private static long positive(double x) {
    long bits = Double.doubleToRawLongBits(x);
    return ~((bits - 1) | (INFINITY - bits)) >> 63;
  }

  private static double select(long bits, double a, double b) {
    long kept = Double.doubleToRawLongBits(a) & bits;
    return Double.longBitsToDouble(kept | (Double.doubleToRawLongBits(b) & ~bits));
  }

  @Override
  public final void tanh(double[] x, double[] y) {
    Parallel.run(x.length, WORK_OF_TANH * x.length, (from, to) -> elementary.tanh(x, y, from, to));
  }

  @Override
  public final void tanhGradient(double[] y, double[] gy, double[] gx) {
    for (int i = 0; i < y.length; i++) {
      gx[i] = gy[i] * (1 - y[i] * y[i]);
    }
  }

  @Override
  public final void sigmoid(double[] x, double[] y) {
    Parallel.run(
        x.length, WORK_OF_TANH * x.length, (from, to) -> elementary.sigmoid(x, y, from, to));
  }

  @Override
  public final void sigmoidGradient(double[] y, double[] gy, double[] gx) {
    for (int i = 0; i < y.length; i++) {
      gx[i] = gy[i] * (1 - y[i]) * y[i];
    }
  }

  @Override
  public final void softmax(double[] x, double[] y, int size) {
    for (int from = 0; from < x.length; from += size) {
      int to = from + size;
      double max = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        max = Math.max(max, x[i]);
      }
      for (int i = from; i < to; i++) {
        y[i] = x[i] - max;
      }
    }
    elementary.exp(y, y, 0, x.length);
    for (int from = 0; from < x.length; from += size) {
      int to = from + size;
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += y[i];
      }
      for (int i = from; i < to; i++) {
        y[i] /= sum;
      }
    }
  }

  @Override
  public final void sgd(SgdStep step, double[] w, double[] g, int at, int from, int length) {
    updates.sgd(step, w, g, at, from, length);
  }

  @Override
  public final void sgdMultiple(
      SgdStep step, double[] w, double factor, double[] x, int from, double[] array) {
    updates.sgdMultiple(step, w, factor, x, from, array);
  }

  @Override
  public final void momentum(
      MomentumStep step, double[] w, double[] v, double[] g, int at, int from, int length) {
    updates.momentum(step, w, v, g, at, from, length);
  }

  @Override
  public final void adam(
      AdamStep step, double[] w, double[] m, double[] v, double[] g, int at, int from, int length) {
    updates.adam(step, w, m, v, g, at, from, length);
  }

  @Override
  public final void rmsprop(
      RmspropStep step,
      double[] w,
      double[] v,
      double[] m,
      double[] b,
      double[] g,
      int at,
      int from,
      int length) {
    updates.rmsprop(step, w, v, m, b, g, at, from, length);
  }

  @Override
  public final void adagrad(
      AdagradStep step, double[] w, double[] s, double[] g, int at, int from, int length) {
    updates.adagrad(step, w, s, g, at, from, length);
  }
}
