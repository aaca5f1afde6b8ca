package doppio.check;

import doppio.Tensor;
import java.util.function.IntToDoubleFunction;

/** Compares analytic gradients with measured slopes and remembers the worst element. */
final class Comparison {
  /** Factors on the steps of the measurements that an element has to fail to be wrong. */
  private static final double[] STRETCHES = {1, 0.75};

  private final Probe probe;
  private final String owner;
  private final double tolerance;
  private final boolean judgesKinks;
  private double worstError = -1;
  private String worst;

  /**
   * @param owner how messages name what is checked
   * @param judgesKinks whether an element at a kink can be wrong
   */
  Comparison(Probe probe, String owner, double tolerance, boolean judgesKinks) {
    this.probe = probe;
    this.owner = owner;
    this.tolerance = tolerance;
    this.judgesKinks = judgesKinks;
  }

  /**
   * Compares an element of a gradient with the slope along the same element of its tensor.
   *
   * @param rounding how far rounding may have moved the gradient's element
   */
  void compare(String name, Tensor point, int i, double analytic, IntToDoubleFunction rounding) {
    probe.turn();
    double[] values = point.data();
    Slopes usual = probe.measure(values, i, Measured.usualStep(values[i]));
    if (usual.isFinite() && difference(analytic, usual.central()) <= usual.noise()) {
      return;
    }
    if (analytic == 0 && !usual.isFinite() && probe.isAlone(values, i)) {
      return;
    }
    Measured measured = null;
    for (double stretch : STRETCHES) {
      measured = Measured.along(probe, values, i, stretch);
      double unseen = probe.hidden(values[i]) + rounding.applyAsDouble(i);
      if (measured.agreesWith(analytic, tolerance, unseen)) {
        return;
      }
    }
    boolean kink = measured.isKink(tolerance);
    if (kink && !judgesKinks && Double.isFinite(analytic)) {
      return;
    }
    double error = relativeError(analytic, measured.slopes().central());
    if (error > worstError) {
      worstError = error;
      worst = sentence(Wording.element(name, point, i), analytic, measured.slopes(), kink, error);
    }
  }

  /** Throws an error about the worst element, if there was a wrong one. */
  void finish() {
    if (worst != null) {
      throw Wording.failure(worst);
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

  /** What the tolerance leaves of |a − b|; NaN if one is not finite. */
  private double difference(double a, double b) {
    return Math.abs(a - b) - tolerance * Math.max(Math.abs(a), Math.abs(b));
  }

  private String sentence(String element, double analytic, Slopes s, boolean kink, double error) {
    return element
        + " of "
        + owner
        + ": analytic "
        + Wording.rounded(analytic)
        + " but numeric "
        + (kink
            ? Wording.rounded(s.left())
                + " from the left and "
                + Wording.rounded(s.right())
                + " from the right (a kink; tolerance "
            : Wording.rounded(s.central())
                + " (relative error "
                + Wording.rounded(error, 2)
                + ", tolerance ")
        + tolerance
        + ")";
  }
}
