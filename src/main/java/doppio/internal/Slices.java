package doppio.internal;

/** How rows are cut into slices of one length, batches say, of which the last may be shorter. */
public final class Slices {
  private Slices() {}

  /** The number of slices. */
  public static int count(int rows, int length) {
    return (int) (((long) rows + length - 1) / length);
  }

  /**
   * Where a slice, counted from 0, begins and the one before it ends; at most at the last row's.
   */
  public static int start(int rows, int length, int slice) {
    return (int) Math.min((long) slice * length, rows);
  }
}
