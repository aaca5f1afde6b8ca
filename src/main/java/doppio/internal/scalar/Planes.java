package doppio.internal.scalar;

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
        Forward.four(terms, w, w0 + o0 * depth, bias, b0 + o0, columns, depth, rows, parts);
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
