package doppio.metric;

import doppio.internal.Total;

/** The coefficient of determination of one output, R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)². */
final class Determination {
  private Determination() {}

  /**
   * R² of the numbers at {@code from}, {@code from + step} and so on.
   *
   * @param p the predictions ŷ
   * @param y the targets
   * @param n the number of samples
   */
  static double of(double[] p, double[] y, int n, int from, int step) {
    if (n < 2) {
      return Double.NaN;
    }
    int to = from + n * step;
    double largest = 0;
    boolean constant = true;
    for (int i = from; i < to; i += step) {
      largest = Math.max(largest, Math.max(Math.abs(y[i]), Math.abs(p[i])));
      constant &= y[i] == y[from];
    }
    // A power of two changes no bit of the result, and squares neither overflow nor vanish.
    double unit = Math.scalb(1.0, -Math.getExponent(largest));
    Total sum = new Total(n);
    for (int i = from; i < to; i += step) {
      sum.add(unit * y[i] / n);
    }
    double mean = sum.value();
    Total residuals = new Total(n);
    Total spread = new Total(n);
    Total drift = new Total(n);
    for (int i = from; i < to; i += step) {
      double residual = unit * y[i] - unit * p[i];
      double deviation = unit * y[i] - mean;
      residuals.add(residual * residual);
      spread.add(deviation * deviation);
      drift.add(deviation);
    }
    double residual = residuals.value();
    if (constant) {
      return residual == 0 ? 1 : 0 * residual;
    }
    // The second term is what the rounding of the mean has added to the first.
    double total = spread.value() - drift.value() * drift.value() / n;
    return 1 - residual / total;
  }
}
