package doppio.internal;

import static doppio.internal.Fma.fma;

/**
 * The order in which the products add up, the same in every kernel, at every vector width, batch
 * size and number of threads.
 *
 * <p>An inner product of two rows, as in y = x Wᵀ, is eight partial sums, of the terms whose index
 * is 0, 1, … 7 modulo 8, each a chain of fused multiply-adds, and then a fixed tree over the eight.
 *
 * <p>A sum over rows, as in ∂x = g W and ∂W = gᵀ x, is one chain for every 256 terms; the chains
 * are added in their order.
 */
final class Sums {
  /** As many partial sums as the widest vector has lanes; narrower ones take several passes. */
  static final int PARTS = 8;

  /** Terms of a chain: so many rows of a panel 32 wide, 64 KB, stay in the second-level cache. */
  static final int TERMS = 256;

  private Sums() {}

  /** Σ a[k] · b[k] in the order of this class. */
  static double dot(double[] a, int a0, double[] b, int b0, int size) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int k = 0;
    for (; k + PARTS <= size; k += PARTS) {
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
    for (; k + PARTS <= size; k += PARTS) {
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
    addRest(parts, 0, a, a0, b, b0, k, size);
    addRest(parts, PARTS, a, a1, b, b0, k, size);
    addParts(parts, parts, 2);
    y[at] = parts[0] + bias0;
    y[at + 1] = parts[1] + bias1;
  }

  /** Adds the terms from k on to the partial sums of an inner product. */
  static void addRest(
      double[] parts, int at, double[] a, int a0, double[] b, int b0, int k, int size) {
    for (int p = 0; k + p < size; p++) {
      parts[at + p] = fma(a[a0 + k + p], b[b0 + k + p], parts[at + p]);
    }
  }

  /** sums[e] = the eight parts from 8·e on, added; sums and parts may be the same array. */
  static void addParts(double[] parts, double[] sums, int count) {
    for (int e = 0, at = 0; e < count; e++, at += PARTS) {
      sums[e] =
          ((parts[at] + parts[at + 4]) + (parts[at + 2] + parts[at + 6]))
              + ((parts[at + 1] + parts[at + 5]) + (parts[at + 3] + parts[at + 7]));
    }
  }
}
