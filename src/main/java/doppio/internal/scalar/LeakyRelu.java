package doppio.internal.scalar;

import doppio.internal.threads.Cost;

/** x where x &gt; 0, else slope · x; without branches, as {@link Relu}. */
final class LeakyRelu {
  private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

  /** gx = gy where x > 0, else slope · gy; with x for gy it is the function itself. */
  static final Elementwise GRADIENT =
      new Elementwise(Cost.PASS) {
        @Override
        void loop(double slope, double[] x, double[] gy, double[] gx, int from, int to) {
          for (int i = from; i < to; i++) {
            gx[i] = select(positive(x[i]), gy[i], slope * gy[i]);
          }
        }
      };

  private LeakyRelu() {}

  /** All bits 1 where x > 0, else 0. The bits of positive numbers run from 1 to those of ∞. */
  private static long positive(double x) {
    long bits = Double.doubleToRawLongBits(x);
    return ~((bits - 1) | (INFINITY - bits)) >> 63;
  }

  private static double select(long bits, double a, double b) {
    long kept = Double.doubleToRawLongBits(a) & bits;
    return Double.longBitsToDouble(kept | (Double.doubleToRawLongBits(b) & ~bits));
  }
}
