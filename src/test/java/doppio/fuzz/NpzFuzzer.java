package doppio.fuzz;

import doppio.io.Npz;

/** The target of Jazzer for .npz archives. */
public final class NpzFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(Npz::load);

  private NpzFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
