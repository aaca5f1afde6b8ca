package doppio.fuzz;

import doppio.model.Onnx;

/** The target of Jazzer for ONNX files. */
public final class OnnxFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(Onnx::load);

  private OnnxFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
