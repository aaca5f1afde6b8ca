package doppio.data;

import doppio.internal.Slices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Batches of which each is of one group. */
final class Groups {
  private Groups() {}

  /** Rows that wait for more of their group. */
  private static final class Filling {
    final int[] rows;
    int count;

    Filling(int size) {
      rows = new int[size];
    }
  }

  /** The number of batches, which no order changes. */
  static int batches(GroupedSamples samples, int batchSize, boolean dropLast) {
    Map<Integer, Integer> sizes = new HashMap<>();
    for (int row = 0; row < samples.size(); row++) {
      sizes.merge(samples.group(row), 1, Integer::sum);
    }
    int batches = 0;
    for (int size : sizes.values()) {
      batches += dropLast ? size / batchSize : Slices.count(size, batchSize);
    }
    return batches;
  }

  /** An order cut into batches, each where the first of its rows stands. */
  static int[][] cut(GroupedSamples samples, int[] order, int batchSize, boolean dropLast) {
    Map<Integer, Filling> last = new HashMap<>();
    List<Filling> all = new ArrayList<>();
    for (int row : order) {
      int group = samples.group(row);
      Filling filling = last.get(group);
      if (filling == null || filling.count == filling.rows.length) {
        filling = new Filling(Math.min(batchSize, order.length));
        last.put(group, filling);
        all.add(filling);
      }
      filling.rows[filling.count++] = row;
    }
    return all.stream()
        .filter(f -> !dropLast || f.count == batchSize)
        .map(f -> Arrays.copyOf(f.rows, f.count))
        .toArray(int[][]::new);
  }
}
