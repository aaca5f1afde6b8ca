package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;
import static doppio.internal.vector.Packing.WIDTH;

import doppio.internal.Patches;
import doppio.internal.Sums;
import jdk.incubator.vector.DoubleVector;

/** {@link Patches}, packed as {@link OuterTiles} need them. */
final class PatchPacking {
  private PatchPacking() {}

  /** How many of the first {@code size} indices are {@code part} modulo 8. */
  static int size(int size, int part) {
    return (size - part + Sums.PARTS - 1) / Sums.PARTS;
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
