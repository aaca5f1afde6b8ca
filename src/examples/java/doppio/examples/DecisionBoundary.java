package doppio.examples;

import doppio.Tensor;
import doppio.nn.Module;
import java.util.Arrays;

/** Where a model of two inputs and one output gives 0: line segments, by marching squares. */
final class DecisionBoundary {
  private static final int CELLS = 200;
  private static final int SIDE = CELLS + 1;

  /** The corners of the grid's cells, row by row, and the model's output there. */
  private final Tensor points = Tensor.zeros(SIDE * SIDE, 2);

  private final double[] output;

  /** For each segment its two ends and a third place, whose y is NaN: a chart breaks off there. */
  private final double[] x = new double[6 * CELLS * CELLS];

  private final double[] y = new double[x.length];
  private int length;

  /** Finds the boundary in the square from (low, low) to (high, high). */
  DecisionBoundary(Module model, double low, double high) {
    double step = (high - low) / CELLS;
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        points.set(low + column * step, row * SIDE + column, 0);
        points.set(low + row * step, row * SIDE + column, 1);
      }
    }
    output = model.infer(points).data();
    for (int row = 0; row < CELLS; row++) {
      for (int column = 0; column < CELLS; column++) {
        cell(row * SIDE + column);
      }
    }
  }

  /** The x coordinates, three a segment. */
  double[] x() {
    return Arrays.copyOf(x, length);
  }

  /** The y coordinates, three a segment, of which the last is NaN. */
  double[] y() {
    return Arrays.copyOf(y, length);
  }

  /** Whether the output has one sign throughout. */
  boolean isEmpty() {
    return length == 0;
  }

  /** Adds what lies in one cell: the sign changes on none of its edges, on two or on four. */
  private void cell(int corner) {
    int[] corners = {corner, corner + 1, corner + 1 + SIDE, corner + SIDE};
    for (int k = 0; k < 4; k++) {
      int a = corners[k];
      int b = corners[(k + 1) % 4];
      if (output[a] > 0 != output[b] > 0) {
        crossing(a, b);
      }
    }
  }

  /** Adds the point where a straight line from one output to the other passes 0. */
  private void crossing(int a, int b) {
    double t = output[a] / (output[a] - output[b]);
    x[length] = points.get(a, 0) + t * (points.get(b, 0) - points.get(a, 0));
    y[length] = points.get(a, 1) + t * (points.get(b, 1) - points.get(a, 1));
    length++;
    if (length % 3 == 2) {
      x[length] = x[length - 1];
      y[length] = Double.NaN;
      length++;
    }
  }
}
