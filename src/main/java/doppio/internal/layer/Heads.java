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
      System.arraycopy(from, at, to, to0 + i * width, width);
    }
    // In one long loop: the JIT makes little of short ones.
    for (int i = to0; factor != 1 && i < to0 + steps * width; i++) {
      to[i] *= factor;
    }
  }

  /** to[c,i] = from[i,c] for one of the three parts of a head. */
  void transpose(double[] from, int head, int part, double[] to, int to0) {
    int from0 = start(head, 3, part);
    for (int c = 0; c < width; c++) {
      for (int i = 0, at = from0 + c; i < steps; i++, at += 3 * heads * width) {
        to[to0 + c * steps + i] = from[at];
      }
    }
  }

  /** Leaves of a matrix [w, before] its first columns. */
  void shorten(double[] a, int from, int before, int columns) {
    for (int c = 1; columns < before && c < width; c++) {
      System.arraycopy(a, from + c * before, a, from + c * columns, columns);
    }
  }

  /** The way back of {@link #gather}, with 0 for −0; spoils what it is given. */
  void scatter(
      double[] from, int from0, double factor, double[] to, int head, int parts, int part) {
    for (int i = from0; i < from0 + steps * width; i++) {
      from[i] = factor * from[i] + 0.0;
    }
    for (int i = 0, at = start(head, parts, part); i < steps; i++, at += parts * heads * width) {
      System.arraycopy(from, from0 + i * width, to, at, width);
    }
  }

  /** Where a part begins in the first step of its sequence. */
  private int start(int head, int parts, int part) {
    int sequence = head / heads;
    return ((sequence * steps * parts + part) * heads + head % heads) * width;
  }
}
