package doppio.internal.onnx.load;

import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** Reads graphs that tests put together. */
final class Graphs {
  private Graphs() {}

  /** What a graph of operators of version 13 is read as. */
  static Module load(OnnxBytes graph) throws IOException {
    return OnnxReader.read(MemoryChannel.of(OnnxBytes.file(13, graph)));
  }

  /** The numbers of a text, between which are spaces. */
  static long[] numbers(String text) {
    return Stream.of(text.split(" ", -1))
        .filter(n -> !n.isEmpty())
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /** The same as sizes of a shape. */
  static int[] sizes(String text) {
    return Arrays.stream(numbers(text)).mapToInt(Math::toIntExact).toArray();
  }
}
