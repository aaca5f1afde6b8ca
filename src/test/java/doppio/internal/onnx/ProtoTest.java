package doppio.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import doppio.internal.MemoryChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire format, there and back, and what is refused of it. */
class ProtoTest {
  private static ProtoReader reader(int... bytes) throws IOException {
    byte[] file = new byte[bytes.length];
    for (int i = 0; i < file.length; i++) {
      file[i] = (byte) bytes[i];
    }
    return new ProtoReader(MemoryChannel.of(file));
  }

  /** Stands on the first field of a message. */
  private static ProtoReader first(int... bytes) throws IOException {
    ProtoReader in = reader(bytes);
    assertThat(in.next()).isTrue();
    return in;
  }

  private static byte[] bytes(ProtoWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.writeTo(out);
    assertThat(writer.size()).isEqualTo(out.size());
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, 16_383, 16_384, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aWholeNumberComesBack(long value) throws IOException {
    byte[] file = bytes(new ProtoWriter().varint(20, value));
    assertThat(file).isEqualTo(new OnnxBytes().number(20, value).toBytes());
    ProtoReader in = new ProtoReader(MemoryChannel.of(file));
    assertThat(in.next()).isTrue();
    assertThat(in.field()).isEqualTo(20);
    assertThat(in.wire()).isEqualTo(ProtoReader.VARINT);
    assertThat(in.varint()).isEqualTo(value);
    assertThat(in.next()).isFalse();
  }

  @Test
  void everyKindOfFieldComesBackOrIsPassedOver() throws IOException {
    ProtoWriter inner = new ProtoWriter().text(1, "größe");
    byte[] file =
        bytes(
            new ProtoWriter()
                .float32(1, -0.1f)
                .float64(2, Math.PI)
                .text(3, "text")
                .message(4, inner)
                .varint(5, 7));
    ProtoReader in = new ProtoReader(MemoryChannel.of(file));
    ProtoReader over = in.again();
    for (int field = 1; field < 5; field++) {
      assertThat(over.next()).isTrue();
      over.skip();
    }
    assertThat(over.next()).isTrue();
    assertThat(over.varint()).isEqualTo(7);
    over = in.again();
    assertThat(over.remaining()).isEqualTo(file.length);
    assertThat(in.next()).isTrue();
    assertThat(in.float32()).isEqualTo(-0.1f);
    assertThat(in.next()).isTrue();
    assertThat(in.float64()).isEqualTo(Math.PI);
    assertThat(in.next()).isTrue();
    assertThat(in.text()).isEqualTo("text");
    assertThat(in.next()).isTrue();
    ProtoReader part = in.message();
    assertThat(part.next()).isTrue();
    assertThat(part.text()).isEqualTo("größe");
    assertThat(part.next()).isFalse();
    assertThat(in.next()).isTrue();
    in.skip();
    assertThat(in.next()).isFalse();
    assertThat(over.start(3)).containsExactly(file[0], file[1], file[2]);
    assertThat(over.start(1000)).isEqualTo(file);
  }

  /** More than is in memory at a time, so that numbers lie across its ends; and back again. */
  @Test
  void numbersAreReadWhereverTheyLieInAFile() throws IOException {
    int count = 9000;
    ByteBuffer file = ByteBuffer.allocate(13 * count + 3).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      file.put((byte) i).putInt(i * 77_777).putLong(i * -7_777_777_777L);
    }
    FileBytes bytes = new FileBytes(MemoryChannel.of(file.array()));
    assertThat(bytes.size()).isEqualTo(13 * count + 3);
    for (int k = 0; k < 2 * count; k++) {
      int i = k < count ? k : 2 * count - 1 - k;
      assertThat(bytes.get(13 * i)).isEqualTo((byte) i);
      assertThat(bytes.getInt(13 * i + 1)).isEqualTo(i * 77_777);
      assertThat(bytes.getLong(13 * i + 5)).isEqualTo(i * -7_777_777_777L);
    }
    assertThat(bytes.copy(13 * 4000, 1)).containsExactly((byte) 4000);
    assertThat(bytes.get(13 * count + 2)).isZero();
  }

  @Test
  void aFileThatBecomesShorterWhileItIsReadIsRefused() throws IOException {
    ShrunkChannel channel = new ShrunkChannel(100, 60);
    FileBytes bytes = new FileBytes(channel);
    refused(() -> bytes.get(70), "expected 100 bytes but the file ended");
    refused(() -> bytes.copy(50, 20), "expected 100 bytes but the file ended");
    refused(
        () -> new FileBytes(new ShrunkChannel(Integer.MAX_VALUE + 1L, 0)),
        "expected an ONNX file, at most 2 GiB, but it has 2147483648 bytes");
    assertThat(new FileBytes(new ShrunkChannel(Integer.MAX_VALUE, 0)).size())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void whatEndsWithinAFieldIsRefused() throws IOException {
    refused(() -> first(0x80), "the data end within a field");
    ProtoReader number = first(0x08, 0x80);
    refused(number::varint, "the data end within a field");
    ProtoReader single = first(0x0d, 1, 2, 3);
    refused(single::float32, "the data end within a field");
    refused(single::skip, "the data end within a field");
    ProtoReader full = first(0x09, 1, 2, 3, 4, 5, 6, 7);
    refused(full::float64, "the data end within a field");
    ProtoReader text = first(0x0a, 3, 'a', 'b');
    refused(text::text, "expected 3 bytes but there are 2");
    // A field of a message ends where that does, not where the file does.
    ProtoReader outer = first(0x0a, 4, 0x0d, 1, 2, 3, 4, 5);
    ProtoReader inner = outer.message();
    assertThat(inner.next()).isTrue();
    refused(inner::float32, "the data end within a field");
    assertThat(outer.remaining()).isEqualTo(2);
    refused(
        () -> first(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1).message(),
        "expected 18446744073709551615 bytes but there are 0");
  }

  @Test
  void whatIsNoTagOrNoNumberIsRefused() throws IOException {
    refused(() -> first(0x00), "expected the tag of a field at byte 1 but got 0");
    refused(() -> first(0x05), "expected the tag of a field at byte 1 but got 5");
    refused(
        () -> first(0x80, 0x80, 0x80, 0x80, 0x40),
        "expected the tag of a field at byte 5 but got 17179869184");
    assertThat(first(0xf8, 0xff, 0xff, 0xff, 0x3f, 1).field()).isEqualTo(Integer.MAX_VALUE);
    refused(
        () -> first(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1),
        "a whole number has more than ten bytes before byte 10");
  }

  @Test
  void anotherWireTypeThanAFieldsIsRefusedByItsNumber() throws IOException {
    refused(first(0x08, 1)::message, "field 1 has wire type 0 but must have 2");
    refused(first(0x12, 0)::varint, "field 2 has wire type 2 but must have 0");
    refused(first(0x0d, 0)::float64, "field 1 has wire type 5 but must have 1");
    refused(first(0x09, 0)::float32, "field 1 has wire type 1 but must have 5");
    for (int wire : new int[] {3, 4, 6, 7}) {
      String none = "field 5 has wire type " + wire + ", which is none";
      refused(first(0x28 | wire, 1)::skip, none);
      refused(first(0x28 | wire, 1)::varint, none);
    }
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(IOException.class).isThrownBy(call).withMessage(message);
  }
}
