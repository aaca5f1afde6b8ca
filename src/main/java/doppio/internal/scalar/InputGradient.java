package doppio.internal.scalar;

import doppio.internal.threads.Parallel;

/** The gradient of a linear layer's input in plain Java. */
final class InputGradient {
  private static final int NARROW = OuterProducts.NARROW;
  private static final int ROWS = Tiles.ROWS;

  private InputGradient() {}

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    if (n < ROWS || in < NARROW || out < ROWS) {
      Parallel.run(
          n,
          (long) n * in * out,
          (from, to) -> Strips.products(gy, out, 1, w, gx, in, 1, from, to, out, in, false));
      return;
    }
    OuterProducts.blocks(gy, out, 1, n, w, out, in, gx, false);
  }
}
