package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Tensor;
import doppio.io.Npy;
import doppio.io.Npz;
import doppio.io.SafeTensors;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever reads a file in a thread that is interrupted names the file and keeps the flag. */
class InterruptedReadTest {
  /** Reads a file. */
  @FunctionalInterface
  private interface Reader {
    void read(Path file) throws IOException;
  }

  private static final byte[] IDX = {0, 0, 8, 1, 0, 0, 0, 1, 3};
  private static final byte[] IMAGE = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7};

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = folder.resolve("file");
  }

  @Test
  void anIdxFileReadOnAnInterruptedThreadIsRefused() throws IOException {
    Files.write(file, IDX);
    refuses(Idx::read);
    Files.write(file, Gzip.pack(IDX));
    refuses(Idx::read);
  }

  @Test
  void aCsvFileReadOnAnInterruptedThreadIsRefused() throws IOException {
    byte[] text = {'1', ',', '2', '\n'};
    for (byte[] content : new byte[][] {text, Gzip.pack(text), {}}) {
      Files.write(file, content);
      refuses(Csv::read);
      refuses(f -> Csv.read(f, Csv.Options.DEFAULT.withHeader()));
    }
  }

  @Test
  void aFolderReadOnAnInterruptedThreadIsRefused() throws IOException {
    file = folder.resolve("train-images-idx3-ubyte");
    Files.write(file, IMAGE);
    Files.write(folder.resolve("train-labels-idx1-ubyte"), IDX);
    refuses(f -> Mnist.load(folder));
    Files.write(folder.resolve(file.getFileName() + ".gz"), Gzip.pack(IMAGE));
    refuses(f -> Mnist.load(folder));
  }

  @Test
  void aFileThatWasDownloaded() throws IOException {
    file = folder.resolve("hello");
    Files.writeString(file, "hello");
    Download.Item hello = new Download.Item("hello", "5d41402abc4b2a76b9719d911017c592");
    refuses(
        f -> new Download(URI.create("http://none.invalid/"), Duration.ZERO, hello).into(folder));
  }

  @Test
  void filesOfTensorsReadOnAnInterruptedThreadAreRefused() throws IOException {
    SafeTensors.save(file, Map.of("a", Tensor.of(1)));
    refuses(SafeTensors::load);
    Npy.save(file, Tensor.of(1));
    refuses(Npy::load);
    byte[] array = Files.readAllBytes(file);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(array);
    }
    refuses(Npz::load);
  }

  private void refuses(Reader reader) throws IOException {
    reader.read(file);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ClosedByInterruptException.class)
        .hasMessage("interrupted while reading " + file)
        .hasCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
    reader.read(file);
  }
}
