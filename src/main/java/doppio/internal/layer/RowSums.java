package doppio.internal.layer;

import static doppio.internal.Fma.fma;

/**
 * Sums over neighbouring numbers, in the order that {@link doppio.internal.Kernels} states for an
 * inner product: eight partial sums, of the terms whose index is 0, 1, … 7 modulo 8, added as a
 * tree.
 */
final class RowSums {
  private static final int PARTS = 8;

  private RowSums() {}

  /** Σ a[at + i] for the i &lt; length. */
  static double sum(double[] a, int at, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = at;
    for (int end = at + length - length % PARTS; i < end; i += PARTS) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
      s4 += a[i + 4];
      s5 += a[i + 5];
      s6 += a[i + 6];
      s7 += a[i + 7];
    }
    int rest = length % PARTS;
    s0 += rest > 0 ? a[i] : 0;
    s1 += rest > 1 ? a[i + 1] : 0;
    s2 += rest > 2 ? a[i + 2] : 0;
    s3 += rest > 3 ? a[i + 3] : 0;
    s4 += rest > 4 ? a[i + 4] : 0;
    s5 += rest > 5 ? a[i + 5] : 0;
    s6 += rest > 6 ? a[i + 6] : 0;
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  /** Σ (a[at + i] − a0) · (b[at + i] − b0) for the i &lt; length, each product added unrounded. */
  static double products(double[] a, double a0, double[] b, double b0, int at, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = at;
    for (int end = at + length - length % PARTS; i < end; i += PARTS) {
      s0 = fma(a[i] - a0, b[i] - b0, s0);
      s1 = fma(a[i + 1] - a0, b[i + 1] - b0, s1);
      s2 = fma(a[i + 2] - a0, b[i + 2] - b0, s2);
      s3 = fma(a[i + 3] - a0, b[i + 3] - b0, s3);
      s4 = fma(a[i + 4] - a0, b[i + 4] - b0, s4);
      s5 = fma(a[i + 5] - a0, b[i + 5] - b0, s5);
      s6 = fma(a[i + 6] - a0, b[i + 6] - b0, s6);
      s7 = fma(a[i + 7] - a0, b[i + 7] - b0, s7);
    }
    int rest = length % PARTS;
    s0 = rest > 0 ? fma(a[i] - a0, b[i] - b0, s0) : s0;
    s1 = rest > 1 ? fma(a[i + 1] - a0, b[i + 1] - b0, s1) : s1;
    s2 = rest > 2 ? fma(a[i + 2] - a0, b[i + 2] - b0, s2) : s2;
    s3 = rest > 3 ? fma(a[i + 3] - a0, b[i + 3] - b0, s3) : s3;
    s4 = rest > 4 ? fma(a[i + 4] - a0, b[i + 4] - b0, s4) : s4;
    s5 = rest > 5 ? fma(a[i + 5] - a0, b[i + 5] - b0, s5) : s5;
    s6 = rest > 6 ? fma(a[i + 6] - a0, b[i + 6] - b0, s6) : s6;
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }
}
