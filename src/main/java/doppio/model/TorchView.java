package doppio.model;

import doppio.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

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

  /**
   * The tensor.
   *
   * @param values those of the storage; the tensor takes the array itself where it is all of them
   *     in their order
   * @param mayTake whether it may, as no other view needs them
   */
  Tensor tensor(double[] values, boolean mayTake) {
    if (mayTake && size == values.length && isContiguous()) {
      return Tensor.wrap(values, shape);
    }
    double[] result = new double[size];
    int[] index = new int[shape.length];
    int from = offset;
    for (int i = 0; i < size; i++) {
      result[i] = values[from];
      for (int d = shape.length - 1; d >= 0; d--) {
        from += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        from -= strides[d] * shape[d];
        index[d] = 0;
      }
    }
    return Tensor.wrap(result, shape);
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
    return Arrays.stream(values).boxed().toList();
  }
}
