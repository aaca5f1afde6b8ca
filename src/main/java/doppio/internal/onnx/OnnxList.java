package doppio.internal.onnx;

import java.io.IOException;

/** The numbers in an attribute of a node. They stay in the file until somebody asks for them. */
public final class OnnxList {
  private static final int FLOATS = 7;
  private static final int INTS = 8;

  private final ProtoReader attribute;
  private final int field;
  private int size;

  private OnnxList(ProtoReader attribute, boolean whole) {
    this.attribute = attribute;
    field = whole ? INTS : FLOATS;
  }

  /** The list in the message of an attribute, of whole numbers or of floats. */
  static OnnxList of(ProtoReader attribute, boolean whole) throws IOException {
    OnnxList list = new OnnxList(attribute, whole);
    list.size = list.read(null);
    return list;
  }

  /** Whether they are whole numbers. */
  public boolean isWhole() {
    return field == INTS;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The numbers, a new array each time; whole ones beyond 2⁵³ are the nearest that there is. */
  public double[] numbers() throws IOException {
    double[] numbers = new double[size];
    read(numbers);
    return numbers;
  }

  /** Reads all into an array, if there is one, and counts them. */
  private int read(double[] into) throws IOException {
    ProtoReader in = attribute.again();
    int n = 0;
    while (in.next()) {
      if (in.field() != field) {
        in.skip();
        continue;
      }
      boolean packed = in.wire() == ProtoReader.BYTES;
      ProtoReader list = packed ? in.message() : null;
      for (boolean more = true; packed ? list.remaining() > 0 : more; more = false) {
        double number = packed ? next(list) : isWhole() ? in.varint() : in.float32();
        if (into != null) {
          into[n] = number;
        }
        n++;
      }
    }
    return n;
  }

  private double next(ProtoReader list) throws IOException {
    return isWhole() ? list.varintHere() : list.float32Here();
  }
}
