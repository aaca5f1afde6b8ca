package doppio.train;

import java.util.Arrays;

/**
 * The losses of all steps up to a limit, thinned evenly beyond: of every second one, then of every
 * fourth, so that a training of any length keeps at most as many numbers.
 */
final class BatchLosses {
  /** How many there is room for at first. */
  private static final int FIRST = 64;

  private int limit;
  private double[] values;
  private int size;
  private long stride = 1;

  BatchLosses(int limit) {
    this.limit = limit;
    values = new double[Math.min(FIRST, limit)];
  }

  /** Makes room for one more, so that it can be added whatever memory there is then. */
  void reserve() {
    if (size == values.length && size < limit) {
      values = Arrays.copyOf(values, (int) Math.min(limit, Math.max(FIRST, 2L * size)));
    }
  }

  /** The loss of a step, counted from 0; steps come one after the other. */
  void add(long step, double loss) {
    if (limit == 0 || step % stride != 0) {
      return;
    }
    if (size == limit) {
      thin();
      if (step % stride != 0) {
        return;
      }
    }
    reserve();
    values[size++] = loss;
  }

  /**
   * Takes losses that were kept, perhaps under another limit.
   *
   * @param kept an array to keep
   */
  void set(double[] kept, long keptStride, long steps) {
    if (kept.length == 0 && steps > 0) {
      // What was not kept cannot be made up, and a curve with a hole in front would mislead.
      limit = 0;
    }
    stride = keptStride;
    values = kept;
    size = kept.length;
    while (size > Math.max(1, limit)) {
      thin();
    }
    size = Math.min(size, limit);
  }

  long stride() {
    return stride;
  }

  int limit() {
    return limit;
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }

  private void thin() {
    int half = (size + 1) / 2;
    for (int i = 0; i < half; i++) {
      values[i] = values[2 * i];
    }
    size = half;
    stride *= 2;
  }
}
