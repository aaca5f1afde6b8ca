package doppio.model;

import doppio.data.Csv;
import doppio.data.Idx;
import doppio.io.Npy;
import doppio.io.Npz;
import doppio.io.SafeTensors;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files one after the other, by path, as streams or as bytes, and tells what became of it.
 */
final class ReaderLimitsProgram {
  private ReaderLimitsProgram() {}

  public static void main(String[] arguments) throws IOException {
    for (int i = 1; i < arguments.length; i++) {
      Path file = Path.of(arguments[i]);
      String name = file.getFileName().toString();
      String outcome = "loaded";
      try {
        // Nothing is kept, as the next file wants the memory.
        if (read(arguments[0], name.substring(name.lastIndexOf('.') + 1), file) == null) {
          throw new AssertionError(name);
        }
      } catch (IOException | IllegalArgumentException e) {
        String message = e.getMessage().replaceFirst("^" + file, "");
        outcome = "refused " + message.substring(0, Math.min(300, message.length()));
      } catch (OutOfMemoryError | StackOverflowError e) {
        outcome = e.toString();
      }
      System.out.println(name + " " + outcome);
    }
  }

  private static Object read(String source, String format, Path file) throws IOException {
    if (source.equals("path")) {
      return path(format, file);
    }
    if (source.equals("bytes")) {
      return bytes(format, Files.readAllBytes(file));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return stream(format, in);
    }
  }

  private static Object path(String format, Path file) throws IOException {
    return switch (format) {
      case "onnx" -> Onnx.load(file);
      case "pt" -> TorchFile.load(file);
      case "npy" -> Npy.load(file);
      case "npz" -> Npz.load(file);
      case "csv" -> Csv.read(file);
      case "idx" -> Idx.read(file);
      case "model" -> ModelFile.load(file);
      default -> SafeTensors.read(file);
    };
  }

  private static Object stream(String format, InputStream in) throws IOException {
    return switch (format) {
      case "onnx" -> Onnx.load(in);
      case "pt" -> TorchFile.load(in);
      case "npy" -> Npy.load(in);
      case "npz" -> Npz.load(in);
      case "csv" -> Csv.read(in);
      case "idx" -> Idx.read(in);
      case "model" -> ModelFile.load(in);
      default -> SafeTensors.read(in);
    };
  }

  private static Object bytes(String format, byte[] file) throws IOException {
    return switch (format) {
      case "onnx" -> Onnx.load(file);
      case "pt" -> TorchFile.load(file);
      case "npy" -> Npy.load(file);
      case "npz" -> Npz.load(file);
      case "csv" -> Csv.read(file);
      case "idx" -> Idx.read(file);
      case "model" -> ModelFile.load(file);
      default -> SafeTensors.read(file);
    };
  }
}
