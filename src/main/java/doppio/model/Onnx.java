package doppio.model;

import doppio.internal.FileAccess;
import doppio.internal.onnx.load.OnnxReader;
import doppio.nn.Module;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** Networks as ONNX files. */
public final class Onnx {
  private Onnx() {}

  /** Loads a network. */
  public static Module load(Path file) throws IOException {
    try (SeekableByteChannel channel = FileAccess.open(file)) {
      return load(Channels.newInputStream(channel));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Loads from a stream. */
  public static Module load(InputStream in) throws IOException {
    return load(in.readAllBytes());
  }

  /** Loads from bytes. */
  public static Module load(byte[] file) throws IOException {
    return OnnxReader.read(file);
  }
}
