package doppio.train;

import doppio.internal.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Text in a file that is replaced as a whole. */
final class CsvFile {
  private CsvFile() {}

  static void write(Path file, StringBuilder text) throws IOException {
    AtomicFile.writeUninterrupted(
        file,
        channel -> {
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}
