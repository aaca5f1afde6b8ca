package doppio.internal;

import static doppio.internal.VectorInnerTiles.LANES;
import static doppio.internal.VectorOuterTiles.COLUMNS;
import static doppio.internal.VectorOuterTiles.ROWS;

import java.util.Arrays;

/**
 * The backward products of a linear layer out of {@link VectorOuterTiles}: which tiles, in which
 * order, and what is copied first so that a tile reads neighbouring elements.
 */
final class VectorOuterProducts {
  /** Columns of a packed panel: one tile wide. */
  private static final int WIDTH = COLUMNS * LANES;

  /** Panels packed together: longer runs of a row are read at once. */
  private static final int PANELS = 4;

  /** Below this many rows, or terms, copying costs more than it saves. */
  private static final int FEW = 4;

  /** Rows of w that are added to the gradient of a single sample in one pass. */
  private static final int VECTOR_ROWS = 8;

  /** What an optimizer does with one element, in multiply-adds: it waits for memory. */
  private static final int WORK_OF_UPDATE = 16;

  private VectorOuterProducts() {}

  /** gx[n,i] = Σₒ gy[n,o] · w[o,i]. */
  static void inputGradient(double[] gy, double[] w, double[] gx, int n, int in, int out) {
    if (out < Sums.PARTS) {
      VectorOuterTiles.shortOuter(gy, out, w, gx, n, in);
      return;
    }
    int blocks = (in + PANELS * WIDTH - 1) / (PANELS * WIDTH);
    if (n == 1) {
      Parallel.run(
          blocks, (long) in * out, (from, to) -> inputGradientVector(gy, w, gx, in, out, from, to));
      return;
    }
    Scratch scratch = Scratch.take();
    double[] gyRows = packRows(gy, n, out, scratch);
    Parallel.run(
        blocks,
        (long) n * in * out,
        (from, to) -> inputGradientColumns(gyRows, w, gx, n, in, out, from, to));
    scratch.give();
  }

  /** For a single sample w is read row by row, as it lies. */
  private static void inputGradientVector(
      double[] gy, double[] w, double[] gx, int in, int out, int from, int to) {
    Scratch scratch = Scratch.take();
    int i0 = from * PANELS * WIDTH;
    int columns = Math.min(in, to * PANELS * WIDTH) - i0;
    double[] sums = scratch.results(columns);
    for (int start = 0; start < out; start += Sums.TERMS) {
      Arrays.fill(sums, 0, columns, 0);
      int end = Math.min(out, start + Sums.TERMS);
      for (int o = start; o < end; o += VECTOR_ROWS) {
        int rows = Math.min(VECTOR_ROWS, end - o);
        VectorOuterTiles.addRows(gy, o, rows, w, o * in + i0, in, sums, columns);
      }
      if (start == 0) {
        System.arraycopy(sums, 0, gx, i0, columns);
      } else {
        add(sums, 0, gx, i0, columns);
      }
    }
    scratch.give();
  }

