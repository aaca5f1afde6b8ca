package doppio.fuzz;

import doppio.io.Npy;

/** The target of Jazzer for .npy files. */
public final class NpyFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(Npy::load);

  private NpyFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
