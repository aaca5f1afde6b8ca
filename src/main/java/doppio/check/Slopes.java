package doppio.check;

/**
 * The slopes of a function at a point along one coordinate, measured with one step.
 *
 * @param step the distance h between the points
 * @param central the derivative by five points on both sides, of fourth order in the step
 * @param left the slope by three points from the left, of second order
 * @param right the slope by three points from the right, of second order
 * @param noise how far a rounding of the outputs themselves moves them
 */
record Slopes(double step, double central, double left, double right, double noise) {
  /** How far apart the sides are: of second order in the step where the function is smooth. */
  double jump() {
    return Math.abs(right - left);
  }

  /**
   * An estimate of the error of the central slope, far too high where the function is smooth. (The
   * sides alone agree between two kinks at the same distance.) At a kink, everything between the
   * slopes of the two sides is no further from the central one than this.
   */
  double doubt() {
    return Math.max(Math.abs(central - left), Math.abs(central - right));
  }

  boolean isFinite() {
    return Double.isFinite(left) && Double.isFinite(right) && Double.isFinite(noise);
  }

  boolean isSmooth(double tolerance) {
    return jump() <= tolerance * Math.max(Math.abs(left), Math.abs(right)) + noise;
  }
}
