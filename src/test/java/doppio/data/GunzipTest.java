package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
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
  }

  @Test
  void missingFilesAndFoldersAreNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Gunzip.open(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(missing + ": no such file");
    assertThatThrownBy(() -> Gunzip.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessage("expected a file but found a folder");
    Path bad = Files.write(folder.resolve("bad"), new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(() -> Gunzip.open(bad))
        .isInstanceOf(IOException.class)
        .hasMessage("gzip data ends within its header");
  }
}
