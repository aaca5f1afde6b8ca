package doppio;

/**
 * PyTorch's CPU random generator: the same seed draws the same numbers in the same order.
 *
 * <p>Bits come from MT19937. A double is the lower 53 bits of a 64-bit draw over 2⁵³, a float the
 * lower 24 bits of a 32-bit draw over 2²⁴. A generator made by {@link #singlePrecision()} draws as
 * PyTorch draws for float32 tensors and widens the result; it shares the stream of the one it was
 * asked of.
 *
 * <p>To the bit PyTorch's, as its 2.7.1 draws them on x86-64: the 32 and 64 random bits, uniform
 * numbers in both precisions, permutations and masks. Three promises have bounds:
 *
 * <ul>
 *   <li>Uniform numbers between other bounds than 0 and 1 are {@code fma(u, high − low, low)},
 *       which a PyTorch without fused multiply-add (an x86-64 older than AVX2) rounds twice.
 *   <li>Normal numbers go through the logarithm, sine and cosine of the C library there and of
 *       {@link StrictMath} here: about one in fifteen differs, by up to 4 units in the last place
 *       before std and mean are applied. In single precision fewer than 16 are rounded from doubles
 *       and agree, but for a rare tie; from 16 values on PyTorch takes vectorised float functions
 *       with AVX2, and about one in six differs, by up to 4 units in a float's last place.
 *   <li>A PyTorch built with Intel's MKL (its official x86-64 packages are) draws masks, dropout's
 *       among them, from MKL's own generator, seeded from this one; those have no portable twin.
 * </ul>
 *
 * <p>Safe for use by several threads: each method draws its numbers as one step.
 */
public final class Generator {
  private static final long DEFAULT_SEED = 67280421310721L;
  private static final Generator DEFAULT = new Generator(DEFAULT_SEED);

  /** No normal number drawn from 53 bits is so far from 0: √(−2 log 2⁻⁵³) is 8.6. */
  private static final double FARTHEST = 9;

  private final RandomStream stream;
  private final boolean single;

  /**
   * A generator of its own, in double precision, seeded as {@code torch.manual_seed} does: from the
   * lower 32 bits of the seed.
   */
  public Generator(long seed) {
    this(new RandomStream(seed), false);
  }

  private Generator(RandomStream stream, boolean single) {
    this.stream = stream;
    this.single = single;
  }

  /** The generator that is used where none is passed; start it anew with {@link #manualSeed}. */
  public static Generator defaultGenerator() {
    return DEFAULT;
  }

  /** Seeds the default generator, as {@code torch.manual_seed} does. */
  public static void manualSeed(long seed) {
    DEFAULT.seed(seed);
  }

  /** Starts this generator (and those that share its stream) anew. */
  public Generator seed(long seed) {
    synchronized (stream) {
      stream.seed(seed);
    }
    return this;
  }

  /** The state of the stream, from which {@link #state(long[])} draws the same numbers again. */
  public long[] state() {
    long[] state = new long[RandomStream.STATE_LENGTH];
    copyState(state);
    return state;
  }

  /** Writes the {@link #state()} to an array of its length; another one is refused. */
  public void copyState(long[] state) {
    synchronized (stream) {
      stream.save(state);
    }
  }

  /**
   * Takes this generator (and those that share its stream) to a state.
   *
   * @param state 626 numbers: the 624 words of MT19937 without sign, the place of the next one, and
   *     the bits of the normal number that is left over, NaN's if there is none
   * @throws IllegalArgumentException if it is no state; the generator is then as it was
   */
  public Generator state(long[] state) {
    synchronized (stream) {
      stream.restore(state);
    }
    return this;
  }

  /** This stream, drawn from as PyTorch draws for float32 tensors, each value widened to double. */
  public Generator singlePrecision() {
    return new Generator(stream, true);
  }

  /** Whether it draws as PyTorch draws for float32 tensors. */
  public boolean isSinglePrecision() {
    return single;
  }

  /** A generator of the same precision with a stream of its own, which goes on from this state. */
  public Generator copy() {
    return new Generator(new RandomStream(0), single).state(state());
  }

  /** Whether both draw from one stream: one of them is the other's {@link #singlePrecision()}. */
  public boolean sharesStream(Generator other) {
    return stream == other.stream;
  }

  /** This stream, drawn from in the precision of another generator. */
  public Generator inPrecisionOf(Generator other) {
    return single == other.single ? this : new Generator(stream, other.single);
  }

  /** The next 32 bits, as an unsigned number in a long. */
  public long random32() {
    synchronized (stream) {
      return Integer.toUnsignedLong(stream.engine.next());
    }
  }

  /** The next 64 bits: two 32-bit draws, the first one on top. */
  public long random64() {
    synchronized (stream) {
      return stream.next64();
    }
  }

  /** A number uniform over [0, 1). */
  public double uniform() {
    synchronized (stream) {
      return single ? (random32() & 0xffffffL) * 0x1p-24 : stream.uniformDouble();
    }
  }

