package doppio.internal.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message of the Protocol Buffers wire format, field by field. A message within it is a
 * reader of its own over the same file, so nothing is read before somebody asks for it, and what
 * nobody knows is passed over without a look inside.
 *
 * <pre>{@code
 * while (in.next()) {
 *   switch (in.field()) {
 *     case 1 -> name = in.text();
 *     default -> in.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Source: <a href="https://protobuf.dev/programming-guides/encoding/">the encoding's
 * description</a>.
 */
final class ProtoReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private final FileBytes bytes;
  private final int end;
  private int at;
  private int field;
  private int wire;

  /** A message that is all of a file, which must stay open. */
  ProtoReader(SeekableByteChannel file) throws IOException {
    this(new FileBytes(file));
  }

  private ProtoReader(FileBytes bytes) {
    this(bytes, 0, bytes.size());
  }

  private ProtoReader(FileBytes bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** A reader of the same part, from its beginning where this one stands there. */
  ProtoReader again() {
    return new ProtoReader(bytes, at, end);
  }

  /** Goes on to the next field; false at the end of the message. */
  boolean next() throws IOException {
    if (at == end) {
      return false;
    }
    long tag = varintHere();
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
      throw new IOException("expected the tag of a field at byte " + at + " but got " + tag);
    }
    return true;
  }

  /** The number of the field. */
  int field() {
    return field;
  }

  /** The first bytes of the message, at most so many. */
  byte[] start(int most) throws IOException {
    return bytes.copy(at, Math.min(most, remaining()));
  }

  /** How the field is written: one of the constants. */
  int wire() {
    return wire;
  }

  /** The bytes left in the message. */
  int remaining() {
    return end - at;
  }

  /** A whole number. */
  long varint() throws IOException {
    expect(VARINT);
    return varintHere();
  }

  /** A number of a packed list of whole numbers. */
  long varintHere() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == end) {
        throw ended();
      }
      byte b = bytes.get(at++);
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a whole number has more than ten bytes before byte " + at);
  }

  /** The numbers of a packed list of whole numbers. */
  int varints() throws IOException {
    int count = 0;
    for (int i = at; i < end; i++) {
      count += bytes.get(i) >= 0 ? 1 : 0;
    }
    return count;
  }

  float float32() throws IOException {
    expect(FIXED32);
    return float32Here();
  }

  float float32Here() throws IOException {
    return Float.intBitsToFloat(int32Here());
  }

  double float64() throws IOException {
    expect(FIXED64);
    return float64Here();
  }

  double float64Here() throws IOException {
    return Double.longBitsToDouble(int64Here());
  }

  int int32Here() throws IOException {
    return bytes.getInt(advance(Integer.BYTES));
  }

  long int64Here() throws IOException {
    return bytes.getLong(advance(Long.BYTES));
  }

  byte int8Here() throws IOException {
    return bytes.get(advance(1));
  }

  /** A message within this one, a packed list, or bytes of any kind. */
  ProtoReader message() throws IOException {
    expect(BYTES);
    long length = varintHere();
    if (length < 0 || length > end - at) {
      throw new IOException(
          "expected " + Long.toUnsignedString(length) + " bytes but there are " + (end - at));
    }
    int from = at;
    at += (int) length;
    return new ProtoReader(bytes, from, at);
  }

  /** A text. */
  String text() throws IOException {
    ProtoReader part = message();
    byte[] text = bytes.copy(part.at, part.remaining());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("a text is not in UTF-8, at byte " + part.at, e);
    }
  }

  /** Passes over the field. */
  void skip() throws IOException {
    switch (wire) {
      case VARINT -> varintHere();
      case FIXED64 -> advance(Long.BYTES);
      case BYTES -> message();
      case FIXED32 -> advance(Integer.BYTES);
      default -> throw unknownWire();
    }
  }

  private int advance(int count) throws IOException {
    if (count > end - at) {
      throw ended();
    }
    at += count;
    return at - count;
  }

  private void expect(int expected) throws IOException {
    if (wire != expected) {
      throw wire > FIXED32 || wire == 3 || wire == 4
          ? unknownWire()
          : new IOException(
              "field " + field + " has wire type " + wire + " but must have " + expected);
    }
  }

  private IOException unknownWire() {
    return new IOException("field " + field + " has wire type " + wire + ", which is none");
  }

  private static IOException ended() {
    return new IOException("the data end within a field");
  }
}
