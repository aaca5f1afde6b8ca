package doppio.check;

import java.util.function.Supplier;

/** Measures the slopes of s = Σ g·y by changing one number that y depends on. */
final class Probe {
  /** Rounding errors of an output, in units of its last place, that are taken for possible. */
  private static final double ROUNDINGS = 64;

  private final Supplier<double[]> output;
  private final double[] cotangent;
  private final double[] center;

  /**
   * @param output computes y from the present numbers, into an array of its own
   * @param cotangent g
   */
  Probe(Supplier<double[]> output, double[] cotangent) {
    this.output = output;
    this.cotangent = cotangent;
    this.center = output.get();
  }

  /**
   * The slopes along {@code values[i]}.
   *
   * @param exponent the step is 2 to this power, times |values[i]| (rounded to a power of 2) above
   *     1
   */
  Slopes measure(double[] values, int i, int exponent) {
    double x = values[i];
    double h = Math.scalb(1.0, exponent + Math.max(0, Math.getExponent(x)));
    try {
      double[] farLeft = outputAt(values, i, x - 2 * h);
      double[] nearLeft = outputAt(values, i, x - h);
      double[] nearRight = outputAt(values, i, x + h);
      double[] farRight = outputAt(values, i, x + 2 * h);
      double central = 0;
      double left = 0;
      double right = 0;
      double magnitude = 0;
      for (int k = 0; k < center.length; k++) {
        double g = cotangent[k];
        double y = center[k];
        central += g * (8 * (nearRight[k] - nearLeft[k]) - (farRight[k] - farLeft[k]));
        left -= g * (4 * (nearLeft[k] - y) - (farLeft[k] - y));
        right += g * (4 * (nearRight[k] - y) - (farRight[k] - y));
        // An output that does not depend on this number adds no rounding error.
        if (nearLeft[k] != y || nearRight[k] != y) {
          magnitude += Math.abs(g * y);
        }
      }
      central /= 12 * h;
      double noise = ROUNDINGS * Math.ulp(1.0) * magnitude / h;
      return new Slopes(central, left / (2 * h), right / (2 * h), noise);
    } finally {
      values[i] = x;
    }
  }

  private double[] outputAt(double[] values, int i, double x) {
    values[i] = x;
    return output.get();
  }
}
