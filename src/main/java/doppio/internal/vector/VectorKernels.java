package doppio.internal.vector;

import doppio.internal.Kernels;
import doppio.internal.scalar.ScalarKernels;

/**
 * Kernels in the Vector API. What the JIT vectorises by itself is inherited; the bits are those of
 * the plain kernels throughout.
 */
public final class VectorKernels extends ScalarKernels {
  /** All there is. */
  public VectorKernels() {
    this(new Exp());
  }

  private VectorKernels(Exp exp) {
    super(exp, new Tanh(exp), new Sigmoid(exp), new OptimizerRules(), new Convolutions());
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
    Forward.linear(x, x0, w, w0, bias, b0, y, y0, n, in, out);
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
