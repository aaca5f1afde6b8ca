package doppio;

import java.util.function.DoubleSupplier;

/**
 * The Box–Muller transform as PyTorch applies it to blocks of sixteen numbers uniform over [0, 1):
 * eight pairs, eight places apart, become eight pairs of normal ones.
 */
final class BoxMuller {
  static final int BLOCK = 16;
  private static final double TWO_PI = 2 * Math.PI;

  private BoxMuller() {}

  /** Fills at least a block; what is left over lies in a last one, which is drawn anew. */
  static void blocks(
      double[] values, double mean, double std, boolean single, DoubleSupplier draws) {
    draw(values, 0, draws);
    int whole = values.length - values.length % BLOCK;
    for (int i = 0; i < whole; i += BLOCK) {
      block(values, i, mean, std, single);
    }
    if (whole < values.length) {
      int last = values.length - BLOCK;
      draw(values, last, draws);
      block(values, last, mean, std, single);
    }
  }

  private static void draw(double[] values, int from, DoubleSupplier draws) {
    for (int i = from; i < values.length; i++) {
      values[i] = draws.getAsDouble();
    }
  }

  /** Transforms the block that begins at {@code from}, in single precision or in double. */
  private static void block(double[] values, int from, double mean, double std, boolean single) {
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
