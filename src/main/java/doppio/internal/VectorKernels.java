package doppio.internal;

/**
 * Kernels in the Vector API. What the JIT vectorises by itself is inherited; the bits are those of
 * the plain kernels throughout.
 */
final class VectorKernels extends ScalarKernels {
  /**
   * Single samples that the plain kernels take, with the same bits: the first answer of an
   * application need not wait 100 ms for the classes of the Vector API.
   */
  private static final int PLAIN_AT_FIRST = 32;

  /** Counts down; calls from several threads may lose a step, which harms nobody. */
  private int plainAtFirst;

  /** Whether all calls go to the Vector API. */
  VectorKernels(boolean fromTheStart) {
    super(new VectorElementary());
    plainAtFirst = fromTheStart ? 0 : PLAIN_AT_FIRST;
  }

  @Override
  public void linear(double[] x, double[] w, double[] bias, double[] y, int n, int in, int out) {
    if (n == 1 && plainAtFirst > 0) {
      plainAtFirst--;
      super.linear(x, w, bias, y, n, in, out);
    } else {
      VectorInnerProducts.linear(x, w, bias, y, n, in, out);
    }
  }

  @Override
  public void linearInputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    VectorOuterProducts.inputGradient(gy, w, gx, n, in, out);
  }

  @Override
  void product(double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    VectorWeightGradient.weightGradient(gy, x, gw, n, in, out, add);
  }

  @Override
  public Product newProduct() {
    return new VectorProduct();
  }

  @Override
  void addColumns(double[] a, double[] sums, int n, int out) {
    VectorOuterTiles.addColumns(a, sums, n, out);
  }

  @Override
  public void sgdMultiple(
      double[] w,
      double factor,
      double[] x,
      int from,
      double rate,
      double coupled,
      double decoupled,
      double[] array) {
    VectorUpdates.sgdMultiple(w, factor, x, from, rate, coupled, decoupled, array);
  }

  @Override
  public void sgd(
      double[] w,
      double[] g,
      int at,
      int from,
      int length,
      double rate,
      double coupled,
      double decoupled) {
    VectorUpdates.sgd(w, g, at, from, length, rate, coupled, decoupled);
  }

  @Override
  public void momentum(
      double[] w,
      double[] g,
      int at,
      double[] v,
      int from,
      int length,
      double rate,
      double momentum,
      boolean nesterov,
      double coupled,
      double decoupled) {
    VectorUpdates.momentum(w, g, at, v, from, length, rate, momentum, nesterov, coupled, decoupled);
  }

  @Override
  public void adam(
      double[] w,
      double[] g,
      int at,
      double[] m,
      double[] v,
      int from,
      int length,
      double rate,
      double root,
      double beta1,
      double beta2,
      double epsilon,
      double coupled,
      double decoupled) {
    VectorUpdates.adam(
        w, g, at, m, v, from, length, rate, root, beta1, beta2, epsilon, coupled, decoupled);
  }
}
