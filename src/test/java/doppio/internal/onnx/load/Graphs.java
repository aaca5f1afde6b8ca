package doppio.internal.onnx.load;

import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;

/** Reads graphs that tests put together. */
final class Graphs {
  private Graphs() {}

  /** What a graph of operators of version 13 is read as. */
  static Module load(OnnxBytes graph) throws IOException {
    return OnnxReader.read(MemoryChannel.of(OnnxBytes.file(13, graph)));
  }
}
