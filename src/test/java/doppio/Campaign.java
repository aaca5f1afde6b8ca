package doppio;

/** How much of a long test is run: a part of it, or with {@code -Ddoppio.long} all. */
public final class Campaign {
  /** Whether all is run. */
  public static final boolean LONG = System.getProperty("doppio.long") != null;

  private Campaign() {}

  /** How many of so many rounds are run: all, or a quarter. */
  public static int rounds(int all) {
    return LONG ? all : all / 4;
  }
}
