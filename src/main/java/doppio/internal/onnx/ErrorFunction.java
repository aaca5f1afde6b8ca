package doppio.internal.onnx;

import doppio.internal.layer.Gelu;

/** The error function, erf x = 2/√π ∫ e^(−t²) dt from 0 to x. */
public final class ErrorFunction {
  /** 2/√π. */
  private static final double SLOPE_AT_0 = 1.1283791670955126;

  /** Up to here the power series, which keeps the relative error small around 0. */
  private static final double SERIES = 0.5;

  private static final int TERMS = 14;

  private ErrorFunction() {}

  /** erf x: from its series near 0, else from the tail of the normal distribution. */
  public static double of(double x) {
    if (Math.abs(x) < SERIES) {
      double sum = 0;
      double power = x;
      for (int n = 0; n < TERMS; n++) {
        sum += power / (2 * n + 1);
        power *= -x * x / (n + 1);
      }
      return SLOPE_AT_0 * sum;
    }
    double z = Math.min(Math.abs(x) * Math.sqrt(2), Gelu.MAX);
    double[] p = Gelu.tail();
    double u = (z - Gelu.CENTRE) / (z + Gelu.CENTRE);
    double ratio = 0;
    for (int k = p.length - 1; k >= 0; k--) {
      ratio = ratio * u + p[k];
    }
    return Math.signum(x) * (1 - 2 * StrictMath.exp(-0.5 * z * z) * ratio / (1 + z));
  }

  /** The derivative, 2/√π e^(−x²). */
  public static double slope(double x) {
    return SLOPE_AT_0 * StrictMath.exp(-x * x);
  }
}
