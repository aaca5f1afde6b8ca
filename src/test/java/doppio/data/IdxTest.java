package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class IdxTest {
  private static final int INT = 0x0c;

  @TempDir Path folder;

  static byte[] idx(int type, int[] shape, double... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(0);
      out.writeByte(type);
      out.writeByte(shape.length);
      for (int n : shape) {
        out.writeInt(n);
      }
      for (double value : values) {
        switch (type) {
          case 0x08, 0x09 -> out.writeByte((int) value);
          case 0x0b -> out.writeShort((int) value);
          case INT -> out.writeInt((int) value);
          case 0x0d -> out.writeFloat((float) value);
          case 0x0e -> out.writeDouble(value);
          default -> throw new IllegalArgumentException("type " + type);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("values"), bytes);
  }

  private void assertRefused(byte[] bytes, String message) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> Idx.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "0x08, 0, 1, 127, 128, 255",
    "0x09, 0, 1, 127, -128, -1",
    "0x0b, 0, 255, 32767, -32768, -1",
    "0x0c, 0, 65536, 2147483647, -2147483648, -1",
    "0x0d, 0, 0.5, 3.4028234663852886E38, -1.401298464324817E-45, -1",
    "0x0e, 0, 0.1, 1.7976931348623157E308, 4.9E-324, -1",
  })
  void everyTypeMakesTheRoundTrip(String type, double a, double b, double c, double d, double e)
      throws IOException {
    double[] values = {a, b, c, d, e, a};
    byte[] bytes = idx(Integer.decode(type), new int[] {2, 3}, values);
    for (byte[] content : new byte[][] {bytes, Gzip.pack(bytes)}) {
      Tensor t = Idx.read(write(content));
      assertThat(t.shape()).containsExactly(2, 3);
      assertThat(t.data()).containsExactly(values);
    }
  }

  @Test
  void notFiniteValuesAreValues() throws IOException {
    for (int type : new int[] {0x0d, 0x0e}) {
      assertThat(Idx.read(write(idx(type, new int[] {2}, Double.NaN, -1 / 0.0))).data())
          .containsExactly(Double.NaN, Double.NEGATIVE_INFINITY);
    }
  }

  @Test
  void readsRankZeroAndEmptyShapes() throws IOException {
    assertThat(Idx.read(write(idx(INT, new int[0], 7))).shape()).isEmpty();
    assertThat(Idx.read(write(idx(INT, new int[0], 7))).data()).containsExactly(7);
    assertThat(Idx.read(write(idx(INT, new int[] {0, 28, 28}))).shape()).containsExactly(0, 28, 28);
    assertThat(Idx.read(write(idx(INT, new int[] {0, Integer.MAX_VALUE, 9}))).size()).isZero();
  }

  @Test
  void readsMoreThanOneChunk() throws IOException {
    double[] values = new Random(1).ints(300_001).asDoubleStream().toArray();
    byte[] bytes = idx(0x0e, new int[] {values.length}, values);
    assertThat(Idx.read(write(bytes)).data()).isEqualTo(values);
    assertThat(Idx.read(write(Gzip.pack(bytes))).data()).isEqualTo(values);
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = idx(0x0b, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      String message;
      if (length < 4) {
        String begin =
            length == 0 ? "nothing" : new String[] {"00", "00 00", "00 00 0b"}[length - 1];
        message = "expected an IDX file (bytes 00 00, type, rank) but it begins with " + begin;
      } else if (length < 12) {
        message = "expected an IDX header of 12 bytes (rank 2) but the data ends after " + length;
      } else {
        message =
            "expected 12 bytes of values (IDX shape [2, 3] of short) but the data ends after "
                + (length - 12);
      }
      assertRefused(cut, message);
      assertRefused(Gzip.pack(cut), message);
    }
  }

  @Test
  void trailingBytesAreRefused() throws IOException {
    byte[] whole = idx(0x08, new int[] {3}, 1, 2, 3);
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    String message = "expected 3 bytes of values (IDX shape [3] of ubyte) but got more";
    assertRefused(longer, message);
    assertRefused(Gzip.pack(longer), message);
    byte[] packed = Gzip.pack(whole);
    assertRefused(
        Arrays.copyOf(packed, packed.length + 1),
        "unexpected bytes after the end of the gzip data");
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    assertRefused(
        new byte[] {1, 0, 8, 1},
        "expected an IDX file (bytes 00 00, type, rank) but it begins with 01 00 08 01");
    assertRefused(
        new byte[] {0, 1, 8, 1},
        "expected an IDX file (bytes 00 00, type, rank) but it begins with 00 01 08 01");
    assertRefused(
        new byte[] {0, 0, 0x0a, 1}, "expected an IDX type of 08, 09, 0b, 0c, 0d or 0e but got 0a");
    assertRefused(
        new byte[] {0, 0, -1, 1}, "expected an IDX type of 08, 09, 0b, 0c, 0d or 0e but got ff");
  }

  @Test
  void negativeDimensionsAreRefused() throws IOException {
    assertRefused(
        idx(8, new int[] {2, -1}),
        "expected dimensions from 0 to 2147483647 but got IDX shape [2, -1]");
  }

  @Test
  void moreValuesThanAnArrayHoldsAreRefused() throws IOException {
    int max = Integer.MAX_VALUE;
    for (int[] shape : new int[][] {{max, max}, {max, max, 0}, {max}, {1 << 16, 1 << 16}}) {
      assertRefused(
          idx(8, shape),
          "expected at most 2147483639 values but IDX shape "
              + Arrays.toString(shape)
              + " has more");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Timeout(10)
  void aLyingHeaderTakesNoMemory(boolean packed) throws IOException {
    byte[] bytes = idx(0x0e, new int[] {Integer.MAX_VALUE - 8}, 1, 2);
    assertRefused(
        packed ? Gzip.pack(bytes) : bytes,
        "expected 17179869112 bytes of values (IDX shape [2147483639] of double)"
            + " but the data ends after 16");
  }

  @Test
  void corruptGzipIsRefused() throws IOException {
    byte[] packed = Gzip.pack(idx(8, new int[] {3}, 1, 2, 3));
    for (int length = 2; length < packed.length; length++) {
      Path file = write(Arrays.copyOf(packed, length));
      assertThatThrownBy(() -> Idx.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + ": gzip data ends ");
    }
    packed[packed.length - 8] ^= 1;
    Path file = write(packed);
    assertThatThrownBy(() -> Idx.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": corrupt gzip data after 11 unpacked bytes: ");
  }

  @Test
  void damagedFilesGiveNothingButIoExceptions() throws IOException {
    byte[] plain = idx(0x0b, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    Random random = new Random(7);
    for (byte[] whole : new byte[][] {plain, Gzip.pack(plain)}) {
      for (int trial = 0; trial < 2000; trial++) {
        byte[] damaged = whole.clone();
        for (int i = 0; i <= trial % 3; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          assertThat(Idx.read(write(damaged)).size()).isLessThanOrEqualTo(12);
        } catch (IOException e) {
          assertThat(e).hasMessageStartingWith(folder.resolve("values") + ": ");
        }
      }
    }
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Idx.read(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> Idx.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": expected a file but found a folder");
  }
}
