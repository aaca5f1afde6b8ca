package doppio.internal.scalar;

import doppio.internal.AdagradStep;
import doppio.internal.AdamStep;
import doppio.internal.Kernels;
import doppio.internal.MomentumStep;
import doppio.internal.RmspropStep;
import doppio.internal.Scratch;
import doppio.internal.SgdStep;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/** Kernels in plain Java; large passes are shared with other threads. */
public class ScalarKernels implements Kernels {
  private final Tanh tanh;
  private final Sigmoid sigmoid;
  private final Softmax softmax;
  private final Updates updates;

  /** Everything in plain Java. */
  public ScalarKernels() {
    this(new Exp());
  }

  private ScalarKernels(Exp exp) {
    this(exp, new Tanh(exp), new Sigmoid(exp), new Updates());
  }

  /** With other loops in the place of some. */
  protected ScalarKernels(Exp exp, Tanh tanh, Sigmoid sigmoid, Updates updates) {
    this.tanh = tanh;
    this.sigmoid = sigmoid;
    this.updates = updates;
    softmax = new Softmax(exp);
  }

  @Override
  public void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out) {
    Forward.linear(x, w, bias, y, n, in, out);
  }

  @Override
  public void linearInputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    InputGradient.inputGradient(gy, w, gx, n, in, out);
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

  protected void product(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    WeightGradient.weightGradient(gy, x, gw, n, in, out, add);
  }

  @Override
  public void linearWeightGradientParts(
      double[] gy, double[] x, int n, int in, int out, Part part) {
    WeightGradient.parts(gy, x, n, in, out, part);
  }

  @Override
  public final void linearWeightGradientRows(double[] gy, double[] x, int out, Multiple row) {
    Parallel.run(
        out,
        Cost.UPDATE * x.length * out,
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
        Cost.UPDATE * gradient.length,
        (from, to) -> part.accept(gradient, from, from, to - from));
  }

  @Override
  public final double squares(double[] a, int size) {
    return InnerProducts.dot(a, 0, a, 0, size);
  }

  @Override
  public final void columnSums(double[] a, double[] sums, int n, int out, boolean add) {
    if (!add) {
      Arrays.fill(sums, 0, out, 0);
    }
    addColumns(a, sums, n, out);
  }

  protected void addColumns(double[] a, double[] sums, int n, int out) {
    Reductions.addColumns(a, sums, n, out);
  }

  @Override
  public final void relu(double[] x, double[] y) {
    Relu.FORWARD.run(0, x, 0, y, 0, x.length);
  }

  @Override
  public final void reluGradient(double[] y, double[] gy, double[] gx) {
    Relu.GRADIENT.run(0, y, 0, gy, 0, gx, 0, y.length);
  }

  @Override
  public final void leakyRelu(double[] x, double[] y, double slope) {
    LeakyRelu.GRADIENT.run(slope, x, 0, y, 0, x.length);
  }

  @Override
  public final void leakyReluGradient(double[] x, double[] gy, double[] gx, double slope) {
    LeakyRelu.GRADIENT.run(slope, x, 0, gy, 0, gx, 0, x.length);
  }

  @Override
  public final void tanh(double[] x, double[] y) {
    Parallel.run(
        x.length, Cost.EXP * x.length, (from, to) -> tanh.apply(x, from, y, from, to - from));
  }

  @Override
  public final void tanhGradient(double[] y, double[] gy, double[] gx) {
    Tanh.GRADIENT.run(0, y, 0, gy, 0, gx, 0, y.length);
  }

  @Override
  public final void sigmoid(double[] x, double[] y) {
    Parallel.run(
        x.length, Cost.EXP * x.length, (from, to) -> sigmoid.apply(x, from, y, from, to - from));
  }

  @Override
  public final void sigmoidGradient(double[] y, double[] gy, double[] gx) {
    Sigmoid.GRADIENT.run(0, y, 0, gy, 0, gx, 0, y.length);
  }

  @Override
  public final void softmax(double[] x, double[] y, int size) {
    softmax.apply(x, 0, y, 0, size == 0 ? 0 : x.length / size, size);
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
