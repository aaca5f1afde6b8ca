package doppio.check;

import java.util.Arrays;
import java.util.function.Supplier;

/** Measures the slopes of s = Σ g·y by changing one number that y depends on. */
final class Probe {
  /** Rounding errors of an output, in units of its last place, that any function makes. */
  private static final double ROUNDINGS = 4;

  private final Supplier<double[]> output;
  private final double[] cotangent;
  private final double[] center;
  private final boolean[] touched;

  /**
   * @param output computes y from the present numbers, into an array of its own
   * @param cotangent g
   */
  Probe(Supplier<double[]> output, double[] cotangent) {
    this.output = output;
    this.cotangent = cotangent;
    this.center = output.get();
    this.touched = new boolean[center.length];
  }

  /** Turns to another number, of which it is not known yet which outputs it changes. */
  void turn() {
    Arrays.fill(touched, false);
  }

  /**
   * What a slope may be off because outputs show no change even at the largest step, two sixteenths
   * of a number's size (of 1 below that): half of their last place for such a step.
   */
  double hidden(double x) {
    double magnitude = 0;
    for (int k = 0; k < center.length; k++) {
      magnitude += touched[k] ? 0 : Math.abs(cotangent[k] * center[k]);
    }
    return 8 * Math.ulp(1.0) * magnitude / Math.max(1, Math.abs(x));
  }

  /** The slopes along {@code values[i]}, NaN where the function has no finite value nearby. */
  Slopes measure(double[] values, int i, double h) {
    double x = values[i];
    double[] farLeft;
    double[] nearLeft;
    double[] nearRight;
    double[] farRight;
    try {
      farLeft = outputAt(values, i, x - 2 * h);
      nearLeft = outputAt(values, i, x - h);
      nearRight = outputAt(values, i, x + h);
      farRight = outputAt(values, i, x + 2 * h);
    } finally {
      values[i] = x;
    }
    touch(farLeft);
    touch(farRight);
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
      if (touched[k]) {
        double largest = Math.max(Math.abs(farLeft[k]), Math.abs(farRight[k]));
        magnitude += Math.abs(g) * Math.max(Math.abs(y), largest);
      }
    }
    central /= 12 * h;
    double noise = (ROUNDINGS * Math.ulp(1.0) * magnitude + Math.abs(central) * shift(x, h)) / h;
    return new Slopes(h, central, left / (2 * h), right / (2 * h), noise);
  }

  /**
   * Whether the function refuses the numbers next to {@code values[i]} on both sides, as one of an
   * index does: then it has no slope.
   */
  boolean isAlone(double[] values, int i) {
    double x = values[i];
    boolean alone = isRefused(values, i, Math.nextUp(x)) && isRefused(values, i, Math.nextDown(x));
    values[i] = x;
    return alone;
  }

  private boolean isRefused(double[] values, int i, double x) {
    values[i] = x;
    try {
      double[] unused = output.get();
      return false;
    } catch (IllegalArgumentException refused) {
      return true;
    }
  }

  private void touch(double[] y) {
    for (int k = 0; k < y.length; k++) {
      touched[k] |= y[k] != center[k];
    }
  }

  /** How far rounding moves the points themselves. */
  private static double shift(double x, double h) {
    double shift = 0;
    for (int k = -2; k <= 2; k++) {
      shift = Math.max(shift, Math.abs(x + k * h - x - k * h));
    }
    return shift;
  }

  private double[] outputAt(double[] values, int i, double x) {
    values[i] = x;
    try {
      return output.get();
    } catch (RuntimeException outsideTheDomain) {
      double[] none = new double[center.length];
      Arrays.fill(none, Double.NaN);
      return none;
    }
  }
}
