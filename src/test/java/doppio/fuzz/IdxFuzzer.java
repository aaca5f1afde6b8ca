package doppio.fuzz;

import doppio.data.Idx;

/** The target of Jazzer for IDX files. */
public final class IdxFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(Idx::read);

  private IdxFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
