package doppio.internal.onnx;

import doppio.Tensor;
import doppio.internal.Allowance;
import doppio.internal.MemoryChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that hold one tensor each, as ONNX's conformance suite has them. */
public final class TensorFiles {
  private TensorFiles() {}

  public static Tensor read(Path file) throws IOException {
    return OnnxTensor.read(new ProtoReader(MemoryChannel.of(Files.readAllBytes(file))))
        .toTensor(new Allowance(0));
  }
}
