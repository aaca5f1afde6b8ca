package doppio.internal.onnx;

import java.io.IOException;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param type the code of its numbers' kind, 0 where it is not said
 * @param shape its sizes, −1 where one is not said; null where nothing is
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record OnnxValue(String name, long type, int[] shape) {
  static OnnxValue read(ProtoReader in) throws IOException {
    String name = "";
    ProtoReader tensor = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> tensor = part(in.message(), 1);
        default -> in.skip();
      }
    }
    long type = 0;
    int[] shape = null;
    while (tensor != null && tensor.next()) {
      switch (tensor.field()) {
        case 1 -> type = tensor.varint();
        case 2 -> shape = shape(tensor.message());
        default -> tensor.skip();
      }
    }
    return new OnnxValue(name, type, shape);
  }

  private static int[] shape(ProtoReader in) throws IOException {
    Dims dims = new Dims();
    while (in.next()) {
      if (in.field() == 1) {
        dims.add(size(in.message()));
      } else {
        in.skip();
      }
    }
    int[] shape = dims.toArray();
    for (int d = 0; d < shape.length; d++) {
      shape[d]--;
    }
    return shape;
  }

  /** One more than the size, 0 where it is a name or not said. */
  private static long size(ProtoReader in) throws IOException {
    long size = 0;
    while (in.next()) {
      if (in.field() == 1) {
        long value = in.varint();
        size = value < 0 ? 0 : Math.min(value, Integer.MAX_VALUE - 1) + 1;
      } else {
        in.skip();
      }
    }
    return size;
  }

  /** The message under a field, the last of several; null if there is none. */
  private static ProtoReader part(ProtoReader in, int field) throws IOException {
    ProtoReader found = null;
    while (in.next()) {
      if (in.field() == field) {
        found = in.message();
      } else {
        in.skip();
      }
    }
    return found;
  }
}
