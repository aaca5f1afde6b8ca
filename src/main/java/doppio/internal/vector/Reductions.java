package doppio.internal.vector;

import static doppio.internal.vector.InnerTiles.LANES;
import static doppio.internal.vector.InnerTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;

/** Sums over the rows of a matrix in the Vector API. */
final class Reductions {
  private Reductions() {}

  /** sums[j] += Σ a[n,j] over the rows n, in their order. */
  static void addColumns(double[] a, int a0, double[] sums, int sums0, int rows, int columns) {
    int whole = columns - columns % LANES;
    int j = 0;
    // Whole lines of the cache, and sums that do not wait for each other.
    for (; j <= whole - 4 * LANES; j += 4 * LANES) {
      int to = sums0 + j;
      DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, to);
      DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, to + LANES);
      DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, to + 2 * LANES);
      DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, to + 3 * LANES);
      for (int n = 0, at = a0 + j; n < rows; n++, at += columns) {
        s0 = s0.add(DoubleVector.fromArray(SPECIES, a, at));
        s1 = s1.add(DoubleVector.fromArray(SPECIES, a, at + LANES));
        s2 = s2.add(DoubleVector.fromArray(SPECIES, a, at + 2 * LANES));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, a, at + 3 * LANES));
      }
      s0.intoArray(sums, to);
      s1.intoArray(sums, to + LANES);
      s2.intoArray(sums, to + 2 * LANES);
      s3.intoArray(sums, to + 3 * LANES);
    }
    for (; j < whole; j += LANES) {
      DoubleVector s = DoubleVector.fromArray(SPECIES, sums, sums0 + j);
      for (int n = 0, at = a0 + j; n < rows; n++, at += columns) {
        s = s.add(DoubleVector.fromArray(SPECIES, a, at));
      }
      s.intoArray(sums, sums0 + j);
    }
    for (; j < columns; j++) {
      for (int n = 0; n < rows; n++) {
        sums[sums0 + j] += a[a0 + n * columns + j];
      }
    }
  }
}
