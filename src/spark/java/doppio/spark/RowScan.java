package doppio.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/** One look at all rows before a training: how many there are, how wide, each index once. */
final class RowScan {
  private final String input;
  private final String target;
  int size;
  int inputWidth;
  int targetWidth;

  /** What was seen of one partition, and of several when they are put together. */
  private static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;

    private int[] indices = new int[16];
    private int size;

    /** By width the lowest index of a row that has it. */
    private final TreeMap<Integer, Long> inputs = new TreeMap<>();

    private final TreeMap<Integer, Long> targets = new TreeMap<>();

    /** The problem of the lowest index; null where there is none. */
    private String problem;

    private long problemIndex;

    private void add(RowData row) {
      if (row.problem != null) {
        problem(row.index, row.problem);
      } else if (row.index < 0 || row.index >= Integer.MAX_VALUE) {
        problem(
            row.index,
            "row " + row.index + ": an index is expected from 0 to " + (Integer.MAX_VALUE - 1));
      } else {
        if (size == indices.length) {
          indices = Arrays.copyOf(indices, 2 * size);
        }
        indices[size++] = (int) row.index;
        inputs.merge(row.input.length, row.index, Math::min);
        targets.merge(row.target.length, row.index, Math::min);
      }
    }

    private void problem(long index, String text) {
      if (problem == null || index < problemIndex) {
        problem = text;
        problemIndex = index;
      }
    }
  }

  /**
   * Looks at the rows.
   *
   * @param input what messages call the input
   * @param target what they call the target
   * @throws IllegalArgumentException if they are no training set; the message names the row
   */
  RowScan(JavaRDD<RowData> rows, String input, String target) {
    this.input = input;
    this.target = target;
    List<Part> parts = ClusterJob.run(() -> rows.mapPartitions(RowScan::scan).collect());
    Part all = new Part();
    for (Part part : parts) {
      size = Math.addExact(size, part.size);
      part.inputs.forEach((width, index) -> all.inputs.merge(width, index, Math::min));
      part.targets.forEach((width, index) -> all.targets.merge(width, index, Math::min));
      if (part.problem != null) {
        all.problem(part.problemIndex, part.problem);
      }
    }
    if (all.problem != null) {
      throw new IllegalArgumentException(all.problem);
    }
    if (size == 0) {
      throw new IllegalArgumentException("the training set is empty: no rows in " + rows);
    }
    requireEachIndexOnce(parts);
    inputWidth = width(input, all.inputs);
    targetWidth = width(target, all.targets);
  }

  private static Iterator<Part> scan(Iterator<RowData> rows) {
    Part part = new Part();
    rows.forEachRemaining(part::add);
    part.indices = Arrays.copyOf(part.indices, part.size);
    return List.of(part).iterator();
  }

  private void requireEachIndexOnce(List<Part> parts) {
    BitSet seen = new BitSet(size);
    List<Integer> wrong = new ArrayList<>();
    for (Part part : parts) {
      for (int index : part.indices) {
        if (index >= size || seen.get(index)) {
          wrong.add(index);
        } else {
          seen.set(index);
        }
      }
    }
    if (!wrong.isEmpty()) {
      int lowest = wrong.stream().mapToInt(i -> i).min().orElseThrow();
      throw new IllegalArgumentException(
          size
              + " rows need the indices 0 to "
              + (size - 1)
              + ", each once, but "
              + seen.nextClearBit(0)
              + " is missing and "
              + lowest
              + (lowest < size ? " is there more than once" : " is there"));
    }
  }

  private static int width(String what, Map<Integer, Long> widths) {
    List<Map.Entry<Integer, Long>> byIndex =
        widths.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
    Map.Entry<Integer, Long> first = byIndex.get(0);
    if (byIndex.size() > 1) {
      Map.Entry<Integer, Long> other = byIndex.get(1);
      throw new IllegalArgumentException(
          "row "
              + other.getValue()
              + ": the "
              + what
              + " has another width than in row "
              + first.getValue()
              + ": "
              + other.getKey()
              + ", not "
              + first.getKey());
    }
    return first.getKey();
  }

  /** The shape of an input: the one that was set, which has to fit, or a vector. */
  int[] inputShape(int[] set) {
    return shape(input, set, inputWidth, inputWidth);
  }

  /** The shape of a target: the one that was set, or that of a class index, or a vector. */
  int[] targetShape(int[] set) {
    return targetWidth == 1 && set == null
        ? new int[0]
        : shape(target, set, targetWidth, targetWidth);
  }

  private static int[] shape(String what, int[] set, int width, int... fallback) {
    if (set == null) {
      return fallback;
    }
    int size = Arrays.stream(set).reduce(1, Math::multiplyExact);
    if (size != width) {
      throw new IllegalArgumentException(
          "row 0: the "
              + what
              + " has "
              + width
              + " numbers but the shape "
              + Arrays.toString(set)
              + " takes "
              + size);
    }
    return set;
  }
}
