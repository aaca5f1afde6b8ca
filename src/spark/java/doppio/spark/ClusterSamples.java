package doppio.spark;

import doppio.data.Batch;
import doppio.data.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * The training set as the driver sees it. It reads rows only where a trainer looks at some itself:
 * for the words of an exception, say.
 */
final class ClusterSamples implements Samples {
  private final JavaRDD<RowData> rows;
  private final int size;
  private final int[] inputShape;
  private final int[] targetShape;

  ClusterSamples(JavaRDD<RowData> rows, int size, int[] inputShape, int[] targetShape) {
    this.rows = rows;
    this.size = size;
    this.inputShape = inputShape;
    this.targetShape = targetShape;
  }

  /** The rows, wherever they are. */
  JavaRDD<RowData> rows() {
    return rows;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int[] inputShape() {
    return inputShape.clone();
  }

  @Override
  public int[] targetShape() {
    return targetShape.clone();
  }

  @Override
  public void read(int[] numbers, Batch into) {
    Set<Integer> wanted = IntStream.of(numbers).boxed().collect(Collectors.toSet());
    List<RowData> found =
        ClusterJob.run(() -> rows.filter(row -> wanted.contains((int) row.index)).collect());
    Map<Integer, RowData> byIndex = new HashMap<>();
    found.forEach(row -> byIndex.put((int) row.index, row));
    for (int i = 0; i < numbers.length; i++) {
      RowData row = byIndex.get(numbers[i]);
      put(row.input, into.inputs().data(), i);
      put(row.target, into.targets().data(), i);
    }
  }

  private static void put(double[] row, double[] all, int at) {
    System.arraycopy(row, 0, all, at * row.length, row.length);
  }

  @Override
  public String toString() {
    return rows + " of " + size + " rows";
  }
}
