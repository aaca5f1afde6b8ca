package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.Unfolding;

/** The gradient of a convolution's weights in plain Java. */
final class Correlation {
  private static final int TERMS = Sums.TERMS;

  private Correlation() {}

  /**
   * gw[o,k] = (gw[o,k] if {@code add}, else 0) + Σ gy[o,p] · patch[p,k] over the positions of all
   * images as one sequence, in the order of {@link Kernels}, for some outputs and some elements k
   * of a patch from k0 on. A chain's terms are collected from as many images as it takes.
   */
  static void add(
      Unfolding u,
      double[] gy,
      int gy0,
      int positions,
      int planes,
      double[] x,
      int x0,
      int k0,
      int columns,
      double[] gw,
      int gw0,
      int gwRow,
      boolean add) {
    Scratch scratch = Scratch.take();
    Patches patches = scratch.patches;
    double[][] terms = scratch.rows(TERMS, columns);
    double[] factors = scratch.panels(planes * TERMS);
    boolean more = add;
    int filled = 0;
    for (int block = 0; block < u.blocks(); block++) {
      patches.load(u, x, x0, block, false);
      for (int p = 0; p < patches.count; ) {
        int taken = Math.min(TERMS - filled, patches.count - p);
        Packing.unfoldRows(patches, p, taken, k0, columns, terms, filled);
        for (int o = 0; o < planes; o++) {
          patches.take(gy, gy0 + o * positions, p, taken, factors, o * TERMS + filled);
        }
        p += taken;
        filled += taken;
        if (filled == TERMS) {
          OuterProducts.rows(
              factors, 0, TERMS, 1, terms, 0, filled, gw, gw0, gwRow, columns, more, 0, planes);
          more = true;
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      OuterProducts.rows(
          factors, 0, TERMS, 1, terms, 0, filled, gw, gw0, gwRow, columns, more, 0, planes);
    }
    scratch.give();
  }
}
