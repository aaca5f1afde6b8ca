package doppio.fuzz;

import doppio.io.SafeTensors;

/** The target of Jazzer for safetensors files. */
public final class SafeTensorsFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(SafeTensors::read);

  private SafeTensorsFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
