package doppio.internal;

import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations and their gradients: each element is what its own formula gives, to the bit. */
@Tag("kernels")
class ElementwiseKernelsTest {
  private static final double SLOPE = 0.01;

  /** Every size from 0 to 17, odd ones, around 512, and enough for several threads. */
  private static final int[] SIZES =
      IntStream.concat(
              IntStream.rangeClosed(0, 17),
              IntStream.of(31, 33, 64, 65, 127, 257, 300, 511, 512, 513, 1500, 300_001))
          .toArray();

  private static final int[] ROW_SIZES =
      Arrays.stream(SIZES).filter(size -> size > 0 && size <= 1500).toArray();

  private static final int CASES = SIZES.length * 3 * 2;

  private interface Function {
    void apply(double[] x, int x0, double[] y, int y0, int length);
  }

  private interface Gradient {
    void apply(double[] y, int y0, double[] gy, int gy0, double[] gx, int gx0, int length);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void reluIsItsFormulaToTheBit(String implementation) {
    check(Implementations.of(implementation)::relu, x -> Math.max(0.0, x));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void leakyReluIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        (x, x0, y, y0, n) -> kernels.leakyRelu(x, x0, y, y0, n, SLOPE), x -> x > 0 ? x : SLOPE * x);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void tanhDoesNotDependOnThePlace(String implementation) {
    Kernels scalar = Implementations.of(SCALAR);
    check(Implementations.of(implementation)::tanh, alone(scalar::tanh));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sigmoidDoesNotDependOnThePlace(String implementation) {
    Kernels scalar = Implementations.of(SCALAR);
    check(Implementations.of(implementation)::sigmoid, alone(scalar::sigmoid));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void reluGradientIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        (x, x0, gy, gy0, gx, gx0, n) -> {
          double[] y = new double[x0 + n];
          kernels.relu(x, x0, y, x0, n);
          kernels.reluGradient(y, x0, gy, gy0, gx, gx0, n);
        },
        (x, gy) -> x <= 0 ? 0 : gy);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void leakyReluGradientIsItsFormulaToTheBit(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    check(
        (x, x0, gy, gy0, gx, gx0, n) ->
            kernels.leakyReluGradient(x, x0, gy, gy0, gx, gx0, n, SLOPE),
        (x, gy) -> x > 0 ? gy : SLOPE * gy);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void tanhGradientIsItsFormulaToTheBit(String implementation) {
    check(Implementations.of(implementation)::tanhGradient, (y, gy) -> gy * (1 - y * y));
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void sigmoidGradientIsItsFormulaToTheBit(String implementation) {
    check(Implementations.of(implementation)::sigmoidGradient, (y, gy) -> gy * (1 - y) * y);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxDoesNotDependOnThePlace(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    Kernels scalar = Implementations.of(SCALAR);
    int cases = 0;
    for (int size : ROW_SIZES) {
      for (int rows : new int[] {0, 1, 2, 3, 8, 17}) {
        for (Values values : Values.values()) {
          double[] x = values.array(rows * size, size);
          double[] expected = new double[x.length];
          for (int from = 0; from < x.length; from += size) {
            double[] row = new double[size];
            scalar.softmax(x, from, row, 0, 1, size);
            System.arraycopy(row, 0, expected, from, size);
          }
          String name = rows + " rows of " + size + " " + values;
          cases +=
              Written.check(
                  name, null, expected, y -> kernels.softmax(x, 0, y, 0, x.length / size, size), x);
        }
      }
    }
    assertThat(cases).isEqualTo(ROW_SIZES.length * 6 * 3 * 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxIsWhatItsFormulaGives(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    for (int size = 1; size <= 300; size++) {
      double[] x = Values.ORDINARY.array(size, size);
      double max = Arrays.stream(x).max().orElseThrow();
      double[] e = Arrays.stream(x).map(v -> StrictMath.exp(v - max)).toArray();
      double sum = Arrays.stream(e).sum();
      double[] y = new double[size];
      kernels.softmax(x, 0, y, 0, 1, size);
      for (int i = 0; i < size; i++) {
        assertThat(y[i]).isCloseTo(e[i] / sum, within(1e-13 * e[i] / sum));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SCALAR, VECTOR})
  void softmaxGradientSubtractsAChainOfMultiplyAdds(String implementation) {
    Kernels kernels = Implementations.of(implementation);
    int cases = 0;
    for (int size : ROW_SIZES) {
      for (int rows : new int[] {0, 1, 3, 17}) {
        double[] y = Values.ORDINARY.array(rows * size, size);
        double[] gy = Values.ORDINARY.array(rows * size, ~size);
        double[] expected = new double[y.length];
        for (int from = 0; from < y.length; from += size) {
          double sum = 0;
          for (int i = from; i < from + size; i++) {
            sum = Fma.fma(gy[i], y[i], sum);
          }
          for (int i = from; i < from + size; i++) {
            expected[i] = y[i] * (gy[i] - sum);
          }
        }
        cases +=
            Written.check(
                rows + " rows of " + size,
                null,
                expected,
                gx -> kernels.softmaxGradient(y, 0, gy, 0, gx, 0, y.length / size, size),
                y,
                gy);
      }
    }
    assertThat(cases).isEqualTo(ROW_SIZES.length * 4 * 2);
  }

  private static void check(Function function, DoubleUnaryOperator formula) {
    int cases = 0;
    for (int size : SIZES) {
      for (Values values : Values.values()) {
        double[] x = values.array(size, size);
        double[] expected = Arrays.stream(x).map(formula).toArray();
        cases +=
            Written.check(
                size + " " + values, null, expected, y -> function.apply(x, 0, y, 0, x.length), x);
      }
    }
    assertThat(cases).isEqualTo(CASES);
  }

  private static void check(Gradient gradient, DoubleBinaryOperator formula) {
    int cases = 0;
    for (int size : SIZES) {
      for (Values values : Values.values()) {
        double[] y = values.array(size, size);
        double[] gy = values.array(size, ~size);
        double[] expected =
            IntStream.range(0, size).mapToDouble(i -> formula.applyAsDouble(y[i], gy[i])).toArray();
        cases +=
            Written.check(
                size + " " + values,
                null,
                expected,
                gx -> gradient.apply(y, 0, gy, 0, gx, 0, y.length),
                y,
                gy);
      }
    }
    assertThat(cases).isEqualTo(CASES);
  }

  /** What the function makes of an array of one element. */
  private static DoubleUnaryOperator alone(Function function) {
    return x -> {
      double[] y = new double[1];
      function.apply(new double[] {x}, 0, y, 0, 1);
      return y[0];
    };
  }
}
