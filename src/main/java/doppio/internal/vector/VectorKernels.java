package doppio.internal.vector;

import doppio.internal.Kernels;
import doppio.internal.scalar.ScalarKernels;

/**
 * Kernels in the Vector API. What the JIT vectorises by itself is inherited; the bits are those of
 * the plain kernels throughout.
 */
public final class VectorKernels extends ScalarKernels {
  /**
   * Single samples that the plain kernels take, with the same bits: the first answer of an
   * application need not wait 100 ms for the classes of the Vector API.
   */
  private static final int PLAIN_AT_FIRST = 32;

  /** Counts down; calls from several threads may lose a step, which harms nobody. */
  private int plainAtFirst;

  /** Whether all calls go to the Vector API. */
  public VectorKernels(boolean fromTheStart) {
    this(new Exp(), fromTheStart);
  }

  private VectorKernels(Exp exp, boolean fromTheStart) {
    super(exp, new Tanh(exp), new Sigmoid(exp), new OptimizerRules(), new Convolutions());
    plainAtFirst = fromTheStart ? 0 : PLAIN_AT_FIRST;
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
    if (n == 1 && plainAtFirst > 0) {
      plainAtFirst--;
      super.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
    } else {
      Forward.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
    }
  }

  @Override
  public void linearInputGradient(
      double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n, int in, int out) {
    InputGradient.inputGradient(gy, gy0, w, w0, gx, gx0, n, in, out);
  }

  @Override
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
    WeightGradient.weightGradient(gy, gy0, x, x0, gw, gw0, n, in, out, add);
  }

  @Override
  public void linearWeightGradientParts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Kernels.Part part) {
    WeightGradient.parts(gy, gy0, x, x0, n, in, out, part);
  }

  @Override
  protected void addColumns(double[] a, int a0, double[] sums, int sums0, int n, int out) {
    Reductions.addColumns(a, a0, sums, sums0, n, out);
  }
}
