package doppio.internal.layer;

import java.util.Arrays;

/** The mean of each plane, whose sum is one of eight parts as an inner product is. */
public final class GlobalAverage {
  private GlobalAverage() {}

  /** y[p] = Σ x[p, i] / size. */
  public static void forward(double[] x, double[] y, int planes, int size) {
    for (int p = 0; p < planes; p++) {
      y[p] = RowSums.sum(x, p * size, size) / size;
    }
  }

  /** gx[p, i] = gy[p] / size. */
  public static void backward(double[] gy, double[] gx, int planes, int size) {
    for (int p = 0; p < planes; p++) {
      Arrays.fill(gx, p * size, (p + 1) * size, gy[p] / size);
    }
  }
}
