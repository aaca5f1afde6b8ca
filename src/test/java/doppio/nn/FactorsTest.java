package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.internal.choice.KernelChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactorsTest {
  private static final int IN = 7;
  private static final int OUT = 5;

  private final double[] gy = new double[2 * OUT];
  private final double[] x = new double[2 * IN];
  private final Factors factors = new Factors();

  FactorsTest() {
    Generator generator = new Generator(17);
    generator.normal(gy, 0, 1);
    generator.normal(x, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 10, 10, true",
    "1, 4, 4, false",
    "1, 5, 4, true",
    "2, 8, 8, false",
    "2, 9, 8, true",
    "1, 3, 4, false",
    "64, 784, 128, false",
    "64, 784, 512, true",
    "1, 1, 1000, false",
    "1, 60000, 60000, true",
    "14000, 60000, 60000, true",
    "40000, 60000, 60000, false"
  })
  void theyPayWhereTheyAreLessThanHalfOfTheMatrix(int n, int in, int out, boolean pay) {
    assertThat(Factors.pay(n, in, out)).isEqualTo(pay);
  }

  @Test
  void ofASingleSampleTheSquaresAreThoseOfTheFactorsMultiplied() {
    factors.set(gy, x, 1, IN, OUT);
    double squares =
        KernelChoice.kernels().squares(gy, 0, OUT) * KernelChoice.kernels().squares(x, 0, IN);
    assertThat(factors.squares()).isEqualTo(squares);
  }

  @Test
  void ofSeveralSamplesTheFactorsDoNotTellTheSquares() {
    factors.set(gy, x, 2, IN, OUT);
    assertThat(factors.squares()).isNaN();
  }

  @Test
  void onceScaledTheyDoNotTellTheSquares() {
    factors.set(gy, x, 1, IN, OUT);
    assertThat(factors.isScaled()).isFalse();
    factors.scale(0.5);
    assertThat(factors.isScaled()).isTrue();
    assertThat(factors.squares()).isNaN();
    factors.set(gy, x, 1, IN, OUT);
    assertThat(factors.isScaled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-76, 1e76, 0, Double.NaN})
  void squaresThatADoubleMayNotHoldAreNotToldFromTheFactors(double size) {
    double[] odd = new double[] {size};
    double[] one = new double[] {1};
    factors.set(odd, one, 1, 1, 1);
    assertThat(factors.squares()).isNaN();
    factors.set(one, odd, 1, 1, 1);
    assertThat(factors.squares()).isNaN();
  }

  @Test
  void theBoundIsTheProductOfTheLargestAndOfTheRows() {
    gy[3] = -20;
    x[2 * IN - 1] = 30;
    factors.set(gy, x, 2, IN, OUT);
    assertThat(factors.bound()).isEqualTo(2 * 20 * 30);
    factors.scale(-0.5);
    assertThat(factors.bound()).isEqualTo(20 * 30);
    x[1] = -40;
    factors.set(gy, x, 1, IN, OUT);
    assertThat(factors.bound()).isEqualTo(20 * 40);
    gy[4] = Double.NaN;
    factors.set(gy, x, 1, IN, OUT);
    assertThat(factors.bound()).isNaN();
  }

  @Test
  void theyGiveTheMatrixThatTheyAreFactorsOf() {
    double[] matrix = new double[OUT * IN];
    factors.set(gy, x, 2, IN, OUT);
    factors.write(matrix);
    assertThat(factors.give(matrix)).isTrue();
    matrix[OUT * IN - 1] = Math.nextUp(matrix[OUT * IN - 1]);
    assertThat(factors.give(matrix)).isFalse();
  }
}
