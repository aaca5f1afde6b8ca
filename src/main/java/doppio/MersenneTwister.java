package doppio;

/**
 * The 32-bit Mersenne Twister MT19937, seeded as PyTorch's CPU generator seeds it.
 *
 * <p>Source: Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
 * uniform pseudo-random number generator", ACM TOMACS 8 (1998); initialisation of the 2002 version.
 */
final class MersenneTwister {
  static final int N = 624;
  private static final int M = 397;
  private static final int MATRIX_A = 0x9908b0df;
  private static final int UPPER_MASK = 0x80000000;
  private static final int LOWER_MASK = 0x7fffffff;

  /** The words of the state and the place among them. */
  static final int STATE_LENGTH = N + 1;

  private final int[] state = new int[N];
  private int next;

  MersenneTwister(long seed) {
    seed(seed);
  }

  /** Starts anew from the lower 32 bits of the seed. */
  void seed(long seed) {
    state[0] = (int) seed;
    for (int j = 1; j < N; j++) {
      state[j] = 1812433253 * (state[j - 1] ^ (state[j - 1] >>> 30)) + j;
    }
    next = N;
  }

  /** Writes the words, each without sign, and the place of the next one to the array. */
  void save(long[] into) {
    for (int j = 0; j < N; j++) {
      into[j] = Integer.toUnsignedLong(state[j]);
    }
    into[N] = next;
  }

  /**
   * Goes to a state that {@link #save} has written.
   *
   * @throws IllegalArgumentException if it is no state of one; the engine is then as it was
   */
  void restore(long[] from) {
    boolean allZero = true;
    for (int j = 0; j < N; j++) {
      if (from[j] != (from[j] & 0xffffffffL)) {
        throw new IllegalArgumentException(
            "word " + j + " of the state must be in [0, 2^32), got " + from[j]);
      }
      allZero &= from[j] == 0;
    }
    if (allZero) {
      throw new IllegalArgumentException("a state of zeros draws nothing but zeros");
    }
    if (from[N] < 0 || from[N] > N) {
      throw new IllegalArgumentException(
          "the place in the state must be in [0, " + N + "], got " + from[N]);
    }
    for (int j = 0; j < N; j++) {
      state[j] = (int) from[j];
    }
    next = (int) from[N];
  }

  /** The next 32 random bits. */
  int next() {
    if (next == N) {
      refill();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** Moves on by so many numbers. */
  void skip(long count) {
    for (long left = count; left > 0; ) {
      if (next == N) {
        refill();
      }
      int step = (int) Math.min(left, N - next);
      next += step;
      left -= step;
    }
  }

  private void refill() {
    // In runs, because a remainder for each index costs more than all else.
    for (int j = 0; j < N - M; j++) {
      state[j] = state[j + M] ^ twisted(state[j], state[j + 1]);
    }
    for (int j = N - M; j < N - 1; j++) {
      state[j] = state[j + M - N] ^ twisted(state[j], state[j + 1]);
    }
    state[N - 1] = state[M - 1] ^ twisted(state[N - 1], state[0]);
    next = 0;
  }

  private static int twisted(int upper, int lower) {
    int y = (upper & UPPER_MASK) | (lower & LOWER_MASK);
    return (y >>> 1) ^ ((y & 1) * MATRIX_A);
  }
}
