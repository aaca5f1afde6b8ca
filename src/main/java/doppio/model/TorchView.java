package doppio.model;

import doppio.Tensor;
import doppio.internal.Strides;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor as PyTorch has it: some numbers of a storage, from an offset on, at a stride for each
 * dimension.
 */
final class TorchView {
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  /** PyTorch's own limit. */
  private static final int MAX_RANK = 64;

  private final TorchStorage storage;
  private final int offset;
  private final int[] shape;
  private final int[] strides;
  private final int size;

  private TorchView(TorchStorage storage, int offset, int[] shape, int[] strides, int size) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.size = size;
  }

  /**
   * A view that lies in its storage.
   *
   * @throws IOException if it does not
   */
  static TorchView of(TorchStorage storage, long offset, long[] shape, long[] strides)
      throws IOException {
    String text = Arrays.toString(shape) + " at strides " + Arrays.toString(strides);
    boolean fits =
        shape.length == strides.length
            && shape.length <= MAX_RANK
            && storage.size() <= MAX_SIZE
            && offset >= 0
            && offset <= storage.size();
    long size = 1;
    for (int d = 0; fits && d < shape.length; d++) {
      fits = shape[d] >= 0 && shape[d] <= MAX_SIZE && size * shape[d] <= MAX_SIZE;
      size *= shape[d];
    }
    long last = offset;
    for (int d = 0; fits && size > 0 && d < shape.length; d++) {
      // Of one element, the stride does not matter and may be anything.
      if (shape[d] > 1) {
        fits = strides[d] >= 0 && strides[d] <= storage.size();
        last += (shape[d] - 1) * strides[d];
      }
    }
    if (!fits || (size > 0 && last >= storage.size())) {
      throw new IOException(
          "a tensor " + text + " from " + offset + " lies not in a storage of " + storage.size());
    }
    int[] dimensions = new int[shape.length];
    int[] steps = new int[shape.length];
    for (int d = 0; d < shape.length; d++) {
      dimensions[d] = (int) shape[d];
      steps[d] = size > 0 && shape[d] > 1 ? (int) strides[d] : 0;
    }
    return new TorchView(storage, (int) offset, dimensions, steps, (int) size);
  }

  TorchStorage storage() {
    return storage;
  }

  /** The number of elements. */
  int size() {
    return size;
  }

  /** What tells two views of one storage apart. */
  List<Object> place() {
    return List.of(storage, offset, asList(shape), asList(strides));
  }

  /** Whether it has all numbers of its storage in their order. */
  boolean isAll() {
    return size == storage.size() && isContiguous();
  }

  /** The tensor that has these numbers in the view's own order. */
  Tensor tensor(double[] values) {
    return Tensor.wrap(values, shape);
  }

  /** The tensor, out of all numbers of the storage. */
  Tensor of(double[] values) {
    double[] result = new double[size];
    Strides places = new Strides(shape, strides, Strides.rowMajor(shape));
    for (int i = 0; i < size; i++) {
      result[places.to()] = values[offset + places.from()];
      places.next();
    }
    return tensor(result);
  }

  /** Whether no number stands twice in it, so that it can be read in the storage's order. */
  boolean isReadable() {
    return size == 0 || inOrder() != null;
  }

  /** The tensor, out of a storage that is read once, to its end, if it {@link #isReadable}. */
  Tensor of(TorchNumbers in) throws IOException {
    double[] result = new double[size];
    Strides places = inOrder();
    for (int i = 0; i < size; i++) {
      result[places.to()] = in.at(offset + places.from());
      places.next();
    }
    in.end();
    return tensor(result);
  }

  /**
   * Its places in the storage, from the first to the last, and in a tensor; null if one repeats.
   */
  private Strides inOrder() {
    int rank = shape.length;
    int[] row = Strides.rowMajor(shape);
    Integer[] order = new Integer[rank];
    Arrays.setAll(order, d -> d);
    Arrays.sort(order, Comparator.comparingInt(d -> -strides[d]));
    int[][] sorted = new int[3][rank];
    long extent = 0;
    for (int d = rank - 1; d >= 0; d--) {
      sorted[0][d] = shape[order[d]];
      sorted[1][d] = strides[order[d]];
      sorted[2][d] = row[order[d]];
      if (sorted[0][d] > 1 && sorted[1][d] <= extent) {
        return null;
      }
      extent += (sorted[0][d] - 1L) * sorted[1][d];
    }
    return new Strides(sorted[0], sorted[1], sorted[2]);
  }

  private boolean isContiguous() {
    int stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (shape[d] > 1 && strides[d] != stride) {
        return false;
      }
      stride *= shape[d];
    }
    return offset == 0;
  }

  private static List<Integer> asList(int[] values) {
    return Arrays.stream(values).boxed().collect(Collectors.toUnmodifiableList());
  }
}
