package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterTest {
  private final Parameter parameter = new Parameter(Tensor.of(1, 2, 3));

  @Test
  void theValueIsLive() {
    Tensor value = Tensor.of(1, 2);
    assertThat(new Parameter(value).value()).isSameAs(value);
  }

  @Test
  void aNewParameterHasNoGradientAndReadsAsZeros() {
    assertThat(parameter.hasGradient()).isFalse();
    assertThat(parameter.grad().data()).containsExactly(0, 0, 0);
    assertThat(parameter.hasGradient()).isFalse();
  }

  @Test
  void theAccumulatorAddsUp() {
    parameter.accumulator().data()[1] += 5;
    parameter.accumulator().data()[1] += 2;
    assertThat(parameter.hasGradient()).isTrue();
    assertThat(parameter.grad().data()).containsExactly(0, 7, 0);
  }

  @Test
  void zeroGradForgets() {
    parameter.accumulator().fill(4);
    parameter.zeroGrad();
    assertThat(parameter.hasGradient()).isFalse();
    assertThat(parameter.grad().data()).containsExactly(0, 0, 0);
    parameter.accumulator().data()[0] += 1;
    assertThat(parameter.grad().data()).containsExactly(1, 0, 0);
  }

  @Test
  void aGradientWrittenByHandCounts() {
    parameter.zeroGrad();
    parameter.grad().set(2, 1);
    assertThat(parameter.hasGradient()).isTrue();
    assertThat(gatheredParts(parameter)).containsExactly(0, 2, 0);
    parameter.zeroGrad();
    assertThat(parameter.hasGradient()).isFalse();
  }

  @Test
  void aGradientWrittenByHandIsAddedTo() {
    for (int n : new int[] {1, 2}) {
      Linear linear = new Linear(2, 3, new Generator(1));
      linear.weight().grad().fill(100);
      linear.bias().grad().fill(10);
      linear.forward(Tensor.full(1, n, 2));
      linear.backward(Tensor.full(1, n, 3));
      assertThat(linear.weight().grad().data()).containsOnly(100 + n);
      assertThat(linear.bias().grad().data()).containsOnly(10 + n);
    }
  }

  @Test
  void aGradientHeldBeforeBackwardIsLive() {
    for (int n : new int[] {1, 2}) {
      Linear linear = new Linear(2, 3, new Generator(1));
      Tensor held = linear.weight().grad();
      for (int pass = 0; pass < 3; pass++) {
        linear.zeroGrad();
        linear.forward(Tensor.full(1, n, 2));
        linear.backward(Tensor.full(pass, n, 3));
        assertThat(held.data()).containsOnly(pass * n);
        assertThat(linear.weight().grad()).isSameAs(held);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "17, 13, 1",
    "17, 13, 3",
    "17, 13, 7",
    "17, 13, 8",
    "1, 1, 1",
    "300, 401, 1",
    "300, 401, 60"
  })
  void theProductHasTheBitsOfTheMatrix(int in, int out, int n) {
    Linear product = new Linear(in, out, new Generator(1));
    Linear matrix = (Linear) product.copy();
    matrix.weight().grad();
    for (Linear linear : List.of(product, matrix)) {
      linear.forward(RandomTensors.normal(2, n, in));
      linear.backward(RandomTensors.normal(3, n, out));
    }
    double[] expected = matrix.weight().grad().data();
    assertThat(gatheredParts(product.weight())).containsExactly(expected);
    assertThat(gatheredParts(matrix.weight())).containsExactly(expected);
    assertThat(product.weight().grad().data()).containsExactly(expected);
    assertThat(gatheredParts(product.weight())).containsExactly(expected);
  }

  @Test
  void aSecondSingleSampleIsAddedToTheFirst() {
    Linear linear = new Linear(2, 2, new Generator(1));
    for (int pass = 0; pass < 3; pass++) {
      linear.forward(Tensor.of(1, 2));
      linear.accumulateGradients(Tensor.of(3, 5));
    }
    assertThat(linear.weight().grad().data()).containsExactly(9, 18, 15, 30);
  }

  @Test
  void zeroGradForgetsTheGradientOfASingleSample() {
    Linear linear = new Linear(2, 2, new Generator(1));
    linear.forward(Tensor.of(1, 2));
    linear.backward(Tensor.of(3, 5));
    linear.zeroGrad();
    assertThat(linear.weight().hasGradient()).isFalse();
    assertThat(linear.weight().grad().data()).containsOnly(0);
  }

  @Test
  void theGradientOfASingleSampleDoesNotChangeWithItsInput() {
    Linear linear = new Linear(2, 1, new Generator(1));
    Tensor x = Tensor.of(1, 2);
    Tensor gy = Tensor.of(3);
    linear.forward(x);
    linear.backward(gy);
    x.fill(Double.NaN);
    gy.fill(Double.NaN);
    assertThat(linear.weight().grad().data()).containsExactly(3, 6);
  }

  @Test
  void thereAreNoPartsWithoutAGradient() {
    parameter.accumulator().fill(4);
    parameter.zeroGrad();
    AtomicInteger calls = new AtomicInteger();
    parameter.gradientParts((gradient, at, from, length) -> calls.incrementAndGet());
    assertThat(calls).hasValue(0);
  }

  @Test
  void aCopyHasItsOwnValueAndNoGradient() {
    parameter.frozen(true).accumulator().fill(4);
    Parameter copy = parameter.copy();
    copy.value().fill(9);
    assertThat(copy.hasGradient()).isFalse();
    assertThat(copy.isFrozen()).isTrue();
    assertThat(parameter.value().data()).containsExactly(1, 2, 3);
    assertThat(copy.frozen(false)).isSameAs(copy);
    assertThat(copy.isFrozen()).isFalse();
    assertThat(parameter.isFrozen()).isTrue();
  }

  @Test
  void printsItsShape() {
    assertThat(new Parameter(Tensor.zeros(2, 3))).hasToString("Parameter[2, 3]");
  }

  /** The gradient put together from its parts, which cover each element once. */
  private static double[] gatheredParts(Parameter parameter) {
    double[] gathered = new double[parameter.value().size()];
    AtomicIntegerArray visits = new AtomicIntegerArray(gathered.length);
    parameter.gradientParts(
        (gradient, at, from, length) -> {
          System.arraycopy(gradient, at, gathered, from, length);
          for (int i = from; i < from + length; i++) {
            visits.incrementAndGet(i);
          }
        });
    for (int i = 0; i < gathered.length; i++) {
      assertThat(visits.get(i)).isEqualTo(1);
    }
    return gathered;
  }
}
