package doppio.internal;

import java.util.SplittableRandom;

/** Kinds of numbers to compute with, the same for the same seed. */
enum Values {
  /** Of many magnitudes, so that another order of a sum gives other bits. */
  ORDINARY {
    @Override
    double next(SplittableRandom random) {
      return Math.scalb(random.nextDouble() * 2 - 1, random.nextInt(9) - 4);
    }
  },

  /** Zeros of both signs, and numbers whose products are none or subnormal. */
  TINY {
    @Override
    double next(SplittableRandom random) {
      return TINY_NUMBERS[random.nextInt(TINY_NUMBERS.length)];
    }
  },

  /** Ordinary ones, with an infinity, a NaN or a huge number here and there. */
  WILD {
    @Override
    double next(SplittableRandom random) {
      return random.nextInt(32) == 0
          ? WILD_NUMBERS[random.nextInt(WILD_NUMBERS.length)]
          : ORDINARY.next(random);
    }
  };

  private static final double[] TINY_NUMBERS = {
    0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, 1e-310, -1e-310, 1e-160, -1e-160, 1, -1
  };
  private static final double[] WILD_NUMBERS = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    -0.0
  };

  abstract double next(SplittableRandom random);

  double[] array(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = next(random);
    }
    return values;
  }
}
