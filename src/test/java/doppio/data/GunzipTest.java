package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GunzipTest {
  private static final byte[] TEXT = "espresso, doppio".getBytes(StandardCharsets.UTF_8);

  private static byte[] unpack(byte[] bytes) throws IOException {
    return Gunzip.unpack(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  @Test
  void plainBytesPassThrough() throws IOException {
    for (int length = 0; length <= 3; length++) {
      assertThat(unpack(Arrays.copyOf(TEXT, length))).isEqualTo(Arrays.copyOf(TEXT, length));
    }
    assertThat(unpack(new byte[] {0x1f})).containsExactly(0x1f);
    assertThat(unpack(new byte[] {0x1f, 1})).containsExactly(0x1f, 1);
    assertThat(unpack(new byte[] {1, (byte) 0x8b})).containsExactly(1, 0x8b);
  }

  @Test
  void packedBytesAreUnpacked() throws IOException {
    byte[] large = new byte[300_000];
    new Random(1).nextBytes(large);
    assertThat(unpack(Gzip.pack(new byte[0]))).isEmpty();
    assertThat(unpack(Gzip.pack(TEXT))).isEqualTo(TEXT);
    assertThat(unpack(Gzip.pack(large))).isEqualTo(large);
    assertThat(unpack(Gzip.concat(Gzip.pack(large), Gzip.pack(TEXT))))
        .isEqualTo(Gzip.concat(large, TEXT));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] packed = Gzip.pack(TEXT);
    for (int length = 2; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      assertThatThrownBy(() -> unpack(cut))
          .as("%d of %d bytes", length, packed.length)
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "gzip data ends (within its header|early, after \\d+ unpacked bytes)");
    }
  }

  @Test
  void corruptDataIsRefused() throws IOException {
    byte[] packed = Gzip.pack(TEXT);
    byte[] checksum = packed.clone();
    checksum[packed.length - 8] ^= 1;
    assertThatThrownBy(() -> unpack(checksum))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("corrupt gzip data after 16 unpacked bytes: ");
    byte[] block = packed.clone();
    block[10] = (byte) 0xff;
    assertThatThrownBy(() -> unpack(block))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("corrupt gzip data after 0 unpacked bytes: ");
    byte[] method = packed.clone();
    method[2] = 7;
    assertThatThrownBy(() -> unpack(method))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("corrupt gzip header: ");
  }

  /** The JDK takes the header of a second member, cut off where a buffer ends, for the end. */
  @Test
  void aSecondHeaderThatIsCutOffIsRefusedWhereverItLies() throws IOException {
    byte[] second = Gzip.pack(TEXT);
    for (int size = 65_480; size < 65_560; size++) {
      byte[] noise = new byte[size];
      new Random(2).nextBytes(noise);
      byte[] first = Gzip.pack(noise);
      int cut = 1 + size % 9;
      byte[] both = Gzip.concat(first, Arrays.copyOf(second, cut));
      assertThatThrownBy(() -> unpack(both))
          .as("%d bytes of a header after %d", cut, first.length)
          .isInstanceOf(IOException.class)
          .hasMessage("gzip data ends within its header");
    }
  }

  @Test
  void everyPartOfAHeaderIsReadOver() throws IOException {
    byte[] plain = Gzip.pack(TEXT);
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    byte[] start = {0x1f, (byte) 0x8b, 8, 0x1e, 1, 2, 3, 4, 0, 3};
    byte[] rest = {3, 0, 9, 0, 9, 'n', 'a', 'm', 'e', 0, 'c', 0};
    byte[] header = Gzip.concat(start, rest);
    CRC32 sum = new CRC32();
    sum.update(header);
    byte[] sumBytes = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};
    byte[] whole = Gzip.concat(header, sumBytes, body);
    assertThat(unpack(whole)).isEqualTo(TEXT);
    assertThat(unpack(Gzip.concat(whole, whole))).isEqualTo(Gzip.concat(TEXT, TEXT));
    for (int length = 2; length < header.length + 2; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> unpack(cut)).hasMessage("gzip data ends within its header");
    }
    whole[header.length] ^= 1;
    assertThatThrownBy(() -> unpack(whole)).hasMessage("corrupt gzip header: its sum is another");
    byte[] reserved = plain.clone();
    reserved[3] = 0x20;
    assertThatThrownBy(() -> unpack(reserved)).hasMessage("corrupt gzip header: unknown flags");
  }

  @Test
  void theLengthOfAnExtraFieldHasTwoBytes() throws IOException {
    byte[] plain = Gzip.pack(TEXT);
    byte[] header = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 2, 1};
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    assertThat(unpack(Gzip.concat(header, new byte[258], body))).isEqualTo(TEXT);
  }

  @Test
  void closingClosesWhatIsUnpacked() throws IOException {
    for (byte[] bytes : List.of(TEXT, Gzip.pack(TEXT))) {
      AtomicInteger closed = new AtomicInteger();
      InputStream in =
          new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
              closed.incrementAndGet();
            }
          };
      Gunzip.unpack(in).close();
      assertThat(closed).hasValue(1);
    }
  }

  @Test
  void aHundredThousandEmptyMembersAreEmpty() throws IOException {
    byte[] empty = Gzip.pack(new byte[0]);
    byte[] many = new byte[100_000 * empty.length];
    for (int i = 0; i < many.length; i++) {
      many[i] = empty[i % empty.length];
    }
    assertThat(unpack(many)).isEmpty();
    assertThat(unpack(Gzip.concat(many, Gzip.pack(TEXT), empty))).isEqualTo(TEXT);
  }

  @Test
  void bytesAfterTheEndAreRefused() throws IOException {
    byte[] packed = Gzip.pack(TEXT);
    for (int extra : new int[] {1, 2, 18, 19, 100}) {
      byte[] longer = Arrays.copyOf(packed, packed.length + extra);
      assertThatThrownBy(() -> unpack(longer))
          .as("%d bytes more", extra)
          .isInstanceOf(IOException.class)
          .hasMessage("unexpected bytes after the end of the gzip data");
    }
    assertThatThrownBy(() -> unpack(Gzip.concat(packed, new byte[] {0x1f, 8, 8, 0})))
        .hasMessage("unexpected bytes after the end of the gzip data");
  }

  @Test
  void missingFilesAndFoldersAreNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Gunzip.open(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> Gunzip.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": expected a file but found a folder");
    Path bad = Files.write(folder.resolve("bad"), new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(() -> Gunzip.open(bad))
        .isInstanceOf(IOException.class)
        .hasMessage("gzip data ends within its header");
  }
}
