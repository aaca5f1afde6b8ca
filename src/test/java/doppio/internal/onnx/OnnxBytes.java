package doppio.internal.onnx;

import doppio.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Puts files of ONNX together byte by byte, as the format's schema says, and shares no code with
 * the reader and the writer that are tested.
 */
public final class OnnxBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A number under a field. */
  public OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  /** A float under a field. */
  public OnnxBytes number(int field, float value) {
    varint((long) field << 3 | 5);
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  public OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public OnnxBytes part(int field, OnnxBytes message) {
    return bytes(field, message.toBytes());
  }

  public OnnxBytes bytes(int field, byte[] bytes) {
    varint((long) field << 3 | 2);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  private void varint(long value) {
    long rest = value;
    for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
      out.write((int) ((rest & 0x7f) | 0x80));
    }
    out.write((int) rest);
  }

  /** A whole file around a graph. */
  public static byte[] file(long opset, OnnxBytes graph) {
    return new OnnxBytes()
        .number(1, 8)
        .part(7, graph)
        .part(8, new OnnxBytes().text(1, "").number(2, opset))
        .toBytes();
  }

  /** A graph with the input x and the output y, both of floats. */
  public static OnnxBytes graph(long... shape) {
    return new OnnxBytes().part(11, value("x", shape)).part(12, value("y"));
  }

  /** An input or output of floats; a size below 0 is a name. */
  public static OnnxBytes value(String name, long... shape) {
    return value(name, 1, shape);
  }

  /** An input or output of a type; a size below 0 is a name, and no size at all no shape. */
  public static OnnxBytes value(String name, int type, long... shape) {
    OnnxBytes sizes = new OnnxBytes();
    for (long n : shape) {
      sizes.part(1, n < 0 ? new OnnxBytes().text(2, "n") : new OnnxBytes().number(1, n));
    }
    OnnxBytes tensor = new OnnxBytes().number(1, type);
    if (shape.length > 0) {
      tensor.part(2, sizes);
    }
    return new OnnxBytes().text(1, name).part(2, new OnnxBytes().part(1, tensor));
  }

  /** Adds a node to this graph: {@code "Gemm x w b -> y"}, {@code _} for one left out. */
  public OnnxBytes node(String text, OnnxBytes... attributes) {
    OnnxBytes node = new OnnxBytes();
    String[] sides = text.split(" -> ", -1);
    String[] words = sides[0].split(" ", -1);
    for (int i = 1; i < words.length; i++) {
      node.text(1, words[i].equals("_") ? "" : words[i]);
    }
    for (String output : sides[1].split(" ", -1)) {
      node.text(2, output);
    }
    node.text(3, "node-" + sides[1].split(" ", -1)[0]).text(4, words[0]);
    for (OnnxBytes attribute : attributes) {
      node.part(5, attribute);
    }
    return part(1, node);
  }

  public static OnnxBytes attribute(String name, long value) {
    return new OnnxBytes().text(1, name).number(3, value).number(20, 2);
  }

  public static OnnxBytes attribute(String name, float value) {
    return new OnnxBytes().text(1, name).number(2, value).number(20, 1);
  }

  public static OnnxBytes attribute(String name, String value) {
    return new OnnxBytes().text(1, name).text(4, value).number(20, 3);
  }

  public static OnnxBytes attribute(String name, OnnxBytes tensor) {
    return new OnnxBytes().text(1, name).part(5, tensor).number(20, 4);
  }

  public static OnnxBytes list(String name, long... values) {
    OnnxBytes attribute = new OnnxBytes().text(1, name);
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, 7);
  }

  /** Adds an initializer of raw floats to this graph. */
  public OnnxBytes floats(String name, Tensor values) {
    return part(5, raw(name, values));
  }

  /** Adds an initializer of whole numbers to this graph, as a packed list. */
  public OnnxBytes wholes(String name, long... values) {
    OnnxBytes packed = new OnnxBytes();
    for (long value : values) {
      packed.varint(value);
    }
    return part(
        5,
        new OnnxBytes()
            .number(1, values.length)
            .number(2, 7)
            .bytes(7, packed.toBytes())
            .text(8, name));
  }

  /** A tensor of raw floats. */
  public static OnnxBytes raw(String name, Tensor values) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values.data()) {
      data.putFloat((float) value);
    }
    return head(values, 1).bytes(9, data.array()).text(8, name);
  }

  /** The sizes and the type of a tensor. */
  public static OnnxBytes head(Tensor values, int type) {
    OnnxBytes head = new OnnxBytes();
    for (int n : values.shape()) {
      head.number(1, n);
    }
    return head.number(2, type);
  }
}
