package doppio.internal.vector;

import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Scratch;

/** Rows of tiles, as both gradients of a linear layer need them. */
final class OuterProducts {
  private OuterProducts() {}

  /**
   * A tile's rows of results, or fewer, over all the panels; {@code add} adds them to what is
   * there.
   */
  static void row(
      double[] a,
      int a0,
      double[] panels,
      int first,
      int depth,
      int columns,
      double[] c,
      int c0,
      int cRow,
      int rows,
      boolean add,
      Scratch scratch) {
    double[] tile = scratch.tile;
    for (int j = 0, panel = first; j < columns; j += WIDTH, panel += depth * WIDTH) {
      int width = Math.min(WIDTH, columns - j);
      boolean whole = rows == ROWS && width == WIDTH;
      if (whole && add) {
        OuterTiles.addOuter(a, a0, panels, panel, depth, c, c0 + j, cRow, tile);
      } else if (whole) {
        OuterTiles.outer(a, a0, panels, panel, depth, c, c0 + j, cRow);
      } else {
        OuterTiles.outer(a, a0, panels, panel, depth, tile, 0, WIDTH);
        for (int r = 0; r < rows; r++) {
          int to = c0 + r * cRow + j;
          if (add) {
            OuterTiles.add(tile, r * WIDTH, c, to, width);
          } else {
            System.arraycopy(tile, r * WIDTH, c, to, width);
          }
        }
      }
    }
  }
}
