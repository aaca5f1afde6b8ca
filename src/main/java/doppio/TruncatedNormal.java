package doppio;

/**
 * The part of the standard normal distribution between two numbers, by its inverse: 2Φ(z) − 1 =
 * erf(z/√2) of a number so drawn is uniform between what the bounds give.
 *
 * <p>Source of the inverse: Wichura, "Algorithm AS 241: the percentage points of the normal
 * distribution", Applied Statistics 37 (1988), PPND16, with a relative error of about 10⁻¹⁶.
 */
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
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608
  };

  private static final double[] UNDER_CENTRE = {
    5226.495278852545925,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1
  };

  private static final double[] SIDE = {
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734
  };

  private static final double[] UNDER_SIDE = {
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1
  };

  private static final double[] END = {
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772
  };

  private static final double[] UNDER_END = {
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
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
