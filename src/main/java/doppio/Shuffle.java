package doppio;

/**
 * The numbers 0 … n − 1 in random order, as {@code torch.randperm} puts them.
 *
 * <p>Source: Durstenfeld, "Algorithm 235: random permutation", Communications of the ACM 7 (1964).
 */
final class Shuffle {
  /** From this length on, 2³² / 20, PyTorch goes another way: 32 bits would favour low numbers. */
  private static final int LONG = 214748364;

  private Shuffle() {}

  static int[] of(int n, RandomStream stream) {
    requireLength(n);
    return n < LONG ? swapped(n, stream) : insideOut(n, stream);
  }

  /** Draws what {@link #of} draws. */
  static void skip(int n, RandomStream stream) {
    requireLength(n);
    stream.engine.skip(n < LONG ? Math.max(0, n - 1) : 2L * n);
  }

  private static void requireLength(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n must not be negative, got " + n);
    }
  }

  private static int[] swapped(int n, RandomStream stream) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = 0; i < n - 1; i++) {
      int j = i + Integer.remainderUnsigned(stream.engine.next(), n - i);
      int moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
    return order;
  }

  /** Puts each number in the place of an earlier one, which moves to the end; 64 bits a step. */
  static int[] insideOut(int n, RandomStream stream) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = (int) Long.remainderUnsigned(stream.next64(), i + 1L);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
