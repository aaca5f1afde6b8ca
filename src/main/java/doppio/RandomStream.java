package doppio;

import java.util.Arrays;

/** What generators that share a stream share; also their lock. */
final class RandomStream {
  private static final double TWO_PI = 2 * Math.PI;
  static final int STATE_LENGTH = MersenneTwister.STATE_LENGTH + 1;

  final MersenneTwister engine;

  /** What the engine was seeded with; null where it was taken to a state instead. */
  private Long seed;

  /** The second number of the last pair of normal ones; NaN where it has been drawn. */
  double spareNormal = Double.NaN;

  RandomStream(long seed) {
    engine = new MersenneTwister(seed);
    this.seed = seed;
  }

  /** Starts anew. */
  void seed(long newSeed) {
    engine.seed(newSeed);
    spareNormal = Double.NaN;
    seed = newSeed;
  }

  /** The next 64 bits: two 32-bit draws, the first one on top. */
  long next64() {
    long high = engine.next();
    return (high << 32) | Integer.toUnsignedLong(engine.next());
  }

  /** The next number uniform over [0, 1), from 53 bits. */
  double uniformDouble() {
    return (next64() & 0x1fffffffffffffL) * 0x1p-53;
  }

  /**
   * The next number of a pair from the standard normal distribution; PyTorch draws these in double
   * precision for tensors of either kind.
   */
  double nextNormal() {
    double spare = spareNormal;
    if (!Double.isNaN(spare)) {
      spareNormal = Double.NaN;
      return spare;
    }
    double angle = TWO_PI * uniformDouble();
    double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-uniformDouble()));
    spareNormal = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  /** Writes the engine's state and the bits of the spare number to an array. */
  void save(long[] state) {
    requireLength(state);
    engine.save(state);
    state[STATE_LENGTH - 1] = Double.doubleToLongBits(spareNormal);
  }

  /**
   * Goes to a state that {@link #save} has returned.
   *
   * @throws IllegalArgumentException if it is none; the stream is then as it was
   */
  void restore(long[] state) {
    requireLength(state);
    double spare = Double.longBitsToDouble(state[STATE_LENGTH - 1]);
    if (Double.isInfinite(spare)) {
      throw new IllegalArgumentException("the normal number left over must be finite or NaN");
    }
    requireExact(state);
    engine.restore(state);
    spareNormal = spare;
    seed = null;
  }

  private static void requireLength(long[] state) {
    if (state.length != STATE_LENGTH) {
      throw new IllegalArgumentException(
          "a state has " + STATE_LENGTH + " numbers, got " + state.length);
    }
  }

  /**
   * Finds a state that was rounded on its way: of 624 words of 32 random bits not all are floats.
   */
  private static void requireExact(long[] state) {
    boolean zeros = true;
    for (int i = 0; i < MersenneTwister.N; i++) {
      if ((long) (float) state[i] != state[i]) {
        return;
      }
      zeros &= state[i] == 0;
    }
    if (!zeros) {
      throw new IllegalArgumentException(
          "the state was rounded to single precision or less: keep it in double precision");
    }
  }

  /** The seed where it is known, and a hash of the state. */
  @Override
  public String toString() {
    long[] state = new long[STATE_LENGTH];
    save(state);
    String hash = String.format("state %08x", Arrays.hashCode(state));
    return seed == null ? hash : "seed " + seed + ", " + hash;
  }
}
