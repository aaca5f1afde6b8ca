package doppio.data;

import doppio.Tensor;

/** Small data sets made by formula, the same bits on every machine. */
public final class Synthetic {
  private static final double INNER_RADIUS = 1.1;
  private static final double OUTER_RADIUS = 3.0;

  private Synthetic() {}

  /**
   * The truth table of exclusive or.
   *
   * @return inputs {@code [4, 2]} (0, 0), (1, 0), (0, 1), (1, 1); targets {@code [4, 1]} 0, 1, 1, 0
   */
  public static Dataset xor() {
    return new Dataset(
        Tensor.wrap(new double[] {0, 0, 1, 0, 0, 1, 1, 1}, 4, 2),
        Tensor.wrap(new double[] {0, 1, 1, 0}, 4, 1));
  }

  /**
   * Two circles around the origin, of radius 1.1 (target +1) and 3.0 (target −1): points (r sin φ,
   * r cos φ) at n angles φ evenly from 0 to 2π, both ends included.
   *
   * @param n the number of points a circle
   * @return inputs {@code [2n, 2]}, the inner circle first; targets {@code [2n, 1]} of ±1
   * @throws IllegalArgumentException if {@code n < 1}, or too large for one array
   */
  public static Dataset circles(int n) {
    if (n < 1 || n > Integer.MAX_VALUE / 4) {
      throw new IllegalArgumentException(
          "points a circle must be in [1, " + Integer.MAX_VALUE / 4 + "], got " + n);
    }
    Tensor inputs = Tensor.zeros(2 * n, 2);
    Tensor targets = Tensor.zeros(2 * n, 1);
    double step = n == 1 ? 0 : 2 * Math.PI / (n - 1);
    for (int i = 0; i < n; i++) {
      // The last angle is 2π itself, which i · step may miss by a rounding.
      double phi = i > 0 && i == n - 1 ? 2 * Math.PI : i * step;
      double sin = StrictMath.sin(phi);
      double cos = StrictMath.cos(phi);
      put(inputs, i, INNER_RADIUS * sin, INNER_RADIUS * cos);
      put(inputs, n + i, OUTER_RADIUS * sin, OUTER_RADIUS * cos);
      targets.data()[i] = 1;
      targets.data()[n + i] = -1;
    }
    return new Dataset(inputs, targets);
  }

  private static void put(Tensor points, int row, double x, double y) {
    points.data()[2 * row] = x;
    points.data()[2 * row + 1] = y;
  }
}