  private static void inputGradientColumns(
      double[] gyRows, double[] w, double[] gx, int n, int in, int out, int from, int to) {
    Scratch scratch = Scratch.take();
    double[] panels = scratch.panels(PANELS * WIDTH * Math.min(Sums.TERMS, out));
    for (int block = from; block < to; block++) {
      int i0 = block * PANELS * WIDTH;
      int columns = Math.min(PANELS * WIDTH, in - i0);
      for (int o0 = 0; o0 < out; o0 += Sums.TERMS) {
        int depth = Math.min(Sums.TERMS, out - o0);
        packColumns(w, o0 * in + i0, in, depth, columns, panels, 0);
        for (int n0 = 0; n0 < n; n0 += ROWS) {
          int rows = Math.min(ROWS, n - n0);
          int a0 = n0 * out + o0 * ROWS;
          int c0 = n0 * in + i0;
          row(gyRows, a0, panels, 0, depth, columns, gx, c0, in, rows, o0 > 0, scratch.tile);
        }
      }
    }
    scratch.give();
  }

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  static void weightGradient(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    if (out < FEW || in < LANES) {
      weightGradientNarrow(gy, x, gw, n, in, out, add);
      return;
    }
    int groups = (out + ROWS - 1) / ROWS;
    Scratch packed = Scratch.take();
    double[] panels = packSamples(x, n, in, packed);
    Parallel.run(
        groups,
        (long) n * in * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          for (int group = from; group < to; group++) {
            int o0 = group * ROWS;
            int rows = Math.min(ROWS, out - o0);
            weightGradientRows(gy, o0, rows, panels, n, in, out, gw, o0 * in, add, scratch);
          }
          scratch.give();
        });
    packed.give();
  }

  /** Few outputs, or few inputs: row by row or column by column, from operands as they lie. */
  private static void weightGradientNarrow(
      double[] gy, double[] x, double[] gw, int n, int in, int out, boolean add) {
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      int size = Math.min(Sums.TERMS, n - n0);
      boolean more = add || n0 > 0;
      if (in >= LANES) {
        for (int o = 0; o < out; o++) {
          narrow(gy, n0 * out + o, out, x, n0 * in, in, in, size, gw, o * in, 1, more);
        }
      } else {
        for (int i = 0; i < in; i++) {
          narrow(x, n0 * in + i, in, gy, n0 * out, out, out, size, gw, i, in, more);
        }
      }
    }
  }

  /** c[j·step] = Σₖ a[k] · b[k,j], added to what is there if {@code add}. */
  private static void narrow(
      double[] a,
      int a0,
      int aStep,
      double[] b,
      int b0,
      int bRow,
      int columns,
      int size,
      double[] c,
      int c0,
      int step,
      boolean add) {
    Scratch scratch = Scratch.take();
    double[] sums = scratch.tile;
    int j = 0;
    while (j < columns) {
      int width = columns - j >= 4 * LANES ? 4 * LANES : columns - j >= LANES ? LANES : 1;
      if (width == 4 * LANES) {
        VectorOuterTiles.outerRow(a, a0, aStep, b, b0 + j, bRow, size, sums);
      } else if (width == LANES) {
        VectorOuterTiles.outerVector(a, a0, aStep, b, b0 + j, bRow, size, sums);
      } else {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum = Math.fma(a[a0 + k * aStep], b[b0 + k * bRow + j], sum);
        }
        sums[0] = sum;
      }
      for (int lane = 0; lane < width; lane++, j++) {
        int to = c0 + j * step;
        c[to] = add ? c[to] + sums[lane] : sums[lane];
      }
    }
    scratch.give();
  }

  /** The same, eight rows at a time, each handed on before the next is computed. */
  static void weightGradientParts(
      double[] gy, double[] x, int n, int in, int out, Kernels.Part part) {
    int groups = (out + ROWS - 1) / ROWS;
    Scratch packed = Scratch.take();
    double[] panels = packSamples(x, n, in, packed);
    Parallel.run(
        groups,
        (long) n * in * out + (long) in * out * WORK_OF_UPDATE,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(ROWS * in);
          for (int group = from; group < to; group++) {
            int o0 = group * ROWS;
            int rows = Math.min(ROWS, out - o0);
            weightGradientRows(gy, o0, rows, panels, n, in, out, gw, 0, false, scratch);
            part.accept(gw, 0, o0 * in, rows * in);
          }
          scratch.give();
        });
    packed.give();
  }

  /** Up to eight rows of the gradient, chain by chain. */
  private static void weightGradientRows(
      double[] gy,
      int o0,
      int rows,
      double[] panels,
      int n,
      int in,
      int out,
      double[] gw,
      int at,
      boolean add,
      Scratch scratch) {
    if (n == 0) {
      Arrays.fill(gw, at, at + rows * in, 0);
    }
    int width = (in + WIDTH - 1) / WIDTH * WIDTH;
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      int size = Math.min(Sums.TERMS, n - n0);
      double[] gyRows = transpose(gy, n0 * out + o0, out, size, rows, scratch);
      boolean more = add || n0 > 0;
      row(gyRows, 0, panels, n0 * width, size, in, gw, at, in, rows, more, scratch.tile);
    }
  }

  /** All samples in panels, those of one chain after those of another. */
  private static double[] packSamples(double[] x, int n, int in, Scratch scratch) {
    int width = (in + WIDTH - 1) / WIDTH * WIDTH;
    double[] panels = scratch.panels(width * n);
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      packColumns(x, n0 * in, in, Math.min(Sums.TERMS, n - n0), in, panels, n0 * width);
    }
    return panels;
  }

  /**
   * Eight rows of results, or fewer, over all the panels; {@code add} adds them to what is there.
   */
  private static void row(
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
      double[] tile) {
    for (int j = 0, panel = first; j < columns; j += WIDTH, panel += depth * WIDTH) {
      int width = Math.min(WIDTH, columns - j);
      if (rows == ROWS && width == WIDTH && !add) {
        VectorOuterTiles.outer(a, a0, panels, panel, depth, c, c0 + j, cRow);
      } else {
        VectorOuterTiles.outer(a, a0, panels, panel, depth, tile, 0, WIDTH);
        for (int r = 0; r < rows; r++) {
          int to = c0 + r * cRow + j;
          if (add) {
            add(tile, r * WIDTH, c, to, width);
          } else {
            System.arraycopy(tile, r * WIDTH, c, to, width);
          }
        }
      }
    }
  }

  private static void add(double[] from, int at, double[] to, int start, int length) {
    for (int i = 0; i < length; i++) {
      to[start + i] += from[at + i];
    }
  }

  /**
   * Copies columns of {@code depth} rows of b into panels of one tile's width, from {@code first}
   * on.
   */
  private static void packColumns(
      double[] b, int b0, int bRow, int depth, int columns, double[] panels, int first) {
    for (int k = 0; k < depth; k++) {
      int from = b0 + k * bRow;
      int to = first + k * WIDTH;
      for (int j = 0; j < columns; j += WIDTH, to += depth * WIDTH) {
        int width = Math.min(WIDTH, columns - j);
        System.arraycopy(b, from + j, panels, to, width);
        if (width < WIDTH) {
          Arrays.fill(panels, to + width, to + WIDTH, 0);
        }
      }
    }
  }

  /**
   * Eight rows of a side by side, and the next eight behind them: element [n, k] of group n / 8.
   */
  private static double[] packRows(double[] a, int n, int columns, Scratch scratch) {
    double[] to = scratch.others((n + ROWS - 1) / ROWS * ROWS * columns);
    for (int n0 = 0; n0 < n; n0 += ROWS) {
      int rows = Math.min(ROWS, n - n0);
      int from = n0 * columns;
      if (rows == ROWS) {
        interleave(a, from, columns, to);
        continue;
      }
      for (int k = 0, at = from; k < columns; k++, at += ROWS) {
        for (int r = 0; r < rows; r++) {
          to[at + r] = a[from + r * columns + k];
        }
      }
    }
    return to;
  }

  private static void interleave(double[] a, int a0, int columns, double[] to) {
    int a1 = a0 + columns;
    int a2 = a1 + columns;
    int a3 = a2 + columns;
    int a4 = a3 + columns;
    int a5 = a4 + columns;
    int a6 = a5 + columns;
    int a7 = a6 + columns;
    for (int k = 0, at = a0; k < columns; k++, at += ROWS) {
      to[at] = a[a0 + k];
      to[at + 1] = a[a1 + k];
      to[at + 2] = a[a2 + k];
      to[at + 3] = a[a3 + k];
      to[at + 4] = a[a4 + k];
      to[at + 5] = a[a5 + k];
      to[at + 6] = a[a6 + k];
      to[at + 7] = a[a7 + k];
    }
  }

  /** The k-th eight of the result is a[k,r] for up to eight neighbouring columns r. */
  private static double[] transpose(
      double[] a, int a0, int aRow, int depth, int columns, Scratch scratch) {
    double[] to = scratch.others(ROWS * depth);
    for (int k = 0; k < depth; k++) {
      System.arraycopy(a, a0 + k * aRow, to, k * ROWS, columns);
    }
    return to;
  }
}
