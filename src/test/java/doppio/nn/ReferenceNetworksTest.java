package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Tensor;
import doppio.loss.Loss;
import doppio.loss.MSE;
import org.junit.jupiter.api.Test;

/** Small networks whose every number is known. */
class ReferenceNetworksTest {
  private static final Tensor CORNERS = Tensor.of(new double[][] {{0, 0}, {1, 0}, {0, 1}, {1, 1}});

  @Test
  void twoLayersComeOutToAllDigits() {
    Linear first = linear(new double[][] {{0.5, 0.25}, {0.75, 0.25}}, Tensor.zeros(2));
    Linear second = linear(new double[][] {{0.5, 0.5}}, Tensor.zeros(1));
    Module net = new Sequential(first, new Sigmoid(), second);
    Loss loss = MSE.half();

    Tensor prediction = net.forward(Tensor.of(new double[][] {{1, 1}}));
    assertThat(prediction.get(0, 0)).isCloseTo(0.70511864, within(5e-9));
    assertThat(loss.forward(prediction, Tensor.zeros(1, 1))).isEqualTo(0.24859614746399733);
    net.accumulateGradients(loss.backward());
    assertGradient(first.weight(), 0.07682091, 0.07682091, 0.06931737, 0.06931737);
    assertGradient(first.bias(), 0.07682091, 0.06931737);
    assertGradient(second.weight(), 0.47890156, 0.51548303);
    assertGradient(second.bias(), 0.70511864);
  }

  @Test
  void oneHiddenLayerComputesXorExactly() {
    Module net =
        new Sequential(
            linear(new double[][] {{1, 1}, {1, 1}}, Tensor.of(0, -1)),
            new ReLU(),
            linear(new double[][] {{1, -2}}, null));
    assertThat(net.forward(CORNERS).data()).containsExactly(0, 1, 1, 0);
    assertThat(net.infer(Tensor.of(1, 0)).data()).containsExactly(1);
  }

  /** Opposite corners have equal sums, so not both of one pair can lie above both of the other. */
  @Test
  void noLinearModelSeparatesXor() {
    for (int seed = 0; seed < 100; seed++) {
      Linear linear = new Linear(2, 1, new Generator(seed));
      double[] y = linear.infer(CORNERS).data();
      assertThat(y[0] + y[3]).isCloseTo(y[1] + y[2], within(1e-15));
      double[] p = new Sequential(linear, new Sigmoid()).infer(CORNERS).data();
      assertThat(Math.max(p[0], p[3])).isGreaterThanOrEqualTo(Math.min(p[1], p[2]));
    }
  }

  private static Linear linear(double[][] weight, Tensor bias) {
    return new Linear(new Parameter(Tensor.of(weight)), bias == null ? null : new Parameter(bias));
  }

  private static void assertGradient(Parameter parameter, double... expected) {
    assertThat(parameter.grad().data()).containsExactly(expected, within(5e-9));
  }
}
