package doppio;

/**
 * The Box–Muller transform as PyTorch applies it to blocks of sixteen numbers uniform over [0, 1):
 * eight pairs, eight places apart, become eight pairs of normal ones.
 */
final class BoxMuller {
  static final int BLOCK = 16;
  private static final double TWO_PI = 2 * Math.PI;

  private BoxMuller() {}

  /** Transforms the block that begins at {@code from}, in single precision or in double. */
  static void block(double[] values, int from, double mean, double std, boolean single) {
    if (single) {
      block(values, from, (float) mean, (float) std);
    } else {
      block(values, from, mean, std);
    }
  }

  private static void block(double[] values, int from, double mean, double std) {
    for (int i = from; i < from + BLOCK / 2; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - values[i]));
      double angle = TWO_PI * values[i + BLOCK / 2];
      values[i] = ExactFma.fma(radius * StrictMath.cos(angle), std, mean);
      values[i + BLOCK / 2] = ExactFma.fma(radius * StrictMath.sin(angle), std, mean);
    }
  }

  /** The same with every step rounded to float: the angle's rounding is seen in the result. */
  private static void block(double[] values, int from, float mean, float std) {
    for (int i = from; i < from + BLOCK / 2; i++) {
      float log = (float) StrictMath.log(1 - values[i]);
      float radius = (float) StrictMath.sqrt(-2 * log);
      float angle = (float) TWO_PI * (float) values[i + BLOCK / 2];
      values[i] = ExactFma.fma(radius * (float) StrictMath.cos(angle), std, mean);
      values[i + BLOCK / 2] = ExactFma.fma(radius * (float) StrictMath.sin(angle), std, mean);
    }
  }
}
