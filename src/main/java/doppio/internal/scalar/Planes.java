package doppio.internal.scalar;

import static doppio.internal.Fma.fma;

import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;

/**
 * Planes of images out of {@link Patches} in plain Java: the j of the {@link Tiles} is the place.
 */
final class Planes {
  private static final int ROWS = Tiles.ROWS;

  /** Elements of the copy of some results' terms: 1 MB. */
  private static final int COPY = 1 << 17;

  private static final int LEAST = 64;

  /** Neighbouring results that are summed up together. */
  static final int RUN = 8;

  private Planes() {}

  /** Inner products of each result's terms with those of {@code planes} rows of w. */
  static void outputs(
      Patches patches,
      int depth,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      int planes,
      double[] y,
      int y0,
      int stride,
      Scratch scratch) {
    Scratch sums = Scratch.take();
    int width = width(patches.count, depth);
    for (int p0 = 0; p0 < patches.count; p0 += width) {
      int columns = Math.min(width, patches.count - p0);
      double[][] terms = scratch.rows(Math.max(depth, Sums.PARTS), columns);
      Packing.unfold(patches, p0, columns, depth, terms);
      double[][] parts = sums.rows(Sums.PARTS * ROWS, columns);
      for (int o0 = 0; o0 < planes; o0 += ROWS) {
        int rows = Math.min(ROWS, planes - o0);
        PartSums.four(terms, w, w0 + o0 * depth, bias, b0 + o0, columns, depth, rows, parts);
        for (int r = 0; r < rows; r++) {
          put(patches, p0, columns, parts[r * Sums.PARTS], 0, y, y0 + (o0 + r) * stride);
        }
      }
    }
    sums.give();
  }

  /** Sums over rows: of each result's terms, times those of {@code planes} rows of a. */
  static void sums(
      Patches patches,
      int depth,
      double[] a,
      int planes,
      double[] c,
      int c0,
      int stride,
      Scratch scratch) {
    int width = width(patches.count, depth);
    for (int p0 = 0; p0 < patches.count; p0 += width) {
      int columns = Math.min(width, patches.count - p0);
      double[][] terms = scratch.rows(depth, columns);
      Packing.unfold(patches, p0, columns, depth, terms);
      double[] sums = scratch.results(ROWS * columns);
      for (int r0 = 0; r0 < planes; r0 += ROWS) {
        int rows = Math.min(ROWS, planes - r0);
        OuterProducts.four(
            a, r0 * depth, depth, 1, rows, terms, 0, depth, sums, 0, columns, columns, false);
        for (int r = 0; r < rows; r++) {
          put(patches, p0, columns, sums, r * columns, c, c0 + (r0 + r) * stride);
        }
      }
    }
  }

  /**
   * The same for few planes, of results that lie in runs of eight or more: each term is read where
   * it lies, for a copy would cost more than it serves.
   */
  static void sumsOfRuns(
      Patches patches, int depth, double[] a, int planes, double[] c, int c0, int stride) {
    int[] places = patches.places;
    int run;
    for (int p = 0; p < patches.count; p += run) {
      run = patches.run(p);
      for (int j = 0; j < run; j += RUN) {
        int at = p + Math.min(j, run - RUN);
        for (int r = 0; r < planes; r++) {
          eight(a, r * depth, depth, patches, patches.results[at], c, c0 + r * stride + places[at]);
        }
      }
    }
  }

  /** c[j] = Σₖ a[k] · term k of eight neighbouring results, which stay in registers. */
  private static void eight(
      double[] a, int a0, int size, Patches patches, int b0, double[] c, int c0) {
    double[] b = patches.band;
    int[] terms = patches.terms;
    for (int first = 0; first == 0 || first < size; first += Sums.TERMS) {
      double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
      for (int k = first; k < Math.min(size, first + Sums.TERMS); k++) {
        double factor = a[a0 + k];
        int row = b0 + terms[k];
        s0 = fma(factor, b[row], s0);
        s1 = fma(factor, b[row + 1], s1);
        s2 = fma(factor, b[row + 2], s2);
        s3 = fma(factor, b[row + 3], s3);
        s4 = fma(factor, b[row + 4], s4);
        s5 = fma(factor, b[row + 5], s5);
        s6 = fma(factor, b[row + 6], s6);
        s7 = fma(factor, b[row + 7], s7);
      }
      boolean add = first > 0;
      c[c0] = add ? c[c0] + s0 : s0;
      c[c0 + 1] = add ? c[c0 + 1] + s1 : s1;
      c[c0 + 2] = add ? c[c0 + 2] + s2 : s2;
      c[c0 + 3] = add ? c[c0 + 3] + s3 : s3;
      c[c0 + 4] = add ? c[c0 + 4] + s4 : s4;
      c[c0 + 5] = add ? c[c0 + 5] + s5 : s5;
      c[c0 + 6] = add ? c[c0 + 6] + s6 : s6;
      c[c0 + 7] = add ? c[c0 + 7] + s7 : s7;
    }
  }

  /** sums[r] += Σ a[r,p] over the places p of up to four planes, in their order. */
  static void addSums(double[] a, int a0, int size, int planes, double[] sums, int sums0) {
    if (planes < ROWS) {
      for (int r = 0; r < planes; r++) {
        double sum = sums[sums0 + r];
        for (int p = 0, at = a0 + r * size; p < size; p++, at++) {
          sum += a[at];
        }
        sums[sums0 + r] = sum;
      }
      return;
    }
    // Four sums that do not wait for each other.
    int a1 = a0 + size;
    int a2 = a1 + size;
    int a3 = a2 + size;
    double s0 = sums[sums0];
    double s1 = sums[sums0 + 1];
    double s2 = sums[sums0 + 2];
    double s3 = sums[sums0 + 3];
    for (int p = 0; p < size; p++) {
      s0 += a[a0 + p];
      s1 += a[a1 + p];
      s2 += a[a2 + p];
      s3 += a[a3 + p];
    }
    sums[sums0] = s0;
    sums[sums0 + 1] = s1;
    sums[sums0 + 2] = s2;
    sums[sums0 + 3] = s3;
  }

  /** Puts some neighbouring results where they belong. */
  private static void put(
      Patches patches, int p0, int columns, double[] results, int from, double[] c, int c0) {
    int[] places = patches.places;
    if (patches.adjoin(p0, p0 + columns)) {
      System.arraycopy(results, from, c, c0 + places[p0], columns);
      return;
    }
    for (int j = 0; j < columns; j++) {
      c[c0 + places[p0 + j]] = results[from + j];
    }
  }

  /** Results to work on at a time, so that the copy of their terms stays small. */
  private static int width(int count, int depth) {
    int most = Math.max(LEAST, Math.min(Tiles.WIDTH, COPY / Math.max(depth, 1)));
    return count == 0 ? 1 : (count - 1) / ((count - 1) / most + 1) + 1;
  }
}
