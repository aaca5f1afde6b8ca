package doppio.internal.scalar;

import doppio.internal.Kernels;
import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.Unfolding;

/** The gradient of a convolution's weights in plain Java. */
final class Correlation {
  private static final int TERMS = Sums.TERMS;
  private static final int ROWS = Tiles.ROWS;

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
          add(factors, planes, terms, filled, gw, gw0, gwRow, columns, more);
          more = true;
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      add(factors, planes, terms, filled, gw, gw0, gwRow, columns, more);
    }
    scratch.give();
  }

  private static void add(
      double[] factors,
      int planes,
      double[][] terms,
      int size,
      double[] gw,
      int gw0,
      int gwRow,
      int columns,
      boolean more) {
    for (int r = 0; r < planes; r += ROWS) {
      int rows = Math.min(ROWS, planes - r);
      OuterProducts.four(
          factors,
          r * TERMS,
          TERMS,
          1,
          rows,
          terms,
          0,
          size,
          gw,
          gw0 + r * gwRow,
          gwRow,
          columns,
          more);
    }
  }
}
