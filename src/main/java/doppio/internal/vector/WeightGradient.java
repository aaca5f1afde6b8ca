package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.OuterTiles.ROWS;

import doppio.internal.Kernels;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import doppio.internal.threads.Cost;
import doppio.internal.threads.Parallel;
import java.util.Arrays;

/**
 * The gradient of a linear layer's weight out of {@link OuterTiles}: which tiles, in which order.
 */
final class WeightGradient {
  /** Below this many rows copying costs more than it saves. */
  private static final int FEW = 4;

  /** Columns of gy that are packed together: eight tiles' rows. */
  private static final int COLUMNS = 8 * ROWS;

  /** Columns of a narrow product that one thread takes at least: eight lines of a cache. */
  private static final int LENGTH = 64;

  private WeightGradient() {}

  /** gw[o,i] = (gw[o,i] if {@code add}, else 0) + Σₙ gy[n,o] · x[n,i]. */
  static void weightGradient(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    if (out < FEW || in < LANES) {
      narrow(gy, gy0, x, x0, gw, gw0, n, in, out, add);
      return;
    }
    Scratch scratch = Scratch.take();
    double[] panels = scratch.panels(Packing.width(in) * n);
    Packing.packSamples(x, x0, n, in, panels);
    packed(gy, gy0, panels, gw, gw0, n, in, out, add);
    scratch.give();
  }

  /** The same, of samples that are packed. */
  private static void packed(
      double[] gy,
      int gy0,
      double[] panels,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    long work = (long) n * in * out;
    int groups = Packing.groups(out);
    if (Parallel.alone(work)) {
      groups(gy, gy0, panels, gw, gw0, n, in, out, add, 0, groups);
    } else {
      Parallel.run(
          groups, work, (from, to) -> groups(gy, gy0, panels, gw, gw0, n, in, out, add, from, to));
    }
  }

  private static void groups(
      double[] gy,
      int gy0,
      double[] panels,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add,
      int from,
      int to) {
    Scratch scratch = Scratch.take();
    int width = Packing.width(in);
    int end = Math.min(out, to * ROWS);
    // A chain of all groups, whose panels stay in the second-level cache, before the next.
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      int size = Math.min(Sums.TERMS, n - n0);
      boolean more = add || n0 > 0;
      for (int first = from * ROWS; first < end; first += COLUMNS) {
        int columns = Math.min(COLUMNS, end - first);
        int at = gy0 + n0 * out + first;
        double[] factors = Packing.transpose(gy, at, out, size, columns, scratch);
        for (int o = 0; o < columns; o += ROWS) {
          OuterProducts.row(
              factors,
              Packing.place(o, size, 0),
              panels,
              n0 * width,
              size,
              in,
              gw,
              gw0 + (first + o) * in,
              in,
              Math.min(ROWS, columns - o),
              more,
              scratch);
        }
      }
    }
    scratch.give();
  }

  /** The same, in parts of some groups of rows, or in one part where one side is short. */
  static void parts(
      double[] gy, int gy0, double[] x, int x0, int n, int in, int out, Kernels.Part part) {
    Scratch packed = Scratch.take();
    if (out < FEW || in < LANES) {
      double[] gw = packed.results(out * in);
      if (n == 0) {
        Arrays.fill(gw, 0, out * in, 0);
      }
      narrow(gy, gy0, x, x0, gw, 0, n, in, out, false);
      part.accept(gw, 0, 0, out * in);
      packed.give();
      return;
    }
    double[] panels = packed.panels(Packing.width(in) * n);
    Packing.packSamples(x, x0, n, in, panels);
    Parallel.run(
        Packing.groups(out),
        (n + Cost.UPDATE) * in * out,
        (from, to) -> {
          Scratch scratch = Scratch.take();
          double[] gw = scratch.results(COLUMNS * in);
          for (int group = from; group < to; group += COLUMNS / ROWS) {
            int end = Math.min(to, group + COLUMNS / ROWS);
            int at = group * ROWS * in;
            int length = Math.min(out, end * ROWS) * in - at;
            if (n == 0) {
              Arrays.fill(gw, 0, length, 0);
            }
            groups(gy, gy0, panels, gw, -at, n, in, out, false, group, end);
            part.accept(gw, 0, at, length);
          }
          scratch.give();
        });
    packed.give();
  }

  /** Few outputs, or few inputs: row by row or column by column, from operands as they lie. */
  private static void narrow(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add) {
    long work = (long) n * in * out;
    int length = in >= LANES ? in : out;
    if (Parallel.alone(work)) {
      narrow(gy, gy0, x, x0, gw, gw0, n, in, out, add, 0, length);
    } else {
      Parallel.run(
          (length + LENGTH - 1) / LENGTH,
          work,
          (from, to) ->
              narrow(
                  gy,
                  gy0,
                  x,
                  x0,
                  gw,
                  gw0,
                  n,
                  in,
                  out,
                  add,
                  from * LENGTH,
                  Math.min(length, to * LENGTH)));
    }
  }

  private static void narrow(
      double[] gy,
      int gy0,
      double[] x,
      int x0,
      double[] gw,
      int gw0,
      int n,
      int in,
      int out,
      boolean add,
      int from,
      int to) {
    int columns = to - from;
    for (int n0 = 0; n0 < n; n0 += Sums.TERMS) {
      int size = Math.min(Sums.TERMS, n - n0);
      boolean more = add || n0 > 0;
      int a = gy0 + n0 * out;
      int b = x0 + n0 * in;
      if (in >= LANES) {
        for (int o = 0; o < out; o++) {
          int c = gw0 + o * in + from;
          narrow(gy, a + o, out, x, b + from, in, columns, size, gw, c, 1, more);
        }
      } else {
        for (int i = 0; i < in; i++) {
          int c = gw0 + from * in + i;
          narrow(x, b + i, in, gy, a + from, out, columns, size, gw, c, in, more);
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
        OuterTiles.outerRow(a, a0, aStep, b, b0 + j, bRow, size, sums);
      } else if (width == LANES) {
        OuterTiles.outerVector(a, a0, aStep, b, b0 + j, bRow, size, sums);
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
}
