package doppio.data;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Numbers while they come, nobody knows how many: in chunks, as an array that grows is there twice
 * while it does.
 */
final class Numbers {
  private static final int CHUNK = 1 << 13;

  private final Queue<double[]> full = new ArrayDeque<>();
  private double[] chunk = new double[CHUNK];
  private int size;

  int size() {
    return size;
  }

  void add(double number) {
    if (size > 0 && size % CHUNK == 0) {
      full.add(chunk);
      chunk = new double[CHUNK];
    }
    chunk[size++ % CHUNK] = number;
  }

  /** All of them, which are taken from here. */
  double[] toArray() {
    double[] all = new double[size];
    full.add(chunk);
    for (int i = 0; i < size; i += CHUNK) {
      System.arraycopy(full.remove(), 0, all, i, Math.min(CHUNK, size - i));
    }
    return all;
  }
}
