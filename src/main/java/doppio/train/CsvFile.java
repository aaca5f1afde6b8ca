package doppio.train;

import doppio.internal.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Text in a file that is replaced as a whole, or in a stream. */
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

  static void write(OutputStream out, StringBuilder text) throws IOException {
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
