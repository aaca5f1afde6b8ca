package doppio.check;

/**
 * The slopes of a function at a point along one coordinate, measured with one step.
 *
 * @param central the derivative by five points on both sides, of fourth order in the step
 * @param left the slope by three points from the left, of second order
 * @param right the slope by three points from the right, of second order
 * @param noise how far rounding may have moved them
 */
record Slopes(double central, double left, double right, double noise) {
  /** How far apart the sides are: of third order in the step where the function is smooth. */
  double jump() {
    return Math.abs(right - left);
  }

  /**
   * An estimate of the error of the central slope, far too high where the function is smooth. (The
   * sides alone agree between two kinks at the same distance.)
   */
  double doubt() {
    return Math.max(Math.abs(central - left), Math.abs(central - right)) + noise;
  }

  boolean agreesWith(double slope, double tolerance) {
    double scale = Math.max(Math.abs(slope), Math.abs(central));
    return Double.isFinite(scale) && Math.abs(slope - central) <= tolerance * scale + noise;
  }

  boolean isSmooth(double tolerance) {
    return jump() <= slack(tolerance);
  }

  /** Whether the slope lies between those from the left and from the right. */
  boolean bracket(double slope, double tolerance) {
    double slack = slack(tolerance);
    return slope >= Math.min(left, right) - slack && slope <= Math.max(left, right) + slack;
  }

  private double slack(double tolerance) {
    return tolerance * Math.max(Math.abs(left), Math.abs(right)) + noise;
  }
}
