package doppio.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.data.Csv;
import doppio.data.Idx;
import doppio.internal.MemoryChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from a file is read from a stream and from bytes, and written to a stream. */
class StreamsTest {
  /** More bytes than a chunk of a stream in memory has. */
  private static final Tensor LARGE = RandomTensors.normal(1, 300, 1001);

  @TempDir private Path folder;

  /** A stream that nobody may close, and that gives a few bytes at a time. */
  private static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) {
      return super.read(into, from, Math.min(length, 1000));
    }

    @Override
    public void close() {
      throw new AssertionError("closed");
    }
  }

  /** A stream that nobody may close. */
  private static final class Sink extends ByteArrayOutputStream {
    private boolean flushed;

    @Override
    public void flush() {
      flushed = true;
    }

    @Override
    public void close() {
      throw new AssertionError("closed");
    }
  }

  @Test
  void safeTensorsComeFromAnywhereAndGoAnywhere() throws IOException {
    Map<String, Tensor> tensors = Map.of("large", LARGE, "small", Tensor.of(1, 2));
    Path file = folder.resolve("x.safetensors");
    SafeTensors.save(file, tensors);
    byte[] bytes = Files.readAllBytes(file);
    Sink out = new Sink();
    SafeTensors.save(out, tensors);
    assertThat(out.toByteArray()).isEqualTo(bytes);
    assertThat(out.flushed).isTrue();
    assertSame(SafeTensors.load(new Trickle(bytes)).get("large"), LARGE);
    assertSame(SafeTensors.load(bytes).get("large"), LARGE);
    assertThat(SafeTensors.read(new Trickle(bytes), "small"::equals).tensors())
        .containsOnlyKeys("small");
    assertThat(SafeTensors.read(bytes, "small"::equals).tensors()).containsOnlyKeys("small");
  }

  @Test
  void contentsWithDtypesGoToAStreamAsToAFile() throws IOException {
    SafeTensors.Contents contents =
        new SafeTensors.Contents(
            Map.of("n", Tensor.of(3)), Map.of("by", "hand"), Map.of("n", Dtype.I64));
    Path file = folder.resolve("x.safetensors");
    SafeTensors.save(file, contents);
    Sink out = new Sink();
    SafeTensors.save(out, contents);
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
    SafeTensors.Contents read = SafeTensors.read(new Trickle(out.toByteArray()));
    assertSame(read.tensors().get("n"), Tensor.of(3));
    assertThat(read.metadata()).isEqualTo(contents.metadata());
    assertThat(read.dtypes()).isEqualTo(contents.dtypes());
    out.reset();
    SafeTensors.save(out, contents.tensors(), Dtype.F32);
    assertThat(SafeTensors.load(out.toByteArray()).get("n").get(0)).isEqualTo(3);
    out.reset();
    assertThatThrownBy(() -> SafeTensors.save(out, Map.of("n", Tensor.of(0.5)), Dtype.I8))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.size()).isZero();
  }

  @Test
  void arraysComeFromAnywhereAndGoAnywhere() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.save(file, LARGE);
    byte[] bytes = Files.readAllBytes(file);
    Sink out = new Sink();
    Npy.save(out, LARGE);
    assertThat(out.toByteArray()).isEqualTo(bytes);
    assertSame(Npy.load(new Trickle(bytes)), LARGE);
    assertSame(Npy.load(bytes), LARGE);
    out.reset();
    Npy.save(out, Tensor.of(1, 2), Dtype.I16);
    assertSame(Npy.load(out.toByteArray()), Tensor.of(1, 2));

    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(zip)) {
      archive.putNextEntry(new ZipEntry("x.npy"));
      archive.write(bytes);
    }
    assertSame(Npz.load(new Trickle(zip.toByteArray())).get("x"), LARGE);
    assertSame(Npz.load(zip.toByteArray()).get("x"), LARGE);
  }

  @Test
  void dataComeFromAnywhere() throws IOException {
    byte[] idx = Bytes.hex("0000 08 01 00000003 01 02 ff");
    assertSame(Idx.read(new Trickle(idx)), Tensor.of(1, 2, 255));
    assertSame(Idx.read(idx), Tensor.of(1, 2, 255));
    byte[] csv = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
    Csv.Options options = Csv.Options.DEFAULT.withHeader();
    Tensor row = Tensor.of(new double[][] {{1, 2}});
    assertSame(Csv.read(new Trickle(csv), options), row);
    assertSame(Csv.read(csv, options), row);
    assertThatThrownBy(() -> Csv.read(csv)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Csv.read(new Trickle(csv)))
        .hasMessageStartingWith("line 1, column 1: ");
  }

  @Test
  void whatAStreamThrowsReachesTheCallerAndATruncatedOneIsRefused() throws IOException {
    IOException lost = new IOException("the connection is gone");
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw lost;
          }

          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            throw lost;
          }
        };
    assertThatThrownBy(() -> SafeTensors.load(failing)).isSameAs(lost);
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw lost;
          }
        };
    assertThatThrownBy(() -> Npy.save(full, LARGE)).isSameAs(lost);
    Sink out = new Sink();
    Npy.save(out, Tensor.of(1, 2));
    byte[] whole = out.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Npy.load(part)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Npy.load(new Trickle(part))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void memoryIsReadAsAFileIs() throws IOException {
    byte[] bytes = new byte[(1 << 20) + 3];
    bytes[1 << 20] = 7;
    for (MemoryChannel channel :
        new MemoryChannel[] {MemoryChannel.of(bytes), MemoryChannel.of(new Trickle(bytes))}) {
      assertThat(channel.size()).isEqualTo(bytes.length);
      channel.position((1 << 20) - 1);
      ByteBuffer three = ByteBuffer.allocate(3);
      while (three.hasRemaining()) {
        assertThat(channel.read(three)).isPositive();
      }
      assertThat(three.array()).containsExactly(0, 7, 0);
      assertThat(channel.position()).isEqualTo((1 << 20) + 2);
      assertThat(channel.position(bytes.length).read(three.clear())).isEqualTo(-1);
    }
    assertThat(MemoryChannel.of(new byte[0]).read(ByteBuffer.allocate(1))).isEqualTo(-1);
  }

  /** In one comparison of arrays, for the large ones. */
  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(Arrays.equals(actual.data(), expected.data())).isTrue();
  }
}
