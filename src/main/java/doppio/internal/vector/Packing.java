package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;
import static doppio.internal.vector.OuterTiles.COLUMNS;
import static doppio.internal.vector.OuterTiles.PITCH;
import static doppio.internal.vector.OuterTiles.ROWS;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Operands of {@link OuterTiles}, packed: a tile then reads neighbouring elements from the first
 * one to the last.
 *
 * <p>A panel is one tile wide and has a row for each term; panels of a matrix lie side by side.
 */
final class Packing {
  /** Columns of a panel. */
  static final int WIDTH = COLUMNS * LANES;

  private Packing() {}

  /** The columns of so many panels as these columns need. */
  static int width(int columns) {
    return multiple(columns, WIDTH);
  }

  /** The next multiple, or the number itself if it is one. */
  static int multiple(int size, int of) {
    return (size + of - 1) / of * of;
  }

  /** How many tiles so many rows take, of which the last one may have fewer. */
  static int groups(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** How many elements so many rows take, packed. */
  static int packed(int rows, int depth) {
    return groups(rows) * depth * PITCH;
  }

  /** Where the k-th numbers of the tile lie that begins with a row. */
  static int place(int row, int depth, int k) {
    return (row / ROWS * depth + k) * PITCH;
  }

  /**
   * Rows of a matrix, so many side by side and the next behind them, each with the terms that are 0
   * modulo 8 first, then those that are 1, and so on.
   *
   * @param pitch from the numbers for one term to those for the next
   */
  static void byResidue(
      double[] a, int a0, int rows, int depth, int together, int pitch, double[] to) {
    for (int row = 0; row < rows; row++) {
      int from = a0 + row * depth;
      int at = row / together * depth * pitch + row % together;
      for (int part = 0; part < Sums.PARTS; part++) {
        for (int k = from + part; k < from + depth; k += Sums.PARTS, at += pitch) {
          to[at] = a[k];
        }
      }
    }
  }

  /** Packs all samples of x, those of one chain of {@link Kernels} after those of another. */
  static void packSamples(double[] x, int x0, int n, int in, double[] panels) {
    int width = width(in);
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      packColumns(x, x0 + n0 * in, in, Math.min(Sums.TERMS, n - n0), in, panels, n0 * width);
    }
  }

  /**
   * Packs columns of {@code depth} rows of b into panels from {@code first} on: in vectors, because
   * a call of arraycopy costs more than the copy of a row of a panel.
   */
  static void packColumns(
      double[] b, int b0, int bRow, int depth, int columns, double[] panels, int first) {
    int whole = columns - columns % WIDTH;
    for (int k = 0; k < depth; k++) {
      int from = b0 + k * bRow;
      int to = first + k * WIDTH;
      for (int j = 0; j < whole; j += WIDTH, to += depth * WIDTH) {
        DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, from + j);
        DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, from + j + LANES);
        v0.intoArray(panels, to);
        v1.intoArray(panels, to + LANES);
        if (COLUMNS > 2) {
          DoubleVector.fromArray(SPECIES, b, from + j + 2 * LANES)
              .intoArray(panels, to + 2 * LANES);
        }
      }
      if (whole < columns) {
        System.arraycopy(b, from + whole, panels, to, columns - whole);
        Arrays.fill(panels, to + columns - whole, to + WIDTH, 0);
      }
    }
  }

  /**
   * The rows of a tile side by side, those of the next behind them: element [n, k] of group n /
   * rows.
   */
  static double[] packRows(double[] a, int a0, int n, int columns, Scratch scratch) {
    double[] to = scratch.others(packed(n, columns));
    for (int n0 = 0; n0 < n; n0 += ROWS) {
      int rows = Math.min(ROWS, n - n0);
      int from = a0 + n0 * columns;
      int first = place(n0, columns, 0);
      if (rows == ROWS) {
        interleave(a, from, columns, to, first);
        continue;
      }
      for (int r = 0; r < rows; r++, from += columns) {
        for (int k = 0, at = first + r; k < columns; k++, at += PITCH) {
          to[at] = a[from + k];
        }
      }
    }
    return to;
  }

  /** A whole tile's rows at once: five, or eight. */
  private static void interleave(double[] a, int a0, int columns, double[] to, int first) {
    int a1 = a0 + columns;
    int a2 = a1 + columns;
    int a3 = a2 + columns;
    int a4 = a3 + columns;
    for (int k = 0, at = first; k < columns; k++, at += PITCH) {
      to[at] = a[a0 + k];
      to[at + 1] = a[a1 + k];
      to[at + 2] = a[a2 + k];
      to[at + 3] = a[a3 + k];
      to[at + 4] = a[a4 + k];
      for (int r = 5; r < ROWS; r++) {
        to[at + r] = a[a0 + r * columns + k];
      }
    }
  }

  /**
   * Columns of a, those of a tile side by side in a row for each k, those of the next behind them:
   * row by row, so that all of a line of the cache is read while it is there.
   */
  static double[] transpose(double[] a, int a0, int aRow, int depth, int columns, Scratch scratch) {
    double[] to = scratch.others(packed(columns, depth));
    for (int k = 0; k < depth; k++) {
      int from = a0 + k * aRow;
      int end = from + columns;
      for (int at = k * PITCH; from < end; from += ROWS, at += depth * PITCH) {
        // A vector may reach into the next columns, which are not used, but not beyond the array.
        if (from + PITCH <= a.length) {
          for (int r = 0; r < PITCH; r += LANES) {
            DoubleVector.fromArray(SPECIES, a, from + r).intoArray(to, at + r);
          }
        } else {
          System.arraycopy(a, from, to, at, Math.min(ROWS, end - from));
        }
      }
    }
    return to;
  }
}
