package doppio.data;

import doppio.internal.Total;

/**
 * The mean and standard deviation of one feature: every value is added to the mean, the mean is
 * taken, and every value is added to the spread around it.
 *
 * <p>Source: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American
 * Statistician 37 (1983), the corrected two-pass algorithm.
 */
final class FeatureMoments {
  /** The distance from 1 to the next double. */
  private static final double PRECISION = 0x1p-52;

  /** Rounding is held to make a std of so many units of a mean's precision, and of no more. */
  private static final int MOST_UNITS = 32;

  /**
   * What values are multiplied by, so that squares neither overflow nor vanish; a power of two,
   * which changes no bit.
   */
  private final double unit;

  private final double first;
  private final int n;
  private final Total fromFirst;
  private final Total squares;
  private final Total drift;
  private double mean;

  /**
   * Moments of n values.
   *
   * @param first one of them: sums are of differences from it, exactly 0 if all are equal
   * @param largest the largest magnitude among them
   */
  FeatureMoments(double first, double largest, int n) {
    unit = Math.scalb(1.0, -Math.getExponent(largest));
    this.first = unit * first;
    this.n = n;
    fromFirst = new Total(n);
    squares = new Total(n);
    drift = new Total(n);
  }

  void addToMean(double x) {
    fromFirst.add(unit * x - first);
  }

  void takeMean() {
    mean = first + fromFirst.value() / n;
  }

  void addToSpread(double x) {
    double d = unit * x - mean;
    squares.add(d * d);
    drift.add(d);
  }

  double mean() {
    return mean / unit;
  }

  /** 0 for a feature that is constant but for rounding. */
  double std() {
    // The second term is what the rounding of the mean has added to the first.
    double variance = (squares.value() - drift.value() * drift.value() / n) / n;
    double std = Math.sqrt(Math.max(0, variance));
    return std <= Math.min(n, MOST_UNITS) * PRECISION * Math.abs(mean) ? 0 : std / unit;
  }
}
