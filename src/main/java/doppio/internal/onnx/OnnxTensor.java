package doppio.internal.onnx;

import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.Shapes;
import doppio.internal.state.JsonWriter;
import java.io.IOException;

/** A tensor in a file. Its numbers stay where they are until somebody asks for them. */
public final class OnnxTensor {
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int STRING_DATA = 6;
  private static final int INT64_DATA = 7;
  private static final int RAW_DATA = 9;
  private static final int DOUBLE_DATA = 10;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;

  private final ProtoReader message;
  private final Dims dims = new Dims();
  private String name = "";
  private long type;
  private boolean external;
  private boolean segmented;

  private OnnxTensor(ProtoReader message) {
    this.message = message;
  }

  /** A tensor out of its message; only its numbers are not looked at. */
  static OnnxTensor read(ProtoReader message) throws IOException {
    OnnxTensor tensor = new OnnxTensor(message);
    ProtoReader in = message.again();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> tensor.dims.read(in);
        case 2 -> tensor.type = in.varint();
        case 3 -> {
          tensor.segmented = true;
          in.skip();
        }
        case 8 -> tensor.name = in.text();
        case DATA_LOCATION -> tensor.external |= in.varint() == 1;
        case EXTERNAL_DATA -> {
          tensor.external = true;
          in.skip();
        }
        default -> in.skip();
      }
    }
    return tensor;
  }

  /** Its name, empty where it has none. */
  public String name() {
    return name;
  }

  /**
   * The kind of its numbers.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public ElementType type() {
    try {
      return ElementType.of(type);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(title() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Its numbers as a tensor, a new one each time.
   *
   * @throws IllegalArgumentException if they lie in another file, or are of another kind than can
   *     be read
   * @param allowance what their memory is taken from
   * @throws IOException if there are not as many as the shape says, or there is no memory for them
   */
  public Tensor toTensor(Allowance allowance) throws IOException {
    ElementType kind = type();
    if (external) {
      throw new IllegalArgumentException(
          title()
              + " has its data in another file; save the model in one: onnx.save_model(model, file,"
              + " save_as_external_data=False)");
    }
    if (segmented) {
      throw new IllegalArgumentException(title() + " comes in segments, which is not supported");
    }
    int[] shape = shape();
    int size = sizeOf(shape);
    int found = count(kind);
    if (found != size) {
      throw new IOException(
          title() + " of shape " + Shapes.text(shape) + " has " + found + " numbers");
    }
    allowance.take((long) Double.BYTES * size);
    double[] values = new double[size];
    fill(kind, values);
    return Tensor.wrap(values, shape);
  }

  private int[] shape() throws IOException {
    try {
      return dims.toArray();
    } catch (IOException e) {
      throw new IOException(title() + ": " + e.getMessage(), e);
    }
  }

  private int sizeOf(int[] shape) throws IOException {
    double size = 1;
    for (int n : shape) {
      size *= n;
    }
    if (size > Integer.MAX_VALUE) {
      throw new IOException(title() + " of shape " + Shapes.text(shape) + " is too large");
    }
    return (int) size;
  }

  private int count(ElementType kind) throws IOException {
    long count = 0;
    ProtoReader in = message.again();
    while (in.next()) {
      if (in.field() == STRING_DATA) {
        throw new IllegalArgumentException(title() + " has texts, which are not supported");
      }
      boolean list = in.wire() == ProtoReader.BYTES;
      switch (in.field()) {
        case RAW_DATA -> count += in.message().remaining() / kind.width();
        case FLOAT_DATA -> count += list ? in.message().remaining() / Float.BYTES : one(in);
        case DOUBLE_DATA -> count += list ? in.message().remaining() / Double.BYTES : one(in);
        case INT32_DATA, INT64_DATA -> count += list ? in.message().varints() : one(in);
        default -> in.skip();
      }
    }
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  private static int one(ProtoReader in) throws IOException {
    in.skip();
    return 1;
  }

  private void fill(ElementType kind, double[] values) throws IOException {
    int n = 0;
    ProtoReader in = message.again();
    while (in.next()) {
      int field = in.field();
      if (field != RAW_DATA
          && field != FLOAT_DATA
          && field != DOUBLE_DATA
          && field != INT32_DATA
          && field != INT64_DATA) {
        in.skip();
      } else if (in.wire() == ProtoReader.BYTES) {
        ProtoReader list = in.message();
        while (list.remaining() >= (field == RAW_DATA ? kind.width() : 1) && n < values.length) {
          values[n++] = field == RAW_DATA ? kind.read(list) : number(list, field, kind);
        }
      } else {
        values[n++] = single(in, field, kind);
      }
    }
  }

  /** A number of typed data that stands alone. */
  private static double single(ProtoReader in, int field, ElementType kind) throws IOException {
    double value =
        switch (field) {
          case FLOAT_DATA -> in.float32();
          case DOUBLE_DATA -> in.float64();
          default -> in.varint();
        };
    return kind == ElementType.BOOL && value != 0 ? 1 : value;
  }

  /** A number of a packed list of typed data. */
  private static double number(ProtoReader in, int field, ElementType kind) throws IOException {
    double value =
        switch (field) {
          case FLOAT_DATA -> in.float32Here();
          case DOUBLE_DATA -> in.float64Here();
          default -> in.varintHere();
        };
    return kind == ElementType.BOOL && value != 0 ? 1 : value;
  }

  private String title() {
    return name.isEmpty() ? "a tensor" : "tensor " + JsonWriter.brief(name);
  }
}
