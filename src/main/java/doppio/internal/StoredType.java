package doppio.internal;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * The number formats that can be read. A double holds every value of each exactly, but for whole
 * numbers beyond 2⁵³, of which those that no double holds are refused.
 */
@SuppressWarnings("ImmutableEnumChecker")
public enum StoredType {
  /** IEEE 754 double precision. */
  F64(8, ByteBuffer::getDouble),

  /** IEEE 754 single precision. */
  F32(4, ByteBuffer::getFloat),

  /** IEEE 754 half precision: 1 bit sign, 5 bits exponent, 10 bits fraction. */
  F16(2, b -> half(b.getShort())),

  /** The upper half of a single precision number: 1 bit sign, 8 bits exponent, 7 bits fraction. */
  BF16(2, b -> Float.intBitsToFloat(b.getShort() << 16)),

  /** 1 bit sign, 4 bits exponent, 3 bits fraction; no infinities, and of NaN only all ones. */
  F8_E4M3(1, b -> eight(b.get(), 3, 7, 0x7f)),

  /** The upper half of a half precision number. */
  F8_E5M2(1, b -> half((short) (b.get() << 8))),

  /** As E4M3 with one exponent less; neither infinities nor −0, whose bits are NaN. */
  F8_E4M3FNUZ(1, b -> eight(b.get(), 3, 8, -0x80)),

  /** 1 bit sign, 5 bits exponent, 2 bits fraction; neither infinities nor −0, as above. */
  F8_E5M2FNUZ(1, b -> eight(b.get(), 2, 16, -0x80)),

  /** A power of two from −127 to 127; all ones are NaN. */
  F8_E8M0(1, b -> power(Byte.toUnsignedInt(b.get()))),

  /** Whole numbers of 64 bits. */
  I64(8, b -> exact(b.getLong())),

  /** Whole numbers of 32 bits. */
  I32(4, ByteBuffer::getInt),

  /** Whole numbers of 16 bits. */
  I16(2, ByteBuffer::getShort),

  /** Whole numbers of 8 bits. */
  I8(1, ByteBuffer::get),

  /** Whole numbers of 64 bits, without sign. */
  U64(8, b -> exactUnsigned(b.getLong())),

  /** Whole numbers of 32 bits, without sign. */
  U32(4, b -> Integer.toUnsignedLong(b.getInt())),

  /** Whole numbers of 16 bits, without sign. */
  U16(2, b -> Short.toUnsignedInt(b.getShort())),

  /** Whole numbers of 8 bits, without sign. */
  U8(1, b -> Byte.toUnsignedInt(b.get())),

  /** One byte, 0 or 1. */
  BOOL(1, b -> truth(b.get()));

  private final int width;
  private final Next next;

  /** Takes the next number from a buffer. */
  @FunctionalInterface
  private interface Next {
    double from(ByteBuffer bytes) throws UnreadableNumberException;
  }

  StoredType(int width, Next next) {
    this.width = width;
    this.next = next;
  }

  /** Bytes a number. */
  public int width() {
    return width;
  }

  /**
   * Reads {@code count} numbers in the buffer's byte order into {@code into} from {@code offset}.
   *
   * @param first the number of the first, for messages
   * @throws UnreadableNumberException if one is no double, or no truth value
   */
  public void widen(ByteBuffer from, double[] into, int offset, int count, int first)
      throws UnreadableNumberException {
    switch (this) {
      case F64 -> {
        DoubleBuffer doubles = from.asDoubleBuffer();
        doubles.get(into, offset, count);
      }
      case F32 -> {
        FloatBuffer floats = from.asFloatBuffer();
        for (int i = 0; i < count; i++) {
          into[offset + i] = floats.get(i);
        }
      }
      default -> widenEach(from, into, offset, count, first);
    }
  }

  private void widenEach(ByteBuffer from, double[] into, int offset, int count, int first)
      throws UnreadableNumberException {
    int i = offset;
    try {
      for (; i < offset + count; i++) {
        into[i] = next.from(from);
      }
    } catch (UnreadableNumberException e) {
      throw new UnreadableNumberException(
          "number " + (first + i - offset) + " is " + e.getMessage());
    }
  }

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

  /** A number of 8 bits, where those of {@code nan} stand for NaN, with either sign if positive. */
  private static double eight(byte bits, int fractionBits, int bias, int nan) {
    if (bits == nan || (nan > 0 && (bits & 0x7f) == nan)) {
      return Double.NaN;
    }
    int one = 1 << fractionBits;
    int exponent = (bits & 0x7f) >> fractionBits;
    int fraction = bits & one - 1;
    double magnitude =
        Math.scalb(
            (double) (exponent == 0 ? fraction : one + fraction),
            Math.max(exponent, 1) - bias - fractionBits);
    return bits < 0 ? -magnitude : magnitude;
  }

  private static double power(int exponent) {
    return exponent == 0xff ? Double.NaN : Math.scalb(1.0, exponent - 127);
  }

  private static double exact(long whole) throws UnreadableNumberException {
    double value = whole;
    // 2⁶³ − 1 becomes 2⁶³, which comes back as 2⁶³ − 1.
    if ((long) value != whole || value == 0x1p63) {
      throw new UnreadableNumberException(whole + ", which no double holds exactly");
    }
    return value;
  }

  private static double exactUnsigned(long bits) throws UnreadableNumberException {
    if (bits >= 0) {
      return exact(bits);
    }
    // A double of this size has no more than the upper 53 bits.
    if ((bits & 0x7ff) != 0) {
      throw new UnreadableNumberException(
          Long.toUnsignedString(bits) + ", which no double holds exactly");
    }
    return (bits >>> 1) * 2.0;
  }

  private static double truth(byte bits) throws UnreadableNumberException {
    if (bits != 0 && bits != 1) {
      throw new UnreadableNumberException(
          Byte.toUnsignedInt(bits) + ", which is neither false (0) nor true (1)");
    }
    return bits;
  }
}
