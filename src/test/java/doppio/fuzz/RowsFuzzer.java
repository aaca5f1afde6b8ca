package doppio.fuzz;

import doppio.table.Rows;
import java.time.LocalDate;

/** The target of Jazzer for tables: text whose cells become a record's components. */
public final class RowsFuzzer {
  private static final FuzzedReader READER = new FuzzedReader(file -> Rows.read(file, All.class));

  /** What may stand in a cell. */
  public enum Size {
    SMALL,
    LARGE
  }

  /** One component of each type. */
  public record All(
      String word,
      double number,
      Double gap,
      int count,
      Integer maybe,
      long large,
      boolean flag,
      Boolean perhaps,
      Size size,
      LocalDate day) {}

  private RowsFuzzer() {}

  /** Reads a file of this content. */
  public static void fuzzerTestOneInput(byte[] content) {
    READER.accept(content);
  }
}
