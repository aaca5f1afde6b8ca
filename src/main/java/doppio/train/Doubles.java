package doppio.train;

import java.util.Arrays;

/** A list of doubles that grows. */
final class Doubles {
  private double[] values = new double[64];
  private int size;

  void add(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  void set(double[] all) {
    values = Arrays.copyOf(all, Math.max(1, all.length));
    size = all.length;
  }

  int size() {
    return size;
  }

  double get(int i) {
    return values[i];
  }

  double[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
