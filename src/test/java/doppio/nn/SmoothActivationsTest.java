package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations out of exponentials: hand-worked numbers, limits, gradients on random shapes. */
class SmoothActivationsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double TINY = 1e-300;
  private static final int SHAPES = 200;

  static Stream<Supplier<Module>> all() {
    return Stream.of(
        GELU::new,
        GELU::tanh,
        SiLU::new,
        ELU::new,
        () -> new ELU(0.3),
        Softplus::new,
        LogSoftmax::new);
  }

  @Test
  void geluIsXTimesTheNormalDistribution() {
    // Φ(1) = 0.8413447460685429, Φ(2) = 0.9772498680518208, φ(1) = 0.24197072451914337
    assertThat(output(new GELU(), 1, -1, 2, -2))
        .containsExactly(
            new double[] {
              0.8413447460685429, -0.15865525393145707, 1.9544997361036416, -0.04550026389635842
            },
            within(3e-16));
    assertThat(derivative(new GELU(), 1, -1))
        .containsExactly(
            new double[] {
              0.8413447460685429 + 0.24197072451914337, 0.15865525393145707 - 0.24197072451914337
            },
            within(3e-16));
    limits(new GELU());
  }

  @Test
  void geluByTanhIsItsFormula() {
    double v = Math.sqrt(2 / Math.PI) * (1 + 0.044715);
    double tanh = StrictMath.tanh(v);
    assertThat(output(GELU.tanh(), 1, -1))
        .containsExactly(new double[] {0.5 * (1 + tanh), -0.5 * (1 - tanh)}, within(3e-16));
    double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715);
    assertThat(derivative(GELU.tanh(), 1))
        .containsExactly(
            new double[] {0.5 * (1 + tanh) + 0.5 * (1 - tanh * tanh) * slope}, within(5e-16));
    limits(GELU.tanh());
    assertThat(output(GELU.tanh(), 0.7)[0]).isNotEqualTo(output(new GELU(), 0.7)[0]);
  }

  @Test
  void theTwoFormsOfGeluDifferLittle() {
    double[] x = RandomTensors.normal(1, 1000).data();
    double[] exact = output(new GELU(), x);
    double[] tanh = output(GELU.tanh(), x);
    for (int i = 0; i < x.length; i++) {
      assertThat(tanh[i]).isCloseTo(exact[i], within(5e-4));
    }
  }

  @Test
  void siluIsXTimesTheLogisticFunction() {
    double s = 0.7310585786300049;
    assertThat(output(new SiLU(), 1, -1)).containsExactly(new double[] {s, s - 1}, within(2e-16));
    assertThat(derivative(new SiLU(), 1, -1))
        .containsExactly(new double[] {s + s * (1 - s), (1 - s) - s * (1 - s)}, within(3e-16));
    limits(new SiLU());
  }

  @Test
  void eluLevelsOffOnTheLeft() {
    double log2 = StrictMath.log(2);
    assertThat(output(new ELU(), 3, -log2)).containsExactly(new double[] {3, -0.5}, within(1e-16));
    assertThat(output(new ELU(0.5), 3, -log2))
        .containsExactly(new double[] {3, -0.25}, within(1e-16));
    assertThat(derivative(new ELU(0.5), 3, 0, -log2))
        .containsExactly(new double[] {1, 0.5, 0.25}, within(1e-16));
    assertThat(output(new ELU(), INFINITY, -INFINITY, -1e3, Double.NaN, 1e308))
        .containsExactly(INFINITY, -1, -1, Double.NaN, 1e308);
    assertThat(output(new ELU(), TINY, -TINY, Double.MIN_VALUE, -1e-10))
        .containsExactly(TINY, -TINY, Double.MIN_VALUE, StrictMath.expm1(-1e-10));
    assertThat(derivative(new ELU(), INFINITY, -INFINITY, Double.NaN))
        .containsExactly(1, 0, Double.NaN);
  }

  @Test
  void softplusIsASmoothRectifier() {
    double log2 = StrictMath.log(2);
    assertThat(output(new Softplus(), 0, -0.0, log2, -log2))
        .containsExactly(
            new double[] {log2, log2, StrictMath.log(3), StrictMath.log(1.5)}, within(3e-16));
    assertThat(derivative(new Softplus(), 0, log2, -log2))
        .containsExactly(new double[] {0.5, 2 / 3.0, 1 / 3.0}, within(2e-16));
    assertThat(output(new Softplus(), INFINITY, -INFINITY, 1e3, -1e3, Double.NaN))
        .containsExactly(INFINITY, 0, 1e3, 0, Double.NaN);
    assertThat(output(new Softplus(), 25)[0]).isEqualTo(25 + StrictMath.exp(-25));
    assertThat(derivative(new Softplus(), INFINITY, -INFINITY, Double.NaN))
        .containsExactly(1, 0, Double.NaN);
  }

  @Test
  void logSoftmaxIsTheLogarithmOfTheSoftmax() {
    double log2 = StrictMath.log(2);
    assertThat(output(new LogSoftmax(), log2, 0, 0))
        .containsExactly(new double[] {-log2, -2 * log2, -2 * log2}, within(3e-16));
    assertThat(output(new LogSoftmax(), 1e6 + 2, 1e6 + 1, 1e6))
        .containsExactly(output(new LogSoftmax(), 2, 1, 0));
    assertThat(output(new LogSoftmax(), 1e3, -1e3, -INFINITY)).containsExactly(0, -2e3, -INFINITY);
    assertThat(output(new LogSoftmax(), 1, Double.NaN)).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void logSoftmaxHasItsJacobian() {
    LogSoftmax layer = new LogSoftmax();
    layer.forward(Tensor.of(StrictMath.log(2), 0, 0));
    // δᵢⱼ − softmaxⱼ, of which the row is that of the element.
    assertThat(layer.backward(Tensor.of(0, 1, 0)).data())
        .containsExactly(new double[] {-0.5, 0.75, -0.25}, within(1e-16));
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("once")
  void gradientsAreRightOnRandomShapes(Supplier<Module> activation) {
    Generator random = new Generator(8);
    int elements = 0;
    for (int i = 0; i < SHAPES; i++) {
      int[] shape = new int[1 + i % 4];
      int least = i % 20 == 0 ? 0 : 1;
      Arrays.setAll(shape, d -> least + (int) (random.random32() % 7));
      Tensor x = Tensor.zeros(shape);
      random.normal(x.data(), 0, 1 + i % 3);
      GradientCheck.check(activation.get(), x);
      elements += x.size();
    }
    assertThat(elements).isGreaterThan(SHAPES * 10);
  }

  /** Chunks of 512 elements, and threads, end nowhere that can be seen. */
  @ParameterizedTest
  @MethodSource("all")
  void anElementDoesNotDependOnItsPlace(Supplier<Module> activation) {
    Module module = activation.get();
    for (int n : new int[] {1, 2, 511, 512, 513, 1031, 100_003}) {
      Tensor x = RandomTensors.normal(n, n, 2);
      Tensor gy = RandomTensors.normal(n + 1, n, 2);
      double[] y = module.forward(x).data();
      double[] gx = module.backward(gy).data();
      for (int row : new int[] {0, n / 2, n - 1}) {
        Tensor alone = Tensor.of(x.get(row, 0), x.get(row, 1));
        assertThat(module.forward(alone).data()).containsExactly(y[2 * row], y[2 * row + 1]);
        assertThat(module.backward(Tensor.of(gy.get(row, 0), gy.get(row, 1))).data())
            .containsExactly(gx[2 * row], gx[2 * row + 1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void eluRefusesAnAlphaThatIsNotFinite(double alpha) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ELU(alpha))
        .withMessage("alpha must be finite, got " + alpha);
  }

  @Test
  void settingsMakeTheSameAgain() {
    assertThat(GELU.tanh().describe().settings()).isEqualTo(Map.of("approximate", "tanh"));
    assertThat(((GELU) GELU.tanh().copy()).isTanh()).isTrue();
    assertThat(((GELU) new GELU().copy()).isTanh()).isFalse();
    assertThat(((ELU) new ELU(0.25).copy()).alpha()).isEqualTo(0.25);
    Parts parts = new Parts(Map.of("approximate", "erf"), Map.of(), Map.of(), Map.of(), Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GELU(parts))
        .withMessage("approximate must be none or tanh, got erf");
    assertThat(List.of(new GELU(), GELU.tanh(), new SiLU(), new ELU(), new Softplus()))
        .map(Module::toString)
        .containsExactly("GELU()", "GELU(tanh)", "SiLU()", "ELU(1.0)", "Softplus()");
  }

  /** What all gates have: x on the right, 0 on the left, half of x in the middle. */
  private static void limits(Module gate) {
    assertThat(output(gate, INFINITY, 1e3, 1e308)).containsExactly(INFINITY, 1e3, 1e308);
    assertThat(output(gate, -INFINITY, -1e3, -1e308)).containsExactly(0, 0, 0);
    assertThat(output(gate, 0, -0.0)).containsExactly(0, 0);
    assertThat(output(gate, TINY, -TINY)).containsExactly(TINY / 2, -TINY / 2);
    assertThat(output(gate, Double.NaN)).containsExactly(Double.NaN);
    assertThat(derivative(gate, 0, -0.0, INFINITY, -INFINITY, Double.NaN))
        .containsExactly(0.5, 0.5, 1, 0, Double.NaN);
  }

  private static double[] output(Module activation, double... x) {
    double[] inferred = activation.infer(Tensor.of(x)).data();
    assertThat(activation.forward(Tensor.of(x)).data()).containsExactly(inferred);
    return inferred;
  }

  private static double[] derivative(Module activation, double... x) {
    activation.forward(Tensor.of(x));
    return activation.backward(Tensor.full(1, x.length)).data();
  }
}
