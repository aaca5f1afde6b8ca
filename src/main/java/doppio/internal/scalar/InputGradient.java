package doppio.internal.scalar;

/** The gradient of a linear layer's input in plain Java. */
final class InputGradient {
  private static final int NARROW = OuterProducts.NARROW;
  private static final int ROWS = Tiles.ROWS;

  private InputGradient() {}

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(
      double[] gy, int gy0, double[] w, int w0, double[] gx, int gx0, int n, int in, int out) {
    if (n < ROWS || in < NARROW || out < ROWS) {
      Strips.products(gy, gy0, out, 1, w, w0, gx, gx0, in, 1, n, out, in, false);
      return;
    }
    OuterProducts.blocks(gy, gy0, out, 1, n, w, w0, out, in, gx, gx0, false);
  }
}
