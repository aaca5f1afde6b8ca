package doppio.internal.onnx;

import java.io.IOException;
import java.util.Arrays;

/** The sizes of a shape while it is read: a short list of whole numbers. */
final class Dims {
  /** No network has more; it keeps what a shape costs constant. */
  static final int MOST = 32;

  private long[] values = new long[4];
  private int count;

  /** Adds the numbers of a field, packed or not. */
  void read(ProtoReader in) throws IOException {
    if (in.wire() != ProtoReader.BYTES) {
      add(in.varint());
      return;
    }
    ProtoReader list = in.message();
    while (list.remaining() > 0) {
      add(list.varintHere());
    }
  }

  /** Adds a number. */
  void add(long value) throws IOException {
    if (count == MOST) {
      throw new IOException("a shape has more than " + MOST + " dimensions");
    }
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  /** The numbers as sizes. */
  int[] toArray() throws IOException {
    int[] shape = new int[count];
    for (int d = 0; d < count; d++) {
      if (values[d] < 0 || values[d] > Integer.MAX_VALUE) {
        throw new IOException("a shape has a dimension of " + values[d]);
      }
      shape[d] = (int) values[d];
    }
    return shape;
  }
}
