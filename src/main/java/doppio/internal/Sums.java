package doppio.internal;

import static doppio.internal.Fma.fma;

/** What the order of sums that {@link Kernels} states is made of. */
public final class Sums {
  /** As many partial sums as the widest vector has lanes; narrower ones take several passes. */
  public static final int PARTS = 8;

  /** Terms of a chain: so many rows of a panel 32 wide, 64 KB, stay in the second-level cache. */
  public static final int TERMS = 256;

  private Sums() {}

  /** Adds the terms from k on to the partial sums of an inner product. */
  public static void addRest(
      double[] parts, int at, double[] a, int a0, double[] b, int b0, int k, int size) {
    for (int p = 0; k + p < size; p++) {
      parts[at + p] = fma(a[a0 + k + p], b[b0 + k + p], parts[at + p]);
    }
  }

  /** sums[e] = the eight parts from 8·e on, added; sums and parts may be the same array. */
  public static void addParts(double[] parts, double[] sums, int count) {
    for (int e = 0, at = 0; e < count; e++, at += PARTS) {
      sums[e] =
          ((parts[at] + parts[at + 4]) + (parts[at + 2] + parts[at + 6]))
              + ((parts[at + 1] + parts[at + 5]) + (parts[at + 3] + parts[at + 7]));
    }
  }
}
