package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;
import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import jdk.incubator.vector.DoubleVector;

/** Planes of images out of {@link Patches} and {@link OuterTiles}: a panel is some results wide. */
final class Planes {
  private Planes() {}

  /** Inner products of each result's terms with those of {@code planes} rows of weights, packed. */
  static void outputs(
      Patches patches,
      int depth,
      double[] rows,
      double[] bias,
      int b0,
      int planes,
      double[] y,
      int y0,
      int stride,
      Scratch scratch) {
    double[] panel = scratch.panels(depth * WIDTH);
    double[] tiles = scratch.results(PartTiles.SIZE);
    double[] ends = scratch.others(planes * WIDTH);
    PartTiles.spread(bias, b0, planes, ends);
    for (int p0 = 0; p0 < patches.count; p0 += WIDTH) {
      int columns = Math.min(WIDTH, patches.count - p0);
      for (int part = 0, at = 0; part < Sums.PARTS; part++) {
        PatchPacking.results(patches, p0, columns, part, Sums.PARTS, depth, panel, at);
        at += PatchPacking.size(depth, part) * WIDTH;
      }
      for (int o0 = 0; o0 < planes; o0 += ROWS) {
        for (int part = 0, k = 0; part < Sums.PARTS; part++) {
          int size = PatchPacking.size(depth, part);
          int a0 = Packing.place(o0, depth, k);
          OuterTiles.outer(rows, a0, panel, k * WIDTH, size, tiles, part * PartTiles.TILE, WIDTH);
          k += size;
        }
        int count = Math.min(ROWS, planes - o0);
        PartTiles.addParts(tiles, count, ends, o0 * WIDTH, WIDTH, tiles, 0, WIDTH);
        put(patches, p0, columns, tiles, count, y, y0 + o0 * stride, stride);
      }
    }
  }

  /** Outputs of nine terms, row by row, of which the last vector may repeat some. */
  static void nine(
      Patches patches,
      double[] w,
      int w0,
      double[] bias,
      int b0,
      int planes,
      double[] y,
      int y0,
      int stride) {
    int run;
    for (int p = 0; p < patches.count; p += run) {
      run = PatchPacking.run(patches.results, p, patches.count - p);
      for (int j = 0; j < run; j += LANES) {
        int at = p + Math.min(j, run - LANES);
        PartTiles.nine(
            w,
            w0,
            bias,
            b0,
            planes,
            patches.band,
            patches.terms,
            patches.results[at],
            y,
            y0 + patches.places[at],
            stride);
      }
    }
  }

  /** Sums over rows: of each result's terms, times those of {@code planes} rows, packed. */
  static void sums(
      Patches patches,
      int depth,
      double[] rows,
      int planes,
      double[] c,
      int c0,
      int stride,
      Scratch scratch) {
    double[] panel = scratch.panels(depth * WIDTH);
    double[] tiles = scratch.results(PartTiles.TILE);
    for (int p0 = 0; p0 < patches.count; p0 += WIDTH) {
      int columns = Math.min(WIDTH, patches.count - p0);
      PatchPacking.results(patches, p0, columns, 0, 1, depth, panel, 0);
      for (int r0 = 0; r0 < planes; r0 += ROWS) {
        int first = Math.min(Sums.TERMS, depth);
        OuterTiles.outer(rows, Packing.place(r0, depth, 0), panel, 0, first, tiles, 0, WIDTH);
        for (int k = first; k < depth; k += Sums.TERMS) {
          int size = Math.min(Sums.TERMS, depth - k);
          int a0 = Packing.place(r0, depth, k);
          OuterTiles.addOuter(rows, a0, panel, k * WIDTH, size, tiles, 0, WIDTH, scratch.tile);
        }
        int count = Math.min(ROWS, planes - r0);
        put(patches, p0, columns, tiles, count, c, c0 + r0 * stride, stride);
      }
    }
  }

  /**
   * The same for few planes, of results that lie in runs: each term is read where it lies, for a
   * copy would cost more than it serves.
   */
  static void sumsOfRuns(
      Patches patches, int depth, double[] rows, int planes, double[] c, int c0, int stride) {
    int run;
    for (int p = 0; p < patches.count; p += run) {
      run = patches.run(p);
      int last = run - LANES;
      for (int j = 0; j < run; j += 4 * LANES) {
        int j0 = Math.min(j, last);
        for (int r = 0; r < planes; r++) {
          sumsOfRun(
              rows,
              r * depth,
              depth,
              patches.band,
              patches.terms,
              patches.results[p + j0],
              c,
              c0 + r * stride + patches.places[p + j0],
              Math.min(j + LANES, last) - j0,
              Math.min(j + 2 * LANES, last) - j0,
              Math.min(j + 3 * LANES, last) - j0);
        }
      }
    }
  }

  /**
   * c[j] = Σₖ a[k] · b[k,j] for the columns of four vectors, which begin at the column 0 and at
   * those given, and may overlap. Row k of b begins at {@code b0 + offsets[k]}.
   */
  private static void sumsOfRun(
      double[] a,
      int a0,
      int size,
      double[] b,
      int[] offsets,
      int b0,
      double[] c,
      int c0,
      int j1,
      int j2,
      int j3) {
    for (int first = 0; first == 0 || first < size; first += Sums.TERMS) {
      DoubleVector s0 = DoubleVector.zero(SPECIES);
      DoubleVector s1 = s0;
      DoubleVector s2 = s0;
      DoubleVector s3 = s0;
      for (int k = first; k < Math.min(size, first + Sums.TERMS); k++) {
        DoubleVector u = DoubleVector.broadcast(SPECIES, a[a0 + k]);
        int row = b0 + offsets[k];
        s0 = u.fma(DoubleVector.fromArray(SPECIES, b, row), s0);
        s1 = u.fma(DoubleVector.fromArray(SPECIES, b, row + j1), s1);
        s2 = u.fma(DoubleVector.fromArray(SPECIES, b, row + j2), s2);
        s3 = u.fma(DoubleVector.fromArray(SPECIES, b, row + j3), s3);
      }
      if (first > 0) {
        s0 = DoubleVector.fromArray(SPECIES, c, c0).add(s0);
        s1 = DoubleVector.fromArray(SPECIES, c, c0 + j1).add(s1);
        s2 = DoubleVector.fromArray(SPECIES, c, c0 + j2).add(s2);
        s3 = DoubleVector.fromArray(SPECIES, c, c0 + j3).add(s3);
      }
      s0.intoArray(c, c0);
      s1.intoArray(c, c0 + j1);
      s2.intoArray(c, c0 + j2);
      s3.intoArray(c, c0 + j3);
    }
  }

  /** Puts the rows of a tile where they belong. */
  private static void put(
      Patches patches,
      int p0,
      int columns,
      double[] tile,
      int rows,
      double[] c,
      int c0,
      int stride) {
    int[] places = patches.places;
    boolean adjoin = patches.adjoin(p0, p0 + columns);
    for (int r = 0, to = c0; r < rows; r++, to += stride) {
      if (adjoin) {
        System.arraycopy(tile, r * WIDTH, c, to + places[p0], columns);
        continue;
      }
      for (int j = 0; j < columns; j++) {
        c[to + places[p0 + j]] = tile[r * WIDTH + j];
      }
    }
  }
}
