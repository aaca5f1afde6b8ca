package doppio.internal;

import java.math.BigDecimal;
import java.math.MathContext;

/** Elementary functions to 50 digits, from their Taylor series. */
final class Exact {
  private static final MathContext DIGITS = new MathContext(50);
  private static final BigDecimal SMALL = new BigDecimal("0.125");
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal HALF = new BigDecimal("0.5");
  private static final BigDecimal TWO_PI =
      new BigDecimal("6.28318530717958647692528676655900576839433879875021164194989");

  /** Terms of a continued fraction that give its 50 digits from 4 on. */
  private static final int FRACTIONS = 500;

  private Exact() {}

  static BigDecimal tanh(double x) {
    BigDecimal u = expm1(new BigDecimal(x).multiply(TWO, DIGITS));
    return u.divide(u.add(TWO, DIGITS), DIGITS);
  }

  static BigDecimal sigmoid(double x) {
    BigDecimal e = expm1(new BigDecimal(x).negate(DIGITS)).add(BigDecimal.ONE, DIGITS);
    return BigDecimal.ONE.divide(e.add(BigDecimal.ONE, DIGITS), DIGITS);
  }

  /** e^x − 1. */
  static BigDecimal expm1(double x) {
    return expm1(new BigDecimal(x));
  }

  /** log(1 + e^x), by Newton's method from a double's digits on. */
  static BigDecimal softplus(double x) {
    BigDecimal z = new BigDecimal(Math.abs(x));
    BigDecimal small = BigDecimal.ONE.divide(exp(z), DIGITS);
    BigDecimal log = new BigDecimal(StrictMath.log1p(small.doubleValue()));
    for (int i = 0; i < 3; i++) {
      // log − 1 + (1 + small) / e^log, without taking 1 from a number next to it.
      BigDecimal u = expm1(log);
      log = log.add(small.subtract(u).divide(u.add(BigDecimal.ONE), DIGITS), DIGITS);
    }
    return x > 0 ? log.add(z, DIGITS) : log;
  }

  /** x times the probability that a normal number is below x. */
  static BigDecimal gelu(double x) {
    BigDecimal z = new BigDecimal(Math.abs(x));
    BigDecimal tail = normalTail(z).multiply(z, DIGITS);
    return x > 0 ? z.subtract(tail, DIGITS) : tail.negate();
  }

  /** x · σ(s) for the s that belongs to x. */
  static BigDecimal gate(double x, BigDecimal s) {
    BigDecimal e = exp(s.abs());
    BigDecimal closed = BigDecimal.ONE.divide(e.add(BigDecimal.ONE), DIGITS);
    BigDecimal open = x > 0 ? BigDecimal.ONE.subtract(closed, DIGITS) : closed;
    return open.multiply(new BigDecimal(x), DIGITS);
  }

  /** The probability that a normal number is above z, z not negative. */
  private static BigDecimal normalTail(BigDecimal z) {
    BigDecimal square = z.multiply(z, DIGITS);
    BigDecimal density =
        BigDecimal.ONE.divide(
            exp(square.divide(TWO, DIGITS)).multiply(TWO_PI.sqrt(DIGITS)), DIGITS);
    if (z.compareTo(BigDecimal.valueOf(4)) < 0) {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal term = z;
      for (int k = 3; term.signum() != 0 && exponent(term) > -50; k += 2) {
        sum = sum.add(term, DIGITS);
        term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
      }
      return HALF.subtract(density.multiply(sum, DIGITS), DIGITS);
    }
    BigDecimal fraction = z;
    for (int k = FRACTIONS; k > 0; k--) {
      fraction = z.add(BigDecimal.valueOf(k).divide(fraction, DIGITS), DIGITS);
    }
    return density.divide(fraction, DIGITS);
  }

  /** e^x for an x that is not negative. */
  private static BigDecimal exp(BigDecimal x) {
    return expm1(x).add(BigDecimal.ONE, DIGITS);
  }

  /** |y − exact| in units of the last place of a double next to the exact number. */
  static double ulps(double y, BigDecimal exact) {
    BigDecimal error = new BigDecimal(y).subtract(exact).abs();
    return error.divide(new BigDecimal(Math.ulp(exact.doubleValue())), DIGITS).doubleValue();
  }

  /** e^x − 1; for an x that is not small by way of e^(x/2). */
  private static BigDecimal expm1(BigDecimal x) {
    if (x.abs().compareTo(SMALL) >= 0) {
      BigDecimal half = expm1(x.divide(TWO, DIGITS));
      return half.multiply(half.add(TWO), DIGITS);
    }
    BigDecimal sum = x;
    BigDecimal term = x;
    for (int k = 2; term.signum() != 0 && exponent(term) > exponent(sum) - 50; k++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return sum;
  }

  private static int exponent(BigDecimal x) {
    return x.precision() - x.scale();
  }
}
