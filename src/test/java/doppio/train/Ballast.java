package doppio.train;

/** Fills the heap. */
final class Ballast {
  private static final int[] SIZES = {1 << 16, 1 << 12, 1 << 8};

  private static Object[] last;

  private Ballast() {}

  /** Leaves room for about so many bytes. */
  static void fill(int room) {
    for (int size : SIZES) {
      boolean goesOn = true;
      while (goesOn) {
        try {
          last = new Object[] {last, new byte[size]};
        } catch (OutOfMemoryError e) {
          goesOn = false;
        }
      }
    }
    for (int freed = 0; freed < room && last != null; ) {
      freed += ((byte[]) last[1]).length;
      last = (Object[]) last[0];
    }
  }

  static void drop() {
    last = null;
  }
}