  /**
   * Fills the array with numbers uniform over [low, high), or with low where both are equal. What
   * would round up to high is low: over a few neighbouring doubles each is then as likely as any
   * other.
   *
   * @throws IllegalArgumentException if low or high is not finite, low is above high, or high − low
   *     overflows; in single precision these are floats
   */
  public void uniform(double[] values, double low, double high) {
    if (!(low <= high) || Double.isInfinite(rounded(low)) || Double.isInfinite(rounded(high))) {
      throw new IllegalArgumentException(
          "low and high must be finite, in this order, got " + low + " and " + high);
    }
    if (Double.isInfinite(rounded(rounded(high) - rounded(low)))) {
      throw new IllegalArgumentException(
          "low and high are so far apart that high - low overflows, got " + low + " and " + high);
    }
    synchronized (stream) {
      for (int i = 0; i < values.length; i++) {
        double value =
            single
                ? ExactFma.fma((float) uniform(), (float) high - (float) low, (float) low)
                : ExactFma.fma(uniform(), high - low, low);
        values[i] = value < rounded(high) ? value : rounded(low);
      }
    }
  }

  /**
   * A number from the standard normal distribution. They come in pairs: every second call returns
   * the number that the one before left over, unless {@link #seed} has thrown it away.
   */
  public double normal() {
    synchronized (stream) {
      return rounded(stream.nextNormal());
    }
  }

  /**
   * Fills the array with numbers from the normal distribution N(mean, std²), by the Box–Muller
   * transform: one by one below 16 values, as {@link #normal()} draws them; in blocks of 16 from
   * there on, which neither use nor leave a number over. The class comment says how close they are
   * to PyTorch's.
   *
   * @throws IllegalArgumentException if std is negative or NaN, mean is not finite, or nine std
   *     from the mean a number overflows
   */
  public void normal(double[] values, double mean, double std) {
    if (!(std >= 0)) {
      throw new IllegalArgumentException("std must not be negative, got " + std);
    }
    requireRoom(mean, std);
    synchronized (stream) {
      if (values.length < BoxMuller.BLOCK) {
        for (int i = 0; i < values.length; i++) {
          values[i] = rounded(ExactFma.fma(stream.nextNormal(), std, mean));
        }
        return;
      }
      BoxMuller.blocks(values, mean, std, single, this::uniform);
    }
  }

  /**
   * Fills the array with numbers from the normal distribution N(mean, std²), but none below low or
   * above high, as {@code torch.nn.init.trunc_normal_} draws them: one uniform number for each. An
   * infinite bound is none.
   *
   * @throws IllegalArgumentException if std is not positive, mean is not finite, nine std from the
   *     mean a number overflows, low is above high, or mean lies more than two std outside of them,
   *     where these numbers become inexact and PyTorch warns
   */
  public void truncatedNormal(double[] values, double mean, double std, double low, double high) {
    TruncatedNormal.check(mean, std, low, high);
    requireRoom(mean, std);
    // Beside an infinite bound −1 may be drawn, whose number is infinite.
    double last = single ? Math.nextDown(1f) : Math.nextDown(1.0);
    synchronized (stream) {
      double from = TruncatedNormal.within((low - mean) / std);
      uniform(values, from, TruncatedNormal.within((high - mean) / std));
      for (int i = 0; i < values.length; i++) {
        double z = rounded(TruncatedNormal.inverse(Math.max(values[i], -last)));
        double value = rounded(rounded(z * rounded(std)) + rounded(mean));
        values[i] = Math.max(rounded(low), Math.min(rounded(high), value));
      }
    }
  }

  /**
   * The numbers 0 … n − 1 in random order, as {@code torch.randperm} draws them.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public int[] permutation(int n) {
    synchronized (stream) {
      return Shuffle.of(n, stream);
    }
  }

  /**
   * Passes over a {@link #permutation(int)}: draws what it draws, and makes none.
   *
   * @throws IllegalArgumentException if n is negative
   */
  public void skipPermutation(int n) {
    synchronized (stream) {
      Shuffle.skip(n, stream);
    }
  }

  /**
   * Fills the array with ones (with probability p) and zeros: 1 where a double uniform over [0, 1)
   * is below p, in either precision.
   *
   * @throws IllegalArgumentException if p is not in [0, 1]
   */
  public void bernoulli(double[] mask, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in [0, 1], got " + p);
    }
    synchronized (stream) {
      for (int i = 0; i < mask.length; i++) {
        mask[i] = stream.uniformDouble() < p ? 1 : 0;
      }
    }
  }

  /**
   * The seed, unless the generator was taken to a state since, and a hash of the state: generators
   * that print alike draw alike.
   */
  @Override
  public String toString() {
    synchronized (stream) {
      return "Generator(" + stream + (single ? ", single precision)" : ")");
    }
  }

  private double rounded(double value) {
    return single ? (float) value : value;
  }

  private void requireRoom(double mean, double std) {
    if (!Double.isFinite(mean)) {
      throw new IllegalArgumentException("mean must be finite, got " + mean);
    }
    if (Double.isInfinite(rounded(Math.abs(mean) + FARTHEST * std))) {
      throw new IllegalArgumentException(
          "normal numbers of mean " + mean + " and std " + std + " overflow");
    }
  }
}
