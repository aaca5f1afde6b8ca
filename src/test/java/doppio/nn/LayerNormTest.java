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
import org.junit.jupiter.api.Test;

class LayerNormTest {
  private static final int SHAPES = 200;

  /** Mean 2, variance 2/3. */
  private final Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {10, 20, 30}});

  private final LayerNorm norm = new LayerNorm(3);

  @Test
  void everySampleIsNormalisedByItself() {
    double a = 1 / Math.sqrt(2 / 3.0 + 1e-5);
    double b = 10 / Math.sqrt(200 / 3.0 + 1e-5);
    norm.weight().value().set(2, 0);
    norm.bias().value().set(5, 0);
    assertThat(norm.forward(x).data())
        .containsExactly(new double[] {5 - 2 * a, 0, a, 5 - 2 * b, 0, b}, within(2e-15));
    assertThat(norm.eval().forward(x).data()).containsExactly(norm.infer(x).data());
  }

  @Test
  void aFrozenParameterGetsNoGradient() {
    for (boolean weight : new boolean[] {true, false}) {
      norm.zeroGrad();
      norm.weight().frozen(weight);
      norm.bias().frozen(!weight);
      norm.forward(x);
      norm.accumulateGradients(Tensor.full(1, 2, 3));
      assertThat(norm.weight().hasGradient()).isEqualTo(!weight);
      assertThat(norm.bias().hasGradient()).isEqualTo(weight);
    }
  }

  @Test
  void gradientsAreThoseWorkedByHand() {
    norm.forward(Tensor.of(1, 2, 3));
    double a = 1 / Math.sqrt(2 / 3.0 + 1e-5);
    // x̂ = −a, 0, a; g = 1, 0, 0: mean g = 1/3, mean g x̂ = −a/3.
    assertThat(norm.backward(Tensor.of(1, 0, 0)).data())
        .containsExactly(
            new double[] {a * (2 / 3.0 - a * a / 3), -a / 3, a * (-1 / 3.0 + a * a / 3)},
            within(1e-15));
    assertThat(norm.weight().grad().data()).containsExactly(new double[] {-a, 0, 0}, within(1e-15));
    assertThat(norm.bias().grad().data()).containsExactly(1, 0, 0);
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(6);
    for (int i = 0; i < SHAPES; i++) {
      int[] shape = new int[1 + i % 2];
      Arrays.setAll(shape, d -> (d == 0 ? 2 : 1) + below(random, 6));
      int[] input = new int[shape.length + i % 3];
      Arrays.setAll(input, d -> 1 + below(random, 4));
      System.arraycopy(shape, 0, input, i % 3, shape.length);
      Module module = i % 4 == 0 ? LayerNorm.withEps(0.1, shape) : new LayerNorm(shape);
      random.uniform(module.parameters().get(0).value().data(), 0.5, 2);
      random.normal(module.parameters().get(1).value().data(), 0, 1);
      GradientCheck.check(module, RandomTensors.normal(i, input));
    }
  }

  /** More rows than a chain has terms, more columns than partial sums. */
  @Test
  void theGradientsOfManyRowsAreSums() {
    int n = 600;
    Tensor many = RandomTensors.normal(1, n, 19);
    Tensor gy = RandomTensors.normal(2, n, 19);
    LayerNorm wide = new LayerNorm(19);
    Tensor y = wide.forward(many);
    wide.accumulateGradients(gy);
    for (int j = 0; j < 19; j++) {
      double total = 0;
      double chain = 0;
      double products = 0;
      for (int i = 0; i < n; i++) {
        if (i % 256 == 0) {
          total += chain;
          chain = 0;
        }
        chain += gy.get(i, j);
        products += gy.get(i, j) * y.get(i, j);
      }
      assertThat(wide.bias().grad().get(j)).isEqualTo(total + chain);
      assertThat(wide.weight().grad().get(j)).isCloseTo(products, within(1e-12));
    }
    wide.accumulateGradients(gy);
    wide.zeroGrad();
    wide.bias().frozen(true);
    wide.accumulateGradients(gy);
    assertThat(wide.bias().hasGradient()).isFalse();
  }

  @Test
  void settingsMakeTheSameAgain() {
    assertThat(norm.describe().settings())
        .isEqualTo(Map.of("normalizedShape", List.of(3), "eps", 1e-5));
    assertThat(((LayerNorm) LayerNorm.withEps(0.5, 2, 3).copy()).eps()).isEqualTo(0.5);
    assertThat(norm.stateDict().keySet()).containsExactly("weight", "bias");
    assertThat(new LayerNorm(2, 3).weight().value().shape()).containsExactly(2, 3);
  }

  @Test
  void shapesThatAreNoneAreRefused() {
    for (int[] shape : new int[][] {{}, {0}, {3, -1}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LayerNorm(shape))
          .withMessage(
              "expected a shape to normalise, of sizes from 1, but got " + Arrays.toString(shape));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LayerNorm.withEps(Double.NaN, 2))
        .withMessage("eps must be finite and not negative, got NaN");
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
