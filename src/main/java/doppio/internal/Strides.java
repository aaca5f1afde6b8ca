package doppio.internal;

import java.util.Arrays;

/**
 * Goes through all elements of a box, its last dimension fastest, and tells where each lies in two
 * arrays that have them in different orders.
 */
public final class Strides {
  private final int[] sizes;
  private final int[] from;
  private final int[] to;
  private final int[] index;
  private int fromPlace;
  private int toPlace;

  /**
   * At the first element.
   *
   * @param sizes those of the dimensions; ones cost nothing
   * @param from how far apart neighbours along each dimension lie in the first array
   * @param to the same of the second array
   */
  public Strides(int[] sizes, int[] from, int[] to) {
    int[] kept = new int[sizes.length];
    int rank = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] != 1) {
        kept[rank++] = d;
      }
    }
    this.sizes = new int[rank];
    this.from = new int[rank];
    this.to = new int[rank];
    for (int d = 0; d < rank; d++) {
      this.sizes[d] = sizes[kept[d]];
      this.from[d] = from[kept[d]];
      this.to[d] = to[kept[d]];
    }
    index = new int[rank];
  }

  /** The strides of an array that has the elements in order, the last dimension fastest. */
  public static int[] rowMajor(int... shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    return strides;
  }

  /** The numbers in the opposite order, of dimensions say. */
  public static int[] reversed(int... numbers) {
    int[] reversed = new int[numbers.length];
    Arrays.setAll(reversed, d -> numbers[numbers.length - 1 - d]);
    return reversed;
  }

  /** Where the element lies in the first array. */
  public int from() {
    return fromPlace;
  }

  /** Where it lies in the second. */
  public int to() {
    return toPlace;
  }

  /** Goes on to the next element, from the last to the first. */
  public void next() {
    for (int d = index.length - 1; d >= 0; d--) {
      fromPlace += from[d];
      toPlace += to[d];
      if (++index[d] < sizes[d]) {
        return;
      }
      fromPlace -= from[d] * sizes[d];
      toPlace -= to[d] * sizes[d];
      index[d] = 0;
    }
  }
}
