package doppio.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a file, and says so before that is done; holds it for ever then, or goes on. */
final class WritesFile {
  private WritesFile() {}

  public static void main(String[] args) throws IOException {
    AtomicFile.write(
        Path.of(args[0]),
        channel -> {
          channel.write(ByteBuffer.wrap("child".getBytes(StandardCharsets.UTF_8)));
          System.out.write('.');
          System.out.flush();
          if (args[1].equals("hold")) {
            sleep();
          }
        });
  }

  private static void sleep() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
