package doppio.internal;

/**
 * {@code -Ddoppio.tiles=auto|5x2|8x3}: the tiles of the vector kernels' products, in rows and
 * vectors, so that every machine can test every way. The smaller ones are for 16 registers, where a
 * batch goes forward by outer products too; the larger ones for 32. By default it is as many as the
 * width of the vectors tells. Every way gives the same bits.
 */
public final class TileShape {
  private static final String PROPERTY = Keys.of("tiles");
  private static final String SMALL = "5x2";
  private static final String LARGE = "8x3";
  private static final String GIVEN = System.getProperty(PROPERTY, "auto");

  private TileShape() {}

  /** Whether the tiles are those for 16 registers: as set, or as found. */
  public static boolean isSmall(boolean found) {
    return GIVEN.equals(SMALL) || (found && !GIVEN.equals(LARGE));
  }

  /**
   * Refuses a setting that makes no sense.
   *
   * @throws IllegalArgumentException if it is no shape that there is
   */
  public static void checkSetting() {
    if (!GIVEN.equals("auto") && !GIVEN.equals(SMALL) && !GIVEN.equals(LARGE)) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + " must be auto, " + SMALL + " or " + LARGE + ", got " + GIVEN);
    }
  }
}
