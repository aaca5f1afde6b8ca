package doppio.data;

import doppio.Tensor;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of each class, rows with equal targets being one. */
final class Strata {
  private final int rows;
  private final List<Stratum> strata = new ArrayList<>();

  /** The rows of one class, in their order, and how many of them go first. */
  private static final class Stratum {
    private final List<Integer> rows = new ArrayList<>();
    private int first;

    /** How many more rows should go first, if rows could be cut; negative if fewer should. */
    double missing(double fraction) {
      return fraction * rows.size() - first;
    }
  }

  Strata(Tensor targets) {
    rows = targets.dim(0);
    int length = rows == 0 ? 0 : targets.size() / rows;
    // In the order of the targets, so that the result does not depend on that of the rows.
    Map<DoubleBuffer, Stratum> found = new TreeMap<>();
    for (int row = 0; row < rows; row++) {
      DoubleBuffer target = DoubleBuffer.wrap(targets.data(), row * length, length);
      for (int i = 0; i < length; i++) {
        if (Double.isNaN(target.get(target.position() + i))) {
          throw new IllegalArgumentException("the target in row " + row + " is NaN");
        }
      }
      found.computeIfAbsent(target, t -> new Stratum()).rows.add(row);
    }
    found.forEach(
        (target, stratum) -> {
          if (stratum.rows.size() == 1) {
            double[] label = new double[length];
            target.duplicate().get(label);
            throw new IllegalArgumentException(
                "a stratified split needs two rows or more of each class, but only row "
                    + stratum.rows.get(0)
                    + " has the target "
                    + (length == 1 ? label[0] : Arrays.toString(label)));
          }
          strata.add(stratum);
        });
  }

  /**
   * Which rows go first: so many in all, of each class its fraction as nearly as possible, but at
   * least one and not all.
   */
  boolean[] choose(int cut, double fraction) {
    if (Math.min(cut, rows - cut) < strata.size()) {
      throw new IllegalArgumentException(
          "a stratified split of "
              + rows
              + " rows into "
              + cut
              + " and "
              + (rows - cut)
              + " has no row of each of "
              + strata.size()
              + " classes in both parts");
    }
    int chosen = 0;
    for (Stratum stratum : strata) {
      int n = stratum.rows.size();
      stratum.first = Math.max(1, Math.min(n - 1, (int) Math.floor(fraction * n)));
      chosen += stratum.first;
    }
    for (; chosen < cut; chosen++) {
      farthest(fraction, 1).first++;
    }
    for (; chosen > cut; chosen--) {
      farthest(fraction, -1).first--;
    }
    boolean[] first = new boolean[rows];
    for (Stratum stratum : strata) {
      stratum.rows.subList(0, stratum.first).forEach(row -> first[row] = true);
    }
    return first;
  }

  /**
   * The class that a row more (1) or less (−1) brings nearest to its fraction; the first of equals.
   */
  private Stratum farthest(double fraction, int step) {
    Stratum farthest = null;
    for (Stratum stratum : strata) {
      int first = stratum.first + step;
      boolean allowed = first >= 1 && first <= stratum.rows.size() - 1;
      if (allowed
          && (farthest == null
              || step * stratum.missing(fraction) > step * farthest.missing(fraction))) {
        farthest = stratum;
      }
    }
    return farthest;
  }
}
