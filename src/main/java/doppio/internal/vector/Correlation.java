package doppio.internal.vector;

import static doppio.internal.vector.OuterTiles.PITCH;
import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Convolution;
import doppio.internal.Kernels;
import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.Unfolding;

/**
 * The gradient of a convolution's weights out of {@link OuterTiles}: a panel is some elements of a
 * patch wide, channel beside channel.
 */
final class Correlation {
  private static final int TERMS = Sums.TERMS;

  private Correlation() {}

  /**
   * gw[o,k] = (gw[o,k] if {@code add}, else 0) + Σ gy[o,p] · patch[p,k] over the positions of all
   * images as one sequence, in the order of {@link Kernels}, for some outputs and some elements of
   * a patch, from the k0-th on in the order of (i, j, channel). A chain's terms are collected from
   * as many images as it takes.
   */
  static void add(
      Convolution c,
      Unfolding u,
      double[] gy,
      int gy0,
      int planes,
      double[] x,
      int x0,
      int k0,
      int columns,
      double[] gw,
      int gw0,
      boolean add) {
    Scratch scratch = Scratch.take();
    Patches patches = scratch.patches;
    double[] panels = scratch.panels(Packing.width(columns) * TERMS);
    double[] factors = scratch.others(Packing.packed(planes, TERMS));
    int[] order = scratch.indices(columns);
    number(c, k0, columns, order);
    boolean more = add;
    int filled = 0;
    for (int block = 0; block < u.blocks(); block++) {
      patches.load(u, x, x0, block, true);
      for (int p = 0; p < patches.count; ) {
        int taken = Math.min(TERMS - filled, patches.count - p);
        for (int j = 0; j < columns; j += WIDTH) {
          int at = j * TERMS + filled * WIDTH;
          int width = Math.min(WIDTH, columns - j);
          PatchPacking.terms(patches, k0 + j, width, p, taken, panels, at);
        }
        interleave(patches, p, taken, gy, gy0, c.positions(), planes, factors, filled);
        p += taken;
        filled += taken;
        if (filled == TERMS) {
          add(factors, planes, panels, TERMS, order, columns, gw, gw0, c.depth(), more, scratch);
          more = true;
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      add(factors, planes, panels, filled, order, columns, gw, gw0, c.depth(), more, scratch);
    }
    scratch.give();
  }

  /** Puts the planes of a tile side by side, and the next behind them. */
  private static void interleave(
      Patches patches,
      int p0,
      int count,
      double[] gy,
      int gy0,
      int positions,
      int planes,
      double[] factors,
      int filled) {
    int[] places = patches.places;
    for (int o0 = 0; o0 < planes; o0 += ROWS) {
      int rows = Math.min(ROWS, planes - o0);
      int to = Packing.place(o0, TERMS, filled);
      for (int p = 0; p < count; p++, to += PITCH) {
        int from = gy0 + o0 * positions + places[p0 + p];
        for (int r = 0; r < rows; r++, from += positions) {
          factors[to + r] = gy[from];
        }
      }
    }
  }

  /**
   * Where the elements of a patch, channel beside channel, stand among the weights of an output.
   */
  private static void number(Convolution c, int k0, int columns, int[] order) {
    int channels = c.groupChannels();
    int kernel = c.kernelHeight() * c.kernelWidth();
    for (int j = 0; j < columns; j++) {
      order[j] = (k0 + j) % channels * kernel + (k0 + j) / channels;
    }
  }

  private static void add(
      double[] factors,
      int planes,
      double[] panels,
      int size,
      int[] order,
      int columns,
      double[] gw,
      int gw0,
      int gwRow,
      boolean add,
      Scratch scratch) {
    double[] tile = scratch.tile;
    for (int j0 = 0; j0 < columns; j0 += WIDTH) {
      int width = Math.min(WIDTH, columns - j0);
      for (int o0 = 0; o0 < planes; o0 += ROWS) {
        OuterTiles.outer(
            factors, Packing.place(o0, TERMS, 0), panels, j0 * TERMS, size, tile, 0, WIDTH);
        for (int r = 0; r < Math.min(ROWS, planes - o0); r++) {
          int row = gw0 + (o0 + r) * gwRow;
          for (int j = 0; j < width; j++) {
            int to = row + order[j0 + j];
            double sum = tile[r * WIDTH + j];
            gw[to] = add ? gw[to] + sum : sum;
          }
        }
      }
    }
  }
}
