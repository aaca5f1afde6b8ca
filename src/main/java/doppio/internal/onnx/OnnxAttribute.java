package doppio.internal.onnx;

import java.io.IOException;
import java.util.Arrays;

/**
 * An attribute of a node.
 *
 * @param name its name
 * @param value a {@code Long}, {@code Double}, {@code String}, {@code long[]}, {@code double[]} or
 *     {@link OnnxTensor}; null of a kind that no operator here has
 */
public record OnnxAttribute(String name, Object value) {
  static OnnxAttribute read(ProtoReader in) throws IOException {
    String name = "";
    int type = 0;
    Object value = null;
    long[] ints = {};
    double[] floats = {};
    int listed = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> value = (double) in.float32();
        case 3 -> value = in.varint();
        case 4 -> value = in.text();
        case 5 -> value = OnnxTensor.read(in.message());
        case 7 -> {
          ProtoReader list = in.wire() == ProtoReader.BYTES ? in.message() : null;
          int more = list == null ? 1 : list.remaining() / Float.BYTES;
          floats = room(floats, listed, more);
          for (int i = 0; i < more; i++) {
            floats[listed++] = list == null ? in.float32() : list.float32Here();
          }
        }
        case 8 -> {
          ProtoReader list = in.wire() == ProtoReader.BYTES ? in.message() : null;
          int more = list == null ? 1 : list.varints();
          ints = room(ints, listed, more);
          for (int i = 0; i < more; i++) {
            ints[listed++] = list == null ? in.varint() : list.varintHere();
          }
        }
        case 20 -> type = (int) in.varint();
        default -> in.skip();
      }
    }
    if (listed > 0) {
      value = ints.length > 0 ? Arrays.copyOf(ints, listed) : Arrays.copyOf(floats, listed);
    }
    return new OnnxAttribute(name, value == null ? absent(type) : value);
  }

  /** What an attribute of a type is whose value is not written, because it is a zero. */
  private static Object absent(int type) {
    return switch (type) {
      case 1 -> 0.0;
      case 2 -> 0L;
      case 3 -> "";
      case 6 -> new double[0];
      case 7 -> new long[0];
      default -> null;
    };
  }

  private static long[] room(long[] list, int used, int more) {
    return used + more <= list.length ? list : Arrays.copyOf(list, Math.max(used + more, 2 * used));
  }

  private static double[] room(double[] list, int used, int more) {
    return used + more <= list.length ? list : Arrays.copyOf(list, Math.max(used + more, 2 * used));
  }
}
