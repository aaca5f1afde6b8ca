package doppio.internal.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes one message of the Protocol Buffers wire format, field by field, in memory. */
final class ProtoWriter {
  private static final int BYTE = 0x7f;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  ProtoWriter varint(int field, long value) {
    put((long) field << 3 | ProtoReader.VARINT);
    put(value);
    return this;
  }

  ProtoWriter float32(int field, float value) {
    put((long) field << 3 | ProtoReader.FIXED32);
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(bits >>> shift);
    }
    return this;
  }

  ProtoWriter float64(int field, double value) {
    put((long) field << 3 | ProtoReader.FIXED64);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (bits >>> shift));
    }
    return this;
  }

  ProtoWriter text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  ProtoWriter message(int field, ProtoWriter message) {
    return bytes(field, message.out.toByteArray());
  }

  private ProtoWriter bytes(int field, byte[] bytes) {
    begin(field, bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** Begins bytes of a length, which whoever calls writes behind this part. */
  ProtoWriter begin(int field, long length) {
    put((long) field << 3 | ProtoReader.BYTES);
    put(length);
    return this;
  }

  int size() {
    return out.size();
  }

  void writeTo(OutputStream stream) throws IOException {
    out.writeTo(stream);
  }

  private void put(long value) {
    long rest = value;
    while ((rest & ~BYTE) != 0) {
      out.write((int) (rest & BYTE) | BYTE + 1);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
