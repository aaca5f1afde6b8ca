package doppio.fuzz;

import doppio.data.Csv;

/** The target of Jazzer for comma-separated text. */
public final class CsvFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(Csv::read);

  private CsvFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
