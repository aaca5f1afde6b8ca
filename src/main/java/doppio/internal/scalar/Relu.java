package doppio.internal.scalar;

import doppio.internal.threads.Cost;

/** max(0, x). */
final class Relu {
  /** y = max(0, x), NaN through. */
  static final Elementwise FORWARD =
      new Elementwise(Cost.PASS) {
        @Override
        void loop(double factor, double[] x, double[] unused, double[] y, int from, int to) {
          for (int i = from; i < to; i++) {
            y[i] = Math.max(0, x[i]);
          }
        }
      };

  /**
   * gx = 0 where y is 0, else gy. The signs of activations are as good as random: a branch on them
   * would be mispredicted every other time, so this selects by bits. All of them are 0 where y is.
   */
  static final Elementwise GRADIENT =
      new Elementwise(Cost.PASS) {
        @Override
        void loop(double factor, double[] y, double[] gy, double[] gx, int from, int to) {
          for (int i = from; i < to; i++) {
            long magnitude = Double.doubleToRawLongBits(y[i]) << 1;
            long kept = (magnitude | -magnitude) >> 63;
            gx[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(gy[i]) & kept);
          }
        }
      };

  private Relu() {}
}
