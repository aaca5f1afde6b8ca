package doppio.io;

import doppio.internal.Signs;
import java.io.IOException;
import java.util.Arrays;

/** Collects the dimensions that a header names, and stops at the first that no array could hold. */
final class ShapeBuilder {
  /** The length of array that every JVM can make. */
  private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

  private static final int SHOWN = 8;

  private int[] dimensions = new int[4];
  private int rank;
  private long size = 1;

  /**
   * Appends a dimension.
   *
   * @throws IOException if the shape becomes too large for an array
   */
  void add(long n) throws IOException {
    if (n > MAX_SIZE) {
      throw new IOException("expected dimensions of at most " + MAX_SIZE + " but got " + n);
    }
    if (size * n > MAX_SIZE) {
      throw new IOException(
          "expected at most "
              + MAX_SIZE
              + " elements but the first "
              + (rank + 1)
              + " dimensions have "
              + size * n);
    }
    if (rank == dimensions.length) {
      dimensions = Arrays.copyOf(dimensions, 2 * rank);
    }
    dimensions[rank++] = (int) n;
    size *= n;
  }

  int rank() {
    return rank;
  }

  /** The number of elements: 1 at rank 0. */
  int size() {
    return (int) size;
  }

  int[] toArray() {
    return Arrays.copyOf(dimensions, rank);
  }

  /** The dimensions for a message, which a hostile rank must not flood. */
  @Override
  public String toString() {
    String shown = Arrays.toString(Arrays.copyOf(dimensions, Math.min(rank, SHOWN)));
    return rank <= SHOWN ? shown : shown.replace("]", Signs.text(", …]"));
  }
}
