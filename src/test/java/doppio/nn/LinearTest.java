package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import org.junit.jupiter.api.Test;

class LinearTest {
  private static final Tensor INPUT = Tensor.of(new double[][] {{1, -1}, {-1, 0}, {1, 1}});

  @Test
  void multipliesByTheTransposedWeightAndAddsTheBias() {
    Linear linear =
        new Linear(new Parameter(Tensor.of(new double[][] {{4, 2}})), new Parameter(Tensor.of(3)));
    Tensor y = linear.forward(INPUT);
    assertThat(y.shape()).containsExactly(3, 1);
    assertThat(y.data()).containsExactly(5, -1, 9);
    Tensor single = linear.forward(Tensor.of(1, 1));
    assertThat(single.shape()).containsExactly(1);
    assertThat(single.data()).containsExactly(9);
  }

  @Test
  void gradientsAreProductsOfInputAndOutputGradient() {
    Linear linear =
        new Linear(
            new Parameter(Tensor.of(new double[][] {{4, 2}, {1, -3}})),
            new Parameter(Tensor.of(0, 0)));
    linear.forward(INPUT);
    Tensor gx = linear.backward(Tensor.of(new double[][] {{1, 0}, {0, 2}, {-1, 1}}));
    assertThat(gx.data()).containsExactly(4, 2, 2, -6, -3, -5);
    assertThat(linear.weight().grad().data()).containsExactly(0, -2, -1, 1);
    assertThat(linear.bias().grad().data()).containsExactly(0, 3);
  }

  @Test
  void drawsWeightThenBiasAsPyTorchDoes() {
    Linear linear = new Linear(2, 3, new Generator(0).singlePrecision());
    assertThat(linear.weight().value().data())
        .containsExactly(
            new double[] {-0.0053, 0.3793, -0.5820, -0.5204, -0.2723, 0.1896}, within(5e-5));
    assertThat(linear.bias().value().data())
        .containsExactly(new double[] {-0.0140, 0.5607, -0.0628}, within(5e-5));
  }

  @Test
  void initialValuesLieWithinOneOverTheRootOfTheInputs() {
    Linear linear = new Linear(16, 500, new Generator(1));
    for (Parameter p : linear.parameters()) {
      DoubleSummaryStatistics range = Arrays.stream(p.value().data()).summaryStatistics();
      assertThat(range.getMin()).isBetween(-0.25, -0.24);
      assertThat(range.getMax()).isBetween(0.24, 0.25);
    }
  }

  @Test
  void theDefaultGeneratorIsUsedWhereNoneIsPassed() {
    Generator.manualSeed(5);
    Linear byDefault = new Linear(3, 4);
    Linear withoutBias = new Linear(3, 4, false);
    Generator g = new Generator(5);
    assertThat(byDefault.weight().value().data())
        .containsExactly(new Linear(3, 4, g).weight().value().data());
    assertThat(withoutBias.weight().value().data())
        .containsExactly(new Linear(3, 4, false, g).weight().value().data());
    assertThat(withoutBias.bias()).isNull();
    assertThat(withoutBias.stateDict()).containsOnlyKeys("weight");
  }

  @Test
  void frozenParametersGetNoGradient() {
    Linear linear = new Linear(2, 3, new Generator(1));
    linear.weight().frozen(true);
    linear.forward(INPUT);
    linear.backward(Tensor.full(1, 3, 3));
    assertThat(linear.weight().hasGradient()).isFalse();
    assertThat(linear.bias().grad().data()).containsExactly(3, 3, 3);
    linear.bias().frozen(true);
    linear.forward(INPUT);
    linear.accumulateGradients(Tensor.full(1, 3, 3));
    assertThat(linear.bias().grad().data()).containsExactly(3, 3, 3);
  }

  @Test
  void aDescriptionSaysWhetherThereIsABias() {
    assertThat(new Linear(2, 3).describe().settings()).containsEntry("bias", true);
    assertThat(new Linear(2, 3, false).describe().settings()).containsEntry("bias", false);
  }

  @Test
  void aFrozenBiasGetsNoGradientFromTheFirst() {
    Linear linear = new Linear(2, 3);
    linear.bias().frozen(true);
    linear.forward(Tensor.zeros(1, 2));
    linear.accumulateGradients(Tensor.full(1, 1, 3));
    assertThat(linear.bias().hasGradient()).isFalse();
    assertThat(linear.weight().hasGradient()).isTrue();
  }

  @Test
  void sizesBelowOneAreRefused() {
    assertThatThrownBy(() -> new Linear(0, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("in must be at least 1, got 0");
    assertThatThrownBy(() -> new Linear(3, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("out must be at least 1, got -1");
  }

  @Test
  void parametersThatDoNotFitAreRefused() {
    Parameter vector = new Parameter(Tensor.zeros(3));
    Parameter matrix = new Parameter(Tensor.zeros(3, 2));
    assertShapeException(
        () -> new Linear(vector, null), "Linear expects a weight [out, in] but got Parameter[3]");
    assertShapeException(
        () -> new Linear(matrix, matrix), "Linear expects a bias [3] but got Parameter[3, 2]");
    assertShapeException(
        () -> new Linear(matrix, new Parameter(Tensor.zeros(2))),
        "Linear expects a bias [3] but got Parameter[2]");
  }
}
