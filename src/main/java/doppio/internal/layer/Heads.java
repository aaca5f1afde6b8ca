package doppio.internal.layer;

/**
 * Where the numbers of a head lie. Sequences have so many steps; a step is a row of one or more
 * {@code parts}, of which each has all heads, w = {@code width} numbers each, side by side. Heads
 * are counted through all sequences.
 */
record Heads(int steps, int heads, int width) {
  /** to[i,c] = factor · from[i,c] for one of the parts of a head. */
  void gather(double[] from, int head, int parts, int part, double factor, double[] to, int to0) {
    for (int i = 0, at = start(head, parts, part); i < steps; i++, at += parts * heads * width) {
      int row = to0 + i * width;
      for (int c = 0; c < width; c++) {
        to[row + c] = factor * from[at + c];
      }
    }
  }

  /** to[c,i] = from[i,c] for one of the three parts of a head. */
  void transpose(double[] from, int head, int part, double[] to, int to0) {
    for (int i = 0, at = start(head, 3, part); i < steps; i++, at += 3 * heads * width) {
      for (int c = 0, t = to0 + i; c < width; c++, t += steps) {
        to[t] = from[at + c];
      }
    }
  }

  /** Leaves of a matrix [w, before] its first columns. */
  void shorten(double[] a, int from, int before, int columns) {
    for (int c = 1; columns < before && c < width; c++) {
      System.arraycopy(a, from + c * before, a, from + c * columns, columns);
    }
  }

  /** The way back of {@link #gather}; of two zeros, one of them negative, always the positive. */
  void scatter(
      double[] from, int from0, double factor, double[] to, int head, int parts, int part) {
    for (int i = 0, at = start(head, parts, part); i < steps; i++, at += parts * heads * width) {
      int row = from0 + i * width;
      for (int c = 0; c < width; c++) {
        to[at + c] = factor * from[row + c] + 0.0;
      }
    }
  }

  /** Where a part begins in the first step of its sequence. */
  private int start(int head, int parts, int part) {
    int sequence = head / heads;
    return ((sequence * steps * parts + part) * heads + head % heads) * width;
  }
}
