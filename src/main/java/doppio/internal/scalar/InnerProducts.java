package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Kernels;
import doppio.internal.Sums;

/** Inner products of rows in plain Java: eight sums that do not wait for each other. */
final class InnerProducts {
  private InnerProducts() {}

  /** Σ a[k] · b[k] in the order of {@link Kernels}. */
  static double dot(double[] a, int a0, double[] b, int b0, int size) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int k = 0;
    for (; k + Sums.PARTS <= size; k += Sums.PARTS) {
      s0 = fma(a[a0 + k], b[b0 + k], s0);
      s1 = fma(a[a0 + k + 1], b[b0 + k + 1], s1);
      s2 = fma(a[a0 + k + 2], b[b0 + k + 2], s2);
      s3 = fma(a[a0 + k + 3], b[b0 + k + 3], s3);
      s4 = fma(a[a0 + k + 4], b[b0 + k + 4], s4);
      s5 = fma(a[a0 + k + 5], b[b0 + k + 5], s5);
      s6 = fma(a[a0 + k + 6], b[b0 + k + 6], s6);
      s7 = fma(a[a0 + k + 7], b[b0 + k + 7], s7);
    }
    int left = size - k;
    s0 = left > 0 ? fma(a[a0 + k], b[b0 + k], s0) : s0;
    s1 = left > 1 ? fma(a[a0 + k + 1], b[b0 + k + 1], s1) : s1;
    s2 = left > 2 ? fma(a[a0 + k + 2], b[b0 + k + 2], s2) : s2;
    s3 = left > 3 ? fma(a[a0 + k + 3], b[b0 + k + 3], s3) : s3;
    s4 = left > 4 ? fma(a[a0 + k + 4], b[b0 + k + 4], s4) : s4;
    s5 = left > 5 ? fma(a[a0 + k + 5], b[b0 + k + 5], s5) : s5;
    s6 = left > 6 ? fma(a[a0 + k + 6], b[b0 + k + 6], s6) : s6;
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  /**
   * y[at], y[at + 1] = Σ a[r,k] · b[k] + bias for two rows r of a: each number of b is read once
   * for both. What is left over goes through the array of parts: as part of this method's data flow
   * it would keep the JIT from making the most of the loop.
   */
  static void dots(
      double[] a,
      int a0,
      int aRow,
      double[] b,
      int b0,
      int size,
      double bias0,
      double bias1,
      double[] y,
      int at,
      double[] parts) {
    int a1 = a0 + aRow;
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0;
    int k = 0;
    for (; k + Sums.PARTS <= size; k += Sums.PARTS) {
      double v0 = b[b0 + k];
      s0 = fma(a[a0 + k], v0, s0);
      t0 = fma(a[a1 + k], v0, t0);
      double v1 = b[b0 + k + 1];
      s1 = fma(a[a0 + k + 1], v1, s1);
      t1 = fma(a[a1 + k + 1], v1, t1);
      double v2 = b[b0 + k + 2];
      s2 = fma(a[a0 + k + 2], v2, s2);
      t2 = fma(a[a1 + k + 2], v2, t2);
      double v3 = b[b0 + k + 3];
      s3 = fma(a[a0 + k + 3], v3, s3);
      t3 = fma(a[a1 + k + 3], v3, t3);
      double v4 = b[b0 + k + 4];
      s4 = fma(a[a0 + k + 4], v4, s4);
      t4 = fma(a[a1 + k + 4], v4, t4);
      double v5 = b[b0 + k + 5];
      s5 = fma(a[a0 + k + 5], v5, s5);
      t5 = fma(a[a1 + k + 5], v5, t5);
      double v6 = b[b0 + k + 6];
      s6 = fma(a[a0 + k + 6], v6, s6);
      t6 = fma(a[a1 + k + 6], v6, t6);
      double v7 = b[b0 + k + 7];
      s7 = fma(a[a0 + k + 7], v7, s7);
      t7 = fma(a[a1 + k + 7], v7, t7);
    }
    if (k == size) {
      y[at] = ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)) + bias0;
      y[at + 1] = ((t0 + t4) + (t2 + t6)) + ((t1 + t5) + (t3 + t7)) + bias1;
      return;
    }
    parts[0] = s0;
    parts[1] = s1;
    parts[2] = s2;
    parts[3] = s3;
    parts[4] = s4;
    parts[5] = s5;
    parts[6] = s6;
    parts[7] = s7;
    parts[8] = t0;
    parts[9] = t1;
    parts[10] = t2;
    parts[11] = t3;
    parts[12] = t4;
    parts[13] = t5;
    parts[14] = t6;
    parts[15] = t7;
    Sums.addRest(parts, 0, a, a0, b, b0, k, size);
    Sums.addRest(parts, Sums.PARTS, a, a1, b, b0, k, size);
    Sums.addParts(parts, parts, 2);
    y[at] = parts[0] + bias0;
    y[at + 1] = parts[1] + bias1;
  }
}
