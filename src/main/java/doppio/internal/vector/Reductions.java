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
    for (int j = 0; j < whole; j += LANES) {
      DoubleVector s = DoubleVector.fromArray(SPECIES, sums, sums0 + j);
      for (int n = 0, at = a0 + j; n < rows; n++, at += columns) {
        s = s.add(DoubleVector.fromArray(SPECIES, a, at));
      }
      s.intoArray(sums, sums0 + j);
    }
    for (int j = whole; j < columns; j++) {
      for (int n = 0; n < rows; n++) {
        sums[sums0 + j] += a[a0 + n * columns + j];
      }
    }
  }
}
