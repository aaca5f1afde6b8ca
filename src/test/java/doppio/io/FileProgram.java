package doppio.io;

import doppio.data.Csv;
import doppio.data.Idx;
import doppio.data.Mnist;
import doppio.internal.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Saves or loads a file and writes what came of it. */
final class FileProgram {
  private FileProgram() {}

  public static void main(String[] args) {
    Path file = Path.of(args[1]);
    try {
      switch (args[0]) {
        case "save" ->
            AtomicFile.write(
                file, c -> c.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8))));
        case "load" -> SafeTensors.load(file);
        case "csv" -> Csv.read(file);
        case "idx" -> Idx.read(file);
        case "mnist" -> Mnist.load(file);
        default -> throw new IllegalArgumentException(args[0]);
      }
      System.out.println("done");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}
