package doppio.internal;

import java.math.BigDecimal;
import java.math.MathContext;

/** Elementary functions to 50 digits, from their Taylor series. */
final class Exact {
  private static final MathContext DIGITS = new MathContext(50);
  private static final BigDecimal SMALL = new BigDecimal("0.125");
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private Exact() {}

  static BigDecimal tanh(double x) {
    BigDecimal u = expm1(new BigDecimal(x).multiply(TWO, DIGITS));
    return u.divide(u.add(TWO, DIGITS), DIGITS);
  }

  static BigDecimal sigmoid(double x) {
    BigDecimal e = expm1(new BigDecimal(x).negate(DIGITS)).add(BigDecimal.ONE, DIGITS);
    return BigDecimal.ONE.divide(e.add(BigDecimal.ONE, DIGITS), DIGITS);
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
