package doppio;

/**
 * The part of the standard normal distribution between two numbers, by its inverse: 2Φ(z) − 1 =
 * erf(z/√2) of a number so drawn is uniform between what the bounds give.
 *
 * <p>Source of the inverse: Wichura, "Algorithm AS 241: the percentage points of the normal
 * distribution", Applied Statistics 37 (1988), PPND16, with a relative error of about 10⁻¹⁶.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
final class TruncatedNormal {
  private static final double ROOT_HALF = StrictMath.sqrt(0.5);
  private static final double ROOT_PI = StrictMath.sqrt(Math.PI);

  /** From here on the error function is computed from its complement. */
  private static final double TAIL = 1;

  /** From here on the error function is 1. */
  private static final double ONE = 6;

  /** So many levels of the continued fraction are exact at {@link #TAIL} and beyond. */
  private static final int LEVELS = 200;

  /** Polynomials, the highest power first; a denominator beside each numerator. */
  private static final double[] CENTRE = {
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987,
    13731.69376550946, 1971.5909503065513, 133.14166789178438, 3.3871328727963665
  };

  private static final double[] UNDER_CENTRE = {
    5226.495278852546,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1
  };

  private static final double[] SIDE = {
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835
  };

  private static final double[] UNDER_SIDE = {
    1.0507500716444169e-09,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1
  };

  private static final double[] END = {
    2.0103343992922881e-07,
    2.7115555687434876e-05,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103
  };

  private static final double[] UNDER_END = {
    2.0442631033899397e-15,
    1.421511758316446e-07,
    1.8463183175100548e-05,
    0.0007868691311456133,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1
  };

  private TruncatedNormal() {}

  /** Refuses what is no such distribution, or one of tails that are not computed exactly. */
  static void check(double mean, double std, double low, double high) {
    if (!(std > 0)) {
      throw new IllegalArgumentException("std must be positive, got " + std);
    }
    if (!(low <= high)) {
      throw new IllegalArgumentException("low must not be above high, got " + low + " and " + high);
    }
    if (mean < low - 2 * std || mean > high + 2 * std) {
      throw new IllegalArgumentException(
          "mean must lie within two std of low and high, got mean "
              + mean
              + " and std "
              + std
              + " for low "
              + low
              + " and high "
              + high);
    }
  }

  /** The part of the distribution within |z|, with z's sign: erf(z/√2) = 2Φ(z) − 1. */
  static double within(double z) {
    double x = Math.abs(z) * ROOT_HALF;
    double erf = x >= ONE ? 1 : x < TAIL ? series(x) : 1 - complement(x);
    return Math.copySign(erf, z);
  }

  /** The inverse of {@link #within}, for what lies between −1 and 1. */
  static double inverse(double within) {
    double q = within / 2;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(CENTRE, r) / polynomial(UNDER_CENTRE, r);
    }
    double r = StrictMath.sqrt(-StrictMath.log(0.5 - Math.abs(q)));
    double z =
        r <= 5
            ? polynomial(SIDE, r - 1.6) / polynomial(UNDER_SIDE, r - 1.6)
            : polynomial(END, r - 5) / polynomial(UNDER_END, r - 5);
    return Math.copySign(z, within);
  }

  /** erf x = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)), whose terms are all positive. */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / ROOT_PI * StrictMath.exp(-x * x) * sum;
  }

  /** 1 − erf x = exp(−x²) / √π / (x + ½ / (x + 1 / (x + 3⁄2 / (x + 2 / (x + …))))). */
  private static double complement(double x) {
    double fraction = x;
    for (int level = LEVELS; level > 0; level--) {
      fraction = x + level / 2.0 / fraction;
    }
    return StrictMath.exp(-x * x) / ROOT_PI / fraction;
  }

  private static double polynomial(double[] coefficients, double x) {
    double value = 0;
    for (double c : coefficients) {
      value = value * x + c;
    }
    return value;
  }
}
