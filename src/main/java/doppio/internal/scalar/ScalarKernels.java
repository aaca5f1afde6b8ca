package doppio.internal.scalar;

import doppio.internal.AdagradStep;
import doppio.internal.AdamStep;
import doppio.internal.ConvolutionKernels;
import doppio.internal.Fma;
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
  private final Exp exp;
  private final Tanh tanh;
  private final Sigmoid sigmoid;
  private final Softmax softmax;
  private final OptimizerRules updates;
  private final Convolutions convolutions;
  final Countdown countdown;

  /** Everything in plain Java. */
  public ScalarKernels() {
    this(Countdown.NONE);
  }

  /** The same, which tells what products it computes. */
  public ScalarKernels(Countdown countdown) {
    this(Fma.FAST ? new Exp() : new StrictExp(), countdown);
  }

  private ScalarKernels(Exp exp, Countdown countdown) {
    this(
        exp,
        Fma.FAST ? new Tanh(exp) : new StrictTanh(exp),
        new Sigmoid(exp),
        new OptimizerRules(),
        new Convolutions(countdown),
        countdown);
  }

  /** With other loops in the place of some. */
  protected ScalarKernels(
      Exp exp, Tanh tanh, Sigmoid sigmoid, OptimizerRules updates, Convolutions convolutions) {
    this(exp, tanh, sigmoid, updates, convolutions, Countdown.NONE);
  }

  private ScalarKernels(
      Exp exp,
      Tanh tanh,
      Sigmoid sigmoid,
      OptimizerRules updates,
      Convolutions convolutions,
      Countdown countdown) {
    this.countdown = countdown;
    this.exp = exp;
    this.tanh = tanh;
    this.sigmoid = sigmoid;
    this.updates = updates;
    this.convolutions = convolutions;
    softmax = new Softmax(exp);
  }

  @Override
  public void linear(
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
      int out) {
    countdown.see((long) n * in * out);
    Forward.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
  }

  @Override
  public void linearInputGradient(
      double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n, int in, int out) {
    countdown.see((long) n * in * out);
    InputGradient.inputGradient(gy, gy0, w, w0, gx, gx0, n, in, out);
  }

  @Override
  public final void linearWeightGradient(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    if (n > 0) {
      product(gy, gy0, x, x0, gw, gw0, n, in, out, add);
    } else if (!add) {
      Arrays.fill(gw, gw0, gw0 + in * out, 0);
    }
  }

  protected void product(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    countdown.see((long) n * in * out);
    WeightGradient.weightGradient(gy, gy0, x, x0, gw, gw0, n, in, out, add);
  }

  @Override
  public void linearWeightGradientParts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Part part) {
    countdown.see((long) n * in * out);
    WeightGradient.parts(gy, gy0, x, x0, n, in, out, part);
  }

  @Override
  public final void linearWeightGradientRows(
      double[] gy, int gy0, double[] x, int out, Multiple row) {
    countdown.see((long) x.length * out);
    Parallel.run(
        out,
        Cost.UPDATE * x.length * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] array = scratch.results(x.length);
          for (int o = from; o < to; o++) {
            row.accept(gy[gy0 + o], x, o * x.length, array);
          }
          scratch.give();
        });
  }

  @Override
  public final void parts(double[] gradient, int g0, int length, Part part) {
    Parallel.run(
        length,
        Cost.UPDATE * length,
        (from, to) -> part.accept(gradient, g0 + from, from, to - from));
  }

  @Override
  public final double squares(double[] a, int a0, int length) {
    return InnerProducts.dot(a, a0, a, a0, length);
  }

  @Override
  public final ConvolutionKernels convolutions() {
    return convolutions;
  }

  @Override
  public final void columnSums(
      double[] a, int a0, double[] sums, int sums0, int n, int out, boolean add) {
    if (!add) {
      Arrays.fill(sums, sums0, sums0 + out, 0);
    }
    addColumns(a, a0, sums, sums0, n, out);
  }

  protected void addColumns(double[] a, int a0, double[] sums, int sums0, int n, int out) {
    Reductions.addColumns(a, a0, sums, sums0, n, out);
  }

  @Override
  public final void relu(double[] x, int x0, double[] y, int y0, int length) {
    Relu.FORWARD.run(0, x, x0, y, y0, length);
  }

  @Override
  public final void reluGradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length) {
    Relu.GRADIENT.run(0, y, y0, gy, gy0, gx, gx0, length);
  }

  @Override
  public final void leakyRelu(double[] x, int x0, double[] y, int y0, int length, double slope) {
    LeakyRelu.GRADIENT.run(slope, x, x0, y, y0, length);
  }

  @Override
  public final void leakyReluGradient(
      double[] x, int x0, double[] gy, int gy0, double[] gx, int gx0, int length, double slope) {
    LeakyRelu.GRADIENT.run(slope, x, x0, gy, gy0, gx, gx0, length);
  }

  @Override
  public final void tanh(double[] x, int x0, double[] y, int y0, int length) {
    Parallel.run(
        length, Cost.EXP * length, (from, to) -> tanh.apply(x, x0 + from, y, y0 + from, to - from));
  }

  @Override
  public final void tanhGradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length) {
    Tanh.GRADIENT.run(0, y, y0, gy, gy0, gx, gx0, length);
  }

  @Override
  public final void sigmoid(double[] x, int x0, double[] y, int y0, int length) {
    Parallel.run(
        length,
        Cost.EXP * length,
        (from, to) -> sigmoid.apply(x, x0 + from, y, y0 + from, to - from));
  }

  @Override
  public final void sigmoidGradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length) {
    Sigmoid.GRADIENT.run(0, y, y0, gy, gy0, gx, gx0, length);
  }

  @Override
  public final void softmax(double[] x, int x0, double[] y, int y0, int rows, int size) {
    softmax.apply(x, x0, y, y0, rows, size);
  }

  @Override
  public final void softmaxGradient(
      double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int rows, int size) {
    Softmax.gradient(y, y0, gy, gy0, gx, gx0, rows, size);
  }

  @Override
  public final void exp(double[] x, int x0, double[] y, int y0, int length) {
    long work = Cost.EXP * length;
    if (Parallel.alone(work)) {
      exp.apply(x, x0, y, y0, length);
    } else {
      Parallel.run(length, work, (from, to) -> exp.apply(x, x0 + from, y, y0 + from, to - from));
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
