package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** e^x (as softmax has it), tanh and the logistic function against exact values. */
@Tag("kernels")
class ElementaryTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double SMALLEST = Double.MIN_VALUE;
  private static final int RANDOM = 3000;

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void tanhIsWithinTwoUlps(String implementation) {
    double[] x = arguments(22);
    assertThat(worst(x, tanh(implementation, x), Exact::tanh)).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sigmoidIsWithinTwoUlps(String implementation) {
    double[] x = arguments(750);
    assertThat(worst(x, sigmoid(implementation, x), Exact::sigmoid)).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sigmoidIsSubnormalWhereItsValueIs(String implementation) {
    double[] x = new SplittableRandom(1).doubles(RANDOM, -745.2, -708).toArray();
    double[] y = sigmoid(implementation, x);
    assertThat(Arrays.stream(y).filter(v -> v > 0 && v < Double.MIN_NORMAL).count())
        .isGreaterThan(RANDOM / 2);
    assertThat(worst(x, y, Exact::sigmoid)).isLessThanOrEqualTo(2);
  }

  /** Beside a logit of 0 and below −38 the sum is 1, and the smaller probability e^x itself. */
  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void theExponentialIsWithinTwoUlps(String implementation) {
    double[] x =
        DoubleStream.concat(
                new SplittableRandom(2).doubles(RANDOM, -746, -38),
                DoubleStream.of(-708.3964185322641, -744.4400719213812, -745.1332191019411))
            .toArray();
    assertThat(worst(x, besideZero(implementation, x), Exact::sigmoid)).isLessThanOrEqualTo(2);
  }

  /** A sum and a quotient add an error of half an ulp each. */
  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxOfTwoIsWithinThreeUlps(String implementation) {
    double[] x = Arrays.stream(arguments(38)).map(v -> -Math.abs(v)).toArray();
    assertThat(worst(x, besideZero(implementation, x), Exact::sigmoid)).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void tanhHasExactLimits(String implementation) {
    double[] x = {INFINITY, 1e3, 20, SMALLEST, 0, -0.0, -SMALLEST, -20, -1e3, -INFINITY};
    assertThat(tanh(implementation, x))
        .containsExactly(1, 1, 1, SMALLEST, 0, -0.0, -SMALLEST, -1, -1, -1);
    assertThat(tanh(implementation, Double.NaN)).containsExactly(Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void tanhIsOdd(String implementation) {
    double[] x = arguments(400);
    double[] y = tanh(implementation, Arrays.stream(x).map(v -> -v).toArray());
    Arrays.setAll(y, i -> -y[i]);
    assertThat(y).containsExactly(tanh(implementation, x));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sigmoidHasExactLimits(String implementation) {
    double[] x = {INFINITY, 1e3, 38, SMALLEST, 0, -0.0, -SMALLEST, -745, -746, -1e3, -INFINITY};
    assertThat(sigmoid(implementation, x))
        .containsExactly(1, 1, 1, 0.5, 0.5, 0.5, 0.5, SMALLEST, 0, 0, 0);
    assertThat(sigmoid(implementation, Double.NaN)).containsExactly(Double.NaN);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxHasExactLimits(String implementation) {
    assertThat(softmax(implementation, 0, -1e3, -INFINITY)).containsExactly(1, 0, 0);
    assertThat(softmax(implementation, 1e308, 1e308, -1e308)).containsExactly(0.5, 0.5, 0);
    assertThat(softmax(implementation, -INFINITY)).containsExactly(Double.NaN);
    assertThat(softmax(implementation, 0, Double.NaN)).containsExactly(Double.NaN, Double.NaN);
  }

  /** Of all sizes, more of them where the functions bend and where powers of two meet. */
  private static double[] arguments(double limit) {
    SplittableRandom random = new SplittableRandom(3);
    DoubleStream ofAllSizes =
        random
            .doubles(RANDOM, -1074, 0)
            .map(v -> Math.copySign(limit * StrictMath.pow(2, v), random.nextInt(2) - 0.5));
    DoubleStream between =
        DoubleStream.iterate(-limit, v -> v <= limit, v -> v + 0.5)
            .map(v -> (v + 0.5) * StrictMath.log(2))
            .flatMap(v -> DoubleStream.of(v, Math.nextUp(v), Math.nextDown(v)));
    return Stream.of(
            random.doubles(RANDOM, -limit, limit),
            random.doubles(RANDOM, -1, 1),
            ofAllSizes,
            between,
            DoubleStream.of(1, -1, 0.5, -0.5, SMALLEST, -SMALLEST, Double.MIN_NORMAL))
        .flatMapToDouble(v -> v)
        .toArray();
  }

  private static double worst(double[] x, double[] y, DoubleFunction<BigDecimal> exact) {
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      worst = Math.max(worst, Exact.ulps(y[i], exact.apply(x[i])));
    }
    return worst;
  }

  private static double[] tanh(String implementation, double... x) {
    double[] y = new double[x.length];
    Implementations.of(implementation).tanh(x, 0, y, 0, x.length);
    return y;
  }

  private static double[] sigmoid(String implementation, double... x) {
    double[] y = new double[x.length];
    Implementations.of(implementation).sigmoid(x, 0, y, 0, x.length);
    return y;
  }

  private static double[] softmax(String implementation, double... x) {
    double[] y = new double[x.length];
    Implementations.of(implementation).softmax(x, 0, y, 0, 1, x.length);
    return y;
  }

  /** The probability of each x beside a logit of 0. */
  private static double[] besideZero(String implementation, double[] x) {
    double[] logits = new double[2 * x.length];
    for (int i = 0; i < x.length; i++) {
      logits[2 * i] = x[i];
    }
    double[] y = new double[logits.length];
    Implementations.of(implementation).softmax(logits, 0, y, 0, logits.length / 2, 2);
    double[] first = new double[x.length];
    Arrays.setAll(first, i -> y[2 * i]);
    return first;
  }
}
