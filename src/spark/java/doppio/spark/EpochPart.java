package doppio.spark;

import doppio.Tensor;
import doppio.data.Batch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** The rows of an epoch that one partition has, by their positions in the epoch's order. */
final class EpochPart implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] positions;
  private final double[][] inputs;
  private final double[][] targets;

  private EpochPart(List<Tuple2<Integer, RowData>> rows) {
    rows.sort(Comparator.comparing(Tuple2::_1));
    positions = rows.stream().mapToInt(Tuple2::_1).toArray();
    inputs = rows.stream().map(row -> row._2().input).toArray(double[][]::new);
    targets = rows.stream().map(row -> row._2().target).toArray(double[][]::new);
  }

  static Iterator<EpochPart> of(Iterator<Tuple2<Integer, RowData>> rows) {
    List<Tuple2<Integer, RowData>> list = new ArrayList<>();
    rows.forEachRemaining(list::add);
    return List.of(new EpochPart(list)).iterator();
  }

  /** A block: the rows at so many positions from one on. */
  Batch block(int from, int size, int[] inputShape, int[] targetShape) {
    int at = Arrays.binarySearch(positions, from);
    return new Batch(stack(inputs, at, size, inputShape), stack(targets, at, size, targetShape));
  }

  private static Tensor stack(double[][] rows, int at, int size, int[] shape) {
    int[] all = new int[shape.length + 1];
    all[0] = size;
    System.arraycopy(shape, 0, all, 1, shape.length);
    Tensor stacked = Tensor.zeros(all);
    int width = stacked.size() / size;
    for (int i = 0; i < size; i++) {
      System.arraycopy(rows[at + i], 0, stacked.data(), i * width, width);
    }
    return stacked;
  }
}
