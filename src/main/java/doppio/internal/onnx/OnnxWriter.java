package doppio.internal.onnx;

import doppio.Tensor;
import doppio.internal.Buffers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a model: nodes and tensors are given one by one, the file comes at the end. The numbers of
 * the tensors are not copied before that.
 */
public final class OnnxWriter {
  /** The version of the format, and that of the operators. */
  private static final int IR_VERSION = 8;

  private static final int OPSET = 17;
  private static final int CHUNK = 1 << 13;

  private final ElementType numbers;
  private final ProtoWriter nodes = new ProtoWriter();
  private final List<Data> tensors = new ArrayList<>();

  /** The beginning of a tensor's message, and the numbers that follow it. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Data(ProtoWriter head, double[] values, ElementType type) {
    long rawLength() {
      return (long) values.length * type.width();
    }
  }

  /** A model whose numbers are of this kind. */
  public OnnxWriter(ElementType numbers) {
    this.numbers = numbers;
  }

  /** Adds a node. */
  public void node(
      String name,
      String operator,
      List<String> inputs,
      String output,
      List<OnnxAttribute> attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, name).text(4, operator);
    attributes.forEach(attribute -> node.message(5, message(attribute)));
    nodes.message(1, node);
  }

  /** Adds a tensor as a node: a small one, which is no weight. */
  public void constant(String name, Tensor values) {
    ProtoWriter tensor = new ProtoWriter();
    for (int n : values.shape()) {
      tensor.varint(1, n);
    }
    tensor.varint(2, numbers.code());
    for (double value : values.data()) {
      if (numbers == ElementType.DOUBLE) {
        tensor.float64(10, value);
      } else {
        tensor.float32(4, (float) value);
      }
    }
    ProtoWriter attribute = new ProtoWriter().text(1, "value").message(5, tensor).varint(20, 4);
    nodes.message(
        1, new ProtoWriter().text(2, name).text(3, name).text(4, "Constant").message(5, attribute));
  }

  private static ProtoWriter message(OnnxAttribute attribute) {
    ProtoWriter message = new ProtoWriter().text(1, attribute.name());
    if (attribute.value() instanceof Double number) {
      return message.float32(2, number.floatValue()).varint(20, 1);
    }
    if (attribute.value() instanceof Long number) {
      return message.varint(3, number).varint(20, 2);
    }
    if (attribute.value() instanceof String text) {
      return message.text(4, text).varint(20, 3);
    }
    for (long number : (long[]) attribute.value()) {
      message.varint(8, number);
    }
    return message.varint(20, 7);
  }

  /** Adds a tensor of the model's kind of numbers. */
  public void tensor(String name, Tensor values) {
    tensor(name, values, numbers);
  }

  /** Adds a tensor. */
  public void tensor(String name, Tensor values, ElementType type) {
    ProtoWriter head = new ProtoWriter();
    for (int n : values.shape()) {
      head.varint(1, n);
    }
    head.varint(2, type.code()).text(8, name);
    head.begin(9, (long) values.size() * type.width());
    tensors.add(new Data(head, values.data(), type));
  }

  /**
   * Writes the file; a shape's first size is the batch's, which has a name in place of a number.
   *
   * @throws IllegalArgumentException if it would be larger than the format allows
   */
  public void writeTo(OutputStream out, String input, int[] inShape, String output, int[] outShape)
      throws IOException {
    List<ProtoWriter> heads = new ArrayList<>();
    ProtoWriter rest = new ProtoWriter().text(2, "doppio");
    rest.message(11, value(input, inShape)).message(12, value(output, outShape));
    long length = (long) nodes.size() + rest.size();
    for (Data tensor : tensors) {
      long size = tensor.head.size() + tensor.rawLength();
      ProtoWriter head = new ProtoWriter().begin(5, size);
      heads.add(head);
      length += head.size() + size;
    }
    if (length > Integer.MAX_VALUE - 1024) {
      throw new IllegalArgumentException(
          "an ONNX file has at most 2 GiB, but this would have " + length + " bytes");
    }
    new ProtoWriter()
        .varint(1, IR_VERSION)
        .text(2, "doppio")
        .message(8, new ProtoWriter().varint(2, OPSET))
        .begin(7, length)
        .writeTo(out);
    nodes.writeTo(out);
    for (int t = 0; t < tensors.size(); t++) {
      heads.get(t).writeTo(out);
      tensors.get(t).head.writeTo(out);
      write(tensors.get(t), out);
    }
    rest.writeTo(out);
  }

  private ProtoWriter value(String name, int[] shape) {
    ProtoWriter sizes = new ProtoWriter();
    for (int d = 0; d < shape.length; d++) {
      ProtoWriter size = new ProtoWriter();
      sizes.message(1, d == 0 ? size.text(2, "batch") : size.varint(1, shape[d]));
    }
    ProtoWriter tensor = new ProtoWriter().varint(1, numbers.code()).message(2, sizes);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  private static void write(Data tensor, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < tensor.values.length; from += CHUNK) {
      Buffers.room(buffer, buffer.capacity());
      int to = Math.min(tensor.values.length, from + CHUNK);
      for (int i = from; i < to; i++) {
        double value = tensor.values[i];
        switch (tensor.type) {
          case DOUBLE -> buffer.putDouble(value);
          case FLOAT -> buffer.putFloat((float) value);
          default -> buffer.putLong((long) value);
        }
      }
      out.write(buffer.array(), 0, buffer.position());
    }
  }
}
