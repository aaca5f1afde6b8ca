package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.RandomTensors;
import doppio.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void reluKeepsWhatIsPositive() {
    Tensor x = Tensor.of(new double[][] {{1, -0.5}, {0.3, 0.1}});
    assertThat(new ReLU().forward(x).data()).containsExactly(1, 0, 0.3, 0.1);
    assertThat(output(new ReLU(), -INFINITY, INFINITY, Double.NaN))
        .containsExactly(0, INFINITY, Double.NaN);
    assertThat(derivative(new ReLU(), -2, 0, 3)).containsExactly(0, 0, 1);
  }

  @Test
  void leakyReluScalesWhatIsNot() {
    assertThat(output(new LeakyReLU(), -2, 0, 3)).containsExactly(-0.02, 0, 3);
    assertThat(output(new LeakyReLU(0.2), -2, 3)).containsExactly(-0.4, 3);
    assertThat(output(new LeakyReLU(), Double.NaN)).containsExactly(Double.NaN);
    assertThat(derivative(new LeakyReLU(), 0.5, 0.25, 0.25)).containsExactly(1, 1, 1);
    assertThat(derivative(new LeakyReLU(), -2, 0)).containsExactly(0.01, 0.01);
    assertThat(derivative(new LeakyReLU(0.2), -2, 0, 3)).containsExactly(0.2, 0.2, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void leakyReluRefusesASlopeThatIsNotFinite(double slope) {
    assertThatThrownBy(() -> new LeakyReLU(slope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slope must be finite, got " + slope);
  }

  @Test
  void sigmoidIsTheLogisticFunction() {
    assertThat(output(new Sigmoid(), 0, 1, -1, 20))
        .containsExactly(
            new double[] {0.5, 0.7310585786300049, 0.2689414213699951, 0.9999999979388463},
            within(2e-16));
    assertThat(output(new Sigmoid(), 1e3, -1e3, INFINITY, -INFINITY, Double.NaN))
        .containsExactly(1, 0, 1, 0, Double.NaN);
    assertThat(derivative(new Sigmoid(), 0, 1e3, -1e3)).containsExactly(0.25, 0, 0);
  }

  @Test
  void tanhIsTheHyperbolicTangent() {
    assertThat(output(new Tanh(), 0, 1, -1, 1e-9))
        .containsExactly(
            new double[] {0, 0.7615941559557649, -0.7615941559557649, 1e-9}, within(2e-16));
    assertThat(output(new Tanh(), 1e3, -1e3, INFINITY, -INFINITY, Double.NaN))
        .containsExactly(1, -1, 1, -1, Double.NaN);
    assertThat(derivative(new Tanh(), 0, 1e3, -1e3)).containsExactly(1, 0, 0);
  }

  @Test
  void softmaxSumsToOneAlongTheLastDimension() {
    Tensor y = new Softmax().forward(RandomTensors.normal(1, 3, 4, 5));
    for (int from = 0; from < y.size(); from += 5) {
      double[] row = Arrays.copyOfRange(y.data(), from, from + 5);
      assertThat(Arrays.stream(row).min().orElseThrow()).isPositive();
      assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-15));
    }
  }

  @Test
  void softmaxOfNoClassesHasNoNumbers() {
    for (Module softmax : new Module[] {new Softmax(), new LogSoftmax()}) {
      Tensor y = softmax.forward(Tensor.zeros(3, 0));
      assertThat(y.shape()).containsExactly(3, 0);
      assertThat(softmax.backward(y).shape()).containsExactly(3, 0);
    }
  }

  @Test
  void softmaxIsShiftedByItsMaximum() {
    double half = Math.log(2);
    assertThat(output(new Softmax(), half, 0, 0))
        .containsExactly(new double[] {0.5, 0.25, 0.25}, within(1e-16));
    assertThat(output(new Softmax(), 1e6 + 2, 1e6 + 1, 1e6))
        .containsExactly(output(new Softmax(), 2, 1, 0));
    assertThat(output(new Softmax(), 1e3, -1e3, -INFINITY)).containsExactly(1, 0, 0);
  }

  @Test
  void softmaxHasItsJacobian() {
    double[][] jacobian = {
      {0.25, -0.125, -0.125}, {-0.125, 0.1875, -0.0625}, {-0.125, -0.0625, 0.1875}
    };
    Softmax softmax = new Softmax();
    softmax.forward(Tensor.of(Math.log(2), 0, 0));
    for (int i = 0; i < 3; i++) {
      Tensor unit = Tensor.zeros(3).set(1, i);
      assertThat(softmax.backward(unit).data()).containsExactly(jacobian[i], within(1e-16));
    }
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
