package doppio.internal;

import java.io.IOException;

/**
 * What a reader may take of memory for a file: eight bytes for each of its own, as a byte becomes a
 * double, and a constant, in which the objects of a small file have room. Whoever reads takes from
 * it before making something whose size a file says.
 */
public final class Allowance {
  /** Bytes beyond eight for each of the file. */
  public static final int FREE = 1 << 26;

  private static final int TIMES = Double.BYTES;

  private final long file;
  private long left;

  /** That of a file of so many bytes. */
  public Allowance(long file) {
    this.file = file;
    left = TIMES * file + FREE;
  }

  private Allowance(Allowance other) {
    file = other.file;
    left = other.left;
  }

  /** As much as is left of this one. */
  public Allowance copy() {
    return new Allowance(this);
  }

  /** Takes so many bytes if there are as many, and says whether it did. */
  public boolean tryTake(long bytes) {
    boolean enough = bytes <= left;
    left -= enough ? bytes : 0;
    return enough;
  }

  /**
   * Takes so many bytes.
   *
   * @throws IOException if there are not as many
   */
  public void take(long bytes) throws IOException {
    if (!tryTake(bytes)) {
      throw new IOException(
          "expected a file that takes at most "
              + TIMES
              + " times its "
              + file
              + " bytes of memory and "
              + (FREE >> 20)
              + " MiB, but it takes more");
    }
  }
}
