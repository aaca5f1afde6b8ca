package doppio.internal.onnx;

import java.io.IOException;
import java.util.Arrays;

/** The kinds of numbers in a tensor that can be read, with the format's codes. */
public enum ElementType {
  FLOAT(1, Float.BYTES),
  UINT8(2, Byte.BYTES),
  INT8(3, Byte.BYTES),
  INT32(6, Integer.BYTES),
  INT64(7, Long.BYTES),
  BOOL(9, Byte.BYTES),
  DOUBLE(11, Double.BYTES);

  private static final String[] NAMES = {
    "UNDEFINED",
    "FLOAT",
    "UINT8",
    "INT8",
    "UINT16",
    "INT16",
    "INT32",
    "INT64",
    "STRING",
    "BOOL",
    "FLOAT16",
    "DOUBLE",
    "UINT32",
    "UINT64",
    "COMPLEX64",
    "COMPLEX128",
    "BFLOAT16"
  };

  private final int code;
  private final int width;

  ElementType(int code, int width) {
    this.code = code;
    this.width = width;
  }

  /**
   * The type of a code.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public static ElementType of(long code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    String name = code >= 0 && code < NAMES.length ? NAMES[(int) code] : Long.toString(code);
    throw new IllegalArgumentException(
        "expected numbers of one of the types " + Arrays.toString(values()) + " but got " + name);
  }

  /** The format's number for it. */
  public int code() {
    return code;
  }

  /** The bytes of a number in raw data. */
  public int width() {
    return width;
  }

  /** Whether it holds whole numbers or truth values. */
  public boolean isWhole() {
    return this != FLOAT && this != DOUBLE;
  }

  /** The next number of raw data. */
  double read(ProtoReader raw) throws IOException {
    return switch (this) {
      case FLOAT -> raw.float32Here();
      case DOUBLE -> raw.float64Here();
      case INT32 -> raw.int32Here();
      case INT64 -> raw.int64Here();
      case UINT8 -> raw.int8Here() & 0xff;
      case INT8 -> raw.int8Here();
      case BOOL -> raw.int8Here() == 0 ? 0 : 1;
    };
  }
}
