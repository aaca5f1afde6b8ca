package doppio;

/**
 * PyTorch's CPU random generator: the same seed draws the same numbers in the same order.
 *
 * <p>Bits come from MT19937. A double is the lower 53 bits of a 64-bit draw over 2⁵³, a float the
 * lower 24 bits of a 32-bit draw over 2²⁴. A generator made by {@link #singlePrecision()} draws as
 * PyTorch draws for float32 tensors and widens the result; it shares the stream of the one it was
 * asked of.
 *
 * <p>Safe for use by several threads: each method draws its numbers as one step.
 */
public final class Generator {
  private static final long DEFAULT_SEED = 67280421310721L;
  private static final Generator DEFAULT = new Generator(DEFAULT_SEED);
  private static final int BLOCK = 16;
  private static final double TWO_PI = 2 * Math.PI;

  /** What generators that share a stream share; also their lock. */
  private static final class Stream {
    final MersenneTwister engine;
    double spareNormal = Double.NaN;

    Stream(long seed) {
      engine = new MersenneTwister(seed);
    }
  }

  private final Stream stream;
  private final boolean single;

  /** A generator of its own, in double precision, seeded as {@code torch.manual_seed} does. */
  public Generator(long seed) {
    this(new Stream(seed), false);
  }

  private Generator(Stream stream, boolean single) {
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
      stream.engine.seed(seed);
      stream.spareNormal = Double.NaN;
    }
    return this;
  }

  /** This stream, drawn from as PyTorch draws for float32 tensors, each value widened to double. */
  public Generator singlePrecision() {
    return new Generator(stream, true);
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
      long high = stream.engine.next();
      return (high << 32) | Integer.toUnsignedLong(stream.engine.next());
    }
  }

  /** A number uniform over [0, 1). */
  public double uniform() {
    return single ? (random32() & 0xffffffL) * 0x1p-24 : (random64() & 0x1fffffffffffffL) * 0x1p-53;
  }

  /** Fills the array with numbers uniform over [low, high). */
  public void uniform(double[] values, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low must not be above high, got " + low + " and " + high);
    }
    synchronized (stream) {
      for (int i = 0; i < values.length; i++) {
        values[i] =
            single
                ? (float) uniform() * ((float) high - (float) low) + (float) low
                : Math.fma(uniform(), high - low, low);
      }
    }
  }

  /** A number from the standard normal distribution. */
  public double normal() {
    synchronized (stream) {
      double spare = stream.spareNormal;
      if (!Double.isNaN(spare)) {
        stream.spareNormal = Double.NaN;
        return spare;
      }
      // PyTorch draws these in double precision for tensors of either kind.
      double angle = TWO_PI * uniformDouble();
      double radius = StrictMath.sqrt(-2 * StrictMath.log1p(-uniformDouble()));
      stream.spareNormal = radius * StrictMath.sin(angle);
      return radius * StrictMath.cos(angle);
    }
  }

  /**
   * Fills the array with numbers from the normal distribution N(mean, std²), by the Box–Muller
   * transform: one by one below 16 values, in blocks of 16 from there on, as PyTorch does.
   */
  public void normal(double[] values, double mean, double std) {
    synchronized (stream) {
      if (values.length < BLOCK) {
        for (int i = 0; i < values.length; i++) {
          values[i] = rounded(normal() * std + mean);
        }
        return;
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = uniform();
      }
      int whole = values.length - values.length % BLOCK;
      for (int i = 0; i < whole; i += BLOCK) {
        boxMuller(values, i, mean, std);
      }
      if (whole < values.length) {
        int last = values.length - BLOCK;
        for (int i = last; i < values.length; i++) {
          values[i] = uniform();
        }
        boxMuller(values, last, mean, std);
      }
    }
  }

  /** The numbers 0 … n − 1 in random order, as {@code torch.randperm} draws them. */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n must not be negative, got " + n);
    }
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    synchronized (stream) {
      for (int i = 0; i < n - 1; i++) {
        int j = i + (int) (random32() % (n - i));
        int moved = order[i];
        order[i] = order[j];
        order[j] = moved;
      }
    }
    return order;
  }

  /** Fills the array with ones (with probability p) and zeros. */
  public void bernoulli(double[] mask, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p must be in [0, 1], got " + p);
    }
    synchronized (stream) {
      for (int i = 0; i < mask.length; i++) {
        mask[i] = uniformDouble() < p ? 1 : 0;
      }
    }
  }

  private double rounded(double value) {
    return single ? (float) value : value;
  }

  private double uniformDouble() {
    return (random64() & 0x1fffffffffffffL) * 0x1p-53;
  }

  /** Eight pairs of uniform numbers, eight places apart, become eight pairs of normal ones. */
  private void boxMuller(double[] values, int from, double mean, double std) {
    for (int i = from; i < from + BLOCK / 2; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - values[i]));
      double angle = TWO_PI * values[i + BLOCK / 2];
      values[i] = rounded(radius * StrictMath.cos(angle) * std + mean);
      values[i + BLOCK / 2] = rounded(radius * StrictMath.sin(angle) * std + mean);
    }
  }
}
