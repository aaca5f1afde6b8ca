package doppio.check;

import doppio.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** Compares analytic gradients with measured slopes and remembers the worst element. */
final class Comparison {
  /** Powers of 2: steps from 10⁻³ to 10⁻⁸. */
  private static final int[] EXPONENTS = {-10, -14, -18, -22, -26};

  /** The place of the step for slopes at a kink: so small that curvature does not count. */
  private static final int FINE = 3;

  private final Probe probe;
  private final String owner;
  private final double tolerance;
  private double worstError = -1;
  private String worst;

  Comparison(Probe probe, String owner, double tolerance) {
    this.probe = probe;
    this.owner = owner;
    this.tolerance = tolerance;
  }

  /** Compares each element of a gradient with the slope along the same element of its tensor. */
  void compare(String name, Tensor point, Tensor gradient) {
    for (int i = 0; i < point.size(); i++) {
      compare(name, point, i, gradient.data()[i]);
    }
  }

  /** Throws an error about the worst element, if there was a wrong one. */
  void finish() {
    if (worst != null) {
      throw GradientCheck.failure(worst);
    }
  }

  private void compare(String name, Tensor point, int i, double analytic) {
    Slopes[] slopes = new Slopes[EXPONENTS.length];
    slopes[0] = probe.measure(point.data(), i, EXPONENTS[0]);
    if (slopes[0].agreesWith(analytic, tolerance)) {
      return;
    }
    Slopes best = slopes[0];
    for (int k = 1; k < slopes.length; k++) {
      slopes[k] = probe.measure(point.data(), i, EXPONENTS[k]);
      if (slopes[k].doubt() < best.doubt()) {
        best = slopes[k];
      }
    }
    if (best.agreesWith(analytic, tolerance)) {
      return;
    }
    // Rounding errors make a jump too, but one that grows as the step shrinks.
    boolean kink = !best.isSmooth(tolerance) && slopes[FINE].jump() <= 2 * best.jump();
    if (kink && slopes[FINE].bracket(analytic, tolerance)) {
      return;
    }
    double numeric = best.central();
    double error = relativeError(analytic, numeric);
    if (error > worstError) {
      worstError = error;
      worst =
          element(name, point, i)
              + " of "
              + owner
              + ": analytic "
              + rounded(analytic)
              + " but numeric "
              + (kink
                  ? rounded(slopes[FINE].left())
                      + " from the left and "
                      + rounded(slopes[FINE].right())
                      + " from the right (a kink; tolerance "
                  : rounded(numeric) + " (relative error " + rounded(error, 2) + ", tolerance ")
              + tolerance
              + ")";
    }
  }

  /** |a − b| over the larger of them; infinite if one is not finite. */
  static double relativeError(double a, double b) {
    if (a == b) {
      return 0;
    }
    double error = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** The element by its index, {@code weight[3, 1]} say. */
  static String element(String name, Tensor t, int offset) {
    int[] index = t.shape();
    int rest = offset;
    for (int d = index.length - 1; d >= 0; d--) {
      int n = index[d];
      index[d] = rest % n;
      rest /= n;
    }
    return name + Arrays.toString(index);
  }

  static String rounded(double value) {
    return rounded(value, 9);
  }

  private static String rounded(double value, int digits) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return Double.toString(new BigDecimal(value).round(new MathContext(digits)).doubleValue());
  }
}
