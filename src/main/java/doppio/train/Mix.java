package doppio.train;

/**
 * A seed from several numbers.
 *
 * <p>Source: the finaliser of SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators" (2014), figure 17.
 */
final class Mix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Mix() {}

  static long of(long... numbers) {
    long mixed = 0;
    for (long number : numbers) {
      mixed = mix(mixed + GOLDEN_GAMMA + number);
    }
    return mixed;
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
