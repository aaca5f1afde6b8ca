package doppio.io;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/** The number formats that can be read; a double holds every value of each exactly. */
enum StoredType {
  /** IEEE 754 double precision. */
  F64(8) {
    @Override
    void widen(ByteBuffer from, double[] into, int offset, int count) {
      DoubleBuffer doubles = from.asDoubleBuffer();
      doubles.get(into, offset, count);
    }
  },

  /** IEEE 754 single precision. */
  F32(4) {
    @Override
    void widen(ByteBuffer from, double[] into, int offset, int count) {
      FloatBuffer floats = from.asFloatBuffer();
      for (int i = 0; i < count; i++) {
        into[offset + i] = floats.get(i);
      }
    }
  },

  /** IEEE 754 half precision: 1 bit sign, 5 bits exponent, 10 bits fraction. */
  F16(2) {
    @Override
    void widen(ByteBuffer from, double[] into, int offset, int count) {
      for (int i = 0; i < count; i++) {
        into[offset + i] = half(from.getShort());
      }
    }
  },

  /** The upper half of a single precision number: 1 bit sign, 8 bits exponent, 7 bits fraction. */
  BF16(2) {
    @Override
    void widen(ByteBuffer from, double[] into, int offset, int count) {
      for (int i = 0; i < count; i++) {
        into[offset + i] = Float.intBitsToFloat(from.getShort() << 16);
      }
    }
  };

  private final int width;

  StoredType(int width) {
    this.width = width;
  }

  /** Bytes a number. */
  int width() {
    return width;
  }

  /**
   * Reads {@code count} numbers in the buffer's byte order into {@code into} from {@code offset}.
   */
  abstract void widen(ByteBuffer from, double[] into, int offset, int count);

  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude = Math.scalb((double) (0x400 + fraction), exponent - 25);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
