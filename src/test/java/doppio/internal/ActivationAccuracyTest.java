package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.nn.ELU;
import doppio.nn.GELU;
import doppio.nn.Module;
import doppio.nn.SiLU;
import doppio.nn.Softplus;
import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Activations against values of 50 digits, on both sides down to where they are subnormal. */
class ActivationAccuracyTest {
  private static final int RANDOM = 1000;
  private static final BigDecimal CUBIC = new BigDecimal("0.044715");

  /** √(8/π). */
  private static final BigDecimal STEEPNESS =
      new BigDecimal("1.59576912160573071175978423973752747390343652248922");

  @Test
  void theNormalDistributionIsRightToFourUlps() {
    // −x·Q(−x) where x is negative: the product adds half a unit.
    assertThat(worst(new GELU(), arguments(-37.5, 0), Exact::gelu)).isBetween(0.5, 4.5);
  }

  @Test
  void geluIsRightToFourUlpsWhereItIsPositive() {
    assertThat(worst(new GELU(), arguments(0, 40), Exact::gelu)).isBetween(0.1, 4.0);
  }

  /** The exponent of e is a rounded number of the size of 700, of which each rounding counts. */
  @Test
  void geluByTanhIsRightToTenDigitsLessThanItsExponentTakes() {
    assertThat(relative(GELU.tanh(), arguments(-21, 6), ActivationAccuracyTest::geluByTanh))
        .isBetween(1e-16, 4e-13);
    assertThat(relative(GELU.tanh(), arguments(-2, 6), ActivationAccuracyTest::geluByTanh))
        .isBetween(1e-16, 4e-15);
  }

  @Test
  void siluIsRightToFourUlps() {
    DoubleFunction<BigDecimal> exact = x -> Exact.gate(x, new BigDecimal(x));
    assertThat(worst(new SiLU(), arguments(-700, 0), exact)).isBetween(0.5, 4.0);
    assertThat(worst(new SiLU(), arguments(0, 800), exact)).isBetween(0.1, 4.0);
  }

  @Test
  void eluIsRightToFiveUlps() {
    assertThat(worst(new ELU(), arguments(-50, 0), Exact::expm1)).isBetween(0.5, 5.0);
  }

  @Test
  void softplusIsRightToThreeUlps() {
    assertThat(worst(new Softplus(), arguments(-700, 700), Exact::softplus)).isBetween(0.5, 3.0);
  }

  private static BigDecimal geluByTanh(double x) {
    BigDecimal b = new BigDecimal(x);
    BigDecimal s = b.add(b.pow(3).multiply(CUBIC)).multiply(STEEPNESS);
    return Exact.gate(x, s);
  }

  /** Of all sizes between the limits. */
  private static double[] arguments(double low, double high) {
    SplittableRandom random = new SplittableRandom(3);
    return Stream.of(
            random.doubles(RANDOM, low, high),
            random.doubles(RANDOM, Math.max(low, -3), Math.min(high, 3)),
            random
                .doubles(RANDOM, -300, 0)
                .map(v -> StrictMath.pow(10, v))
                .map(v -> low < 0 ? -v : v),
            DoubleStream.of(low, high, 1, -1, 0.5, -0.5, 5, -5, 20, -20)
                .filter(v -> v >= low && v <= high && v != 0))
        .flatMapToDouble(v -> v)
        .toArray();
  }

  private static double worst(Module module, double[] x, DoubleFunction<BigDecimal> exact) {
    double[] y = module.infer(Tensor.of(x)).data();
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      worst = Math.max(worst, Exact.ulps(y[i], exact.apply(x[i])));
    }
    return worst;
  }

  private static double relative(Module module, double[] x, DoubleFunction<BigDecimal> exact) {
    double[] y = module.infer(Tensor.of(x)).data();
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      double expected = exact.apply(x[i]).doubleValue();
      worst = Math.max(worst, Math.abs(y[i] - expected) / Math.abs(expected));
    }
    return worst;
  }
}
