package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;
import static doppio.internal.vector.OuterTiles.PITCH;
import static doppio.internal.vector.OuterTiles.ROWS;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Patches;
import doppio.internal.Scratch;
import doppio.internal.Sums;
import jdk.incubator.vector.DoubleVector;

/** {@link Patches} and weights, packed as {@link OuterTiles} need them. */
final class PatchPacking {
  private PatchPacking() {}

  /** How many of the first {@code size} indices are {@code part} modulo 8. */
  static int size(int size, int part) {
    return (size - part + Sums.PARTS - 1) / Sums.PARTS;
  }

  /**
   * Rows of w, those of a tile side by side and the next behind them, each with the terms that are
   * 0 modulo 8 first, then those that are 1, and so on.
   */
  static double[] byResidue(double[] w, int w0, int rows, int depth, Scratch scratch) {
    double[] to = scratch.others(Packing.packed(rows, depth));
    int at = 0;
    for (int o0 = 0; o0 < rows; o0 += ROWS) {
      for (int part = 0; part < Sums.PARTS; part++) {
        for (int k = part; k < depth; k += Sums.PARTS, at += PITCH) {
          for (int r = 0; r < Math.min(ROWS, rows - o0); r++) {
            to[at + r] = w[w0 + (o0 + r) * depth + k];
          }
        }
      }
    }
    return to;
  }

  /** A panel of some neighbouring results, with a row for each term from {@code first} on. */
  static void results(
      Patches patches, int p0, int columns, int first, int step, int last, double[] panel, int at) {
    int[] results = patches.results;
    for (int j = 0; j < columns; ) {
      int run = run(results, p0 + j, columns - j);
      copy(patches.band, patches.terms, first, step, last, results[p0 + j], run, panel, at + j);
      j += run;
    }
  }

  /**
   * A panel of some neighbouring terms, with a row for each of {@code count} results from p0 on.
   */
  static void terms(
      Patches patches, int k0, int columns, int p0, int count, double[] panel, int at) {
    int[] terms = patches.terms;
    for (int j = 0; j < columns; ) {
      int run = run(terms, k0 + j, columns - j);
      copy(patches.band, patches.results, p0, 1, p0 + count, terms[k0 + j], run, panel, at + j);
      j += run;
    }
  }

  /** How many of the offsets follow each other. */
  static int run(int[] offsets, int at, int most) {
    int run = 1;
    while (run < most && offsets[at + run] == offsets[at] + run) {
      run++;
    }
    return run;
  }

  /** Copies a run of each row in vectors, of which the last may overlap the one before. */
  private static void copy(
      double[] band,
      int[] rows,
      int first,
      int step,
      int last,
      int offset,
      int run,
      double[] panel,
      int at) {
    if (run >= LANES) {
      for (int j = 0; j < run; j += LANES) {
        int shift = Math.min(j, run - LANES);
        int from = offset + shift;
        for (int k = first, to = at + shift; k < last; k += step, to += WIDTH) {
          DoubleVector.fromArray(SPECIES, band, from + rows[k]).intoArray(panel, to);
        }
      }
      return;
    }
    for (int k = first, to = at; k < last; k += step, to += WIDTH) {
      int from = offset + rows[k];
      for (int j = 0; j < run; j++) {
        panel[to + j] = band[from + j];
      }
    }
  }
}
