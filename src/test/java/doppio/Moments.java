package doppio;

/**
 * Moments of a sample.
 *
 * @param kurtosis the fourth central moment over the square of the second: 3 for a normal
 *     distribution, 1.8 for a uniform one
 */
public record Moments(double mean, double variance, double kurtosis) {
  /** The moments of the values. */
  public static Moments of(double[] values) {
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double second = 0;
    double fourth = 0;
    for (double v : values) {
      double square = (v - mean) * (v - mean);
      second += square / values.length;
      fourth += square * square / values.length;
    }
    return new Moments(mean, second, fourth / (second * second));
  }
}
