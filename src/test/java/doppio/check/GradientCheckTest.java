package doppio.check;

import static doppio.check.Failures.assertFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.nn.Dropout;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import doppio.nn.Sigmoid;
import doppio.nn.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckTest {
  private final Generator generator = new Generator(1);
  private final Tensor x = RandomTensors.normal(2, 3, 4);

  @Test
  void theWorstElementOfAParameterIsNamed() {
    Module net = new Sequential(new Linear(4, 5, generator), new Tanh(), new WrongWeight(5, 2));
    assertFailure(net, x)
        .hasMessageMatching(
            "GradientCheck: inner\\.weight\\[1, 3\\] of WrongWeight \\(layer 2 of Sequential\\): analytic"
                + " (-?[0-9.]+) but numeric (-?[0-9.]+) \\(relative error 0\\.5, tolerance 1\\.0E-6\\)");
  }

  @Test
  void theElementOfAnInputIsNamed() {
    Module cube = new Elementwise(v -> v * v * v, v -> v > 1 ? 3 : 3 * v * v);
    Tensor input = Tensor.of(new double[][] {{0.5, -1, 0.25}, {-0.5, 2, 0}});
    assertFailure(cube, input)
        .hasMessageStartingWith("GradientCheck: input[1, 1] of Elementwise: analytic ")
        .hasMessageEndingWith(" (relative error 0.75, tolerance 1.0E-6)");
  }

  @Test
  void inferThatDiffersFails() {
    Module module =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor infer(Tensor input) {
            Tensor y = super.infer(input);
            return y.set(Math.nextUp(y.get(0, 2)), 0, 2);
          }
        };
    assertFailure(module, Tensor.full(0, 1, 3))
        .hasMessageEndingWith(": infer gives 4.9E-324 but forward in evaluation mode 0.0");
    Module other =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor infer(Tensor input) {
            return super.infer(input).reshape(3, 1);
          }
        };
    assertFailure(other, Tensor.zeros(1, 3))
        .hasMessageEndingWith(" gives shape [3, 1] but forward in evaluation mode [1, 3]");
  }

  @Test
  void accumulateGradientsThatDiffersFails() {
    Module forgetful =
        new Wrapper(new Linear(new Parameter(Tensor.full(2, 1, 1)), null)) {
          @Override
          public void accumulateGradients(Tensor gradOutput) {}
        };
    assertFailure(forgetful, Tensor.of(1))
        .hasMessageStartingWith("GradientCheck: inner.weight[0, 0] of ")
        .hasMessageContaining(": accumulateGradients gives 0.0 but backward alone ");
  }

  @Test
  void gradientsThatDoNotAddUpFail() {
    Module overwriting =
        new Wrapper(new Linear(new Parameter(Tensor.full(2, 1, 1)), null)) {
          @Override
          public Tensor backward(Tensor gradOutput) {
            zeroGrad();
            return super.backward(gradOutput);
          }
        };
    assertFailure(overwriting, Tensor.of(1))
        .hasMessageContaining(": a second backward, which has to add, gives ");
  }

  @Test
  void aGradientOfAnotherShapeFails() {
    Module module =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor backward(Tensor gradOutput) {
            return super.backward(gradOutput).reshape(3, 1);
          }
        };
    assertFailure(module, Tensor.zeros(1, 3))
        .hasMessageStartingWith("GradientCheck: the gradient with respect to the input of ")
        .hasMessageEndingWith(" has shape [3, 1] but the input [1, 3]");
  }

  @Test
  void anOutputOfAModuleOfOnesOwnThatIsNotFiniteFails() {
    Module module =
        new Wrapper(new Tanh()) {
          @Override
          public Tensor forward(Tensor input) {
            return super.forward(input).set(Double.NaN, 0, 1);
          }
        };
    assertFailure(module, Tensor.zeros(1, 3))
        .hasMessageMatching("GradientCheck: output\\[0, 1] of GradientCheckTest\\$\\d is NaN");
  }

  @Test
  void everythingIsLeftAsItWas() {
    Sequential net =
        new Sequential(new Linear(4, 5, generator), new Dropout(0.5, generator), new Linear(5, 2));
    net.get(1).eval();
    Tensor input = x.copy();
    double[] weight = net.stateDict().get("0.weight").copy().data();
    net.forward(x);
    net.backward(Tensor.zeros(3, 2));
    for (boolean training : new boolean[] {true, false}) {
      if (!training) {
        net.eval();
        net.get(1).train();
      }
      GradientCheck.check(net, input);
      assertThat(net.isTraining()).isEqualTo(training);
      assertThat(net.get(0).isTraining()).isEqualTo(training);
      assertThat(net.get(1).isTraining()).isEqualTo(!training);
    }
    assertThat(input.data()).containsExactly(x.data());
    assertThat(net.stateDict().get("0.weight").data()).containsExactly(weight);
    assertThat(net.parameters()).noneMatch(Parameter::hasGradient);
  }

  @Test
  void aFailureLeavesEverythingAsItWasToo() {
    Module net = new Sequential(new WrongWeight(4, 2));
    double[] weight = net.stateDict().get("0.inner.weight").copy().data();
    assertFailure(net, x);
    assertThat(net.isTraining()).isTrue();
    assertThat(net.stateDict().get("0.inner.weight").data()).containsExactly(weight);
    assertThat(net.parameters()).noneMatch(Parameter::hasGradient);
  }

  @Test
  void frozenParametersAreLeftOut() {
    Linear linear = new Linear(4, 2, generator);
    linear.weight().frozen(true);
    assertThatCode(() -> GradientCheck.check(linear, x)).doesNotThrowAnyException();
  }

  @Test
  void anEmptyBatchIsRight() {
    Module net = new Sequential(new Linear(4, 3, generator), new Sigmoid());
    assertThatCode(() -> GradientCheck.check(net, Tensor.zeros(0, 4))).doesNotThrowAnyException();
  }

  @Test
  void inputsOfEveryRankAreChecked() {
    Module right = new Elementwise(Math::sin, Math::cos);
    Module wrong = new Elementwise(Math::sin, Math::sin);
    int[][] shapes = {{}, {1}, {3}, {2, 3}, {1, 2, 3}, {2, 1, 2, 2}, {1, 1, 2, 1, 2}};
    for (int[] shape : shapes) {
      Tensor input = RandomTensors.normal(4, shape);
      GradientCheck.check(right, input);
      GradientCheck.checkTraining(new Sequential(right), input);
      assertFailure(wrong, input).hasMessageContaining("GradientCheck: input[");
    }
    for (int[] shape : new int[][] {{0}, {0, 3}, {2, 0, 3}}) {
      GradientCheck.check(right, Tensor.zeros(shape));
      GradientCheck.checkTraining(new Sequential(right), Tensor.zeros(shape));
    }
  }

  @Test
  void anElementCostsFourForwardPasses() {
    int[] passes = new int[1];
    Module counting =
        new Wrapper(new Linear(3, 4, generator)) {
          @Override
          public Tensor forward(Tensor input) {
            passes[0]++;
            return super.forward(input);
          }
        };
    GradientCheck.check(counting, RandomTensors.normal(3, 5, 3));
    int batch = 4 * (15 + 12 + 4);
    int row = 4 * (3 + 12 + 4);
    assertThat(passes[0]).isBetween(batch + row, batch + row + 40);
  }

  @Test
  void theToleranceIsRelative() {
    Module module = new Elementwise(Math::sin, v -> 1.001 * Math.cos(v));
    Tensor input = Tensor.of(0.3);
    GradientCheck.check(module, input, 2e-3);
    assertThatThrownBy(() -> GradientCheck.check(module, input, 5e-4))
        .isInstanceOf(AssertionError.class)
        .hasMessageEndingWith("(relative error 0.001, tolerance 5.0E-4)");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-6, Double.NaN, Double.POSITIVE_INFINITY})
  void aToleranceThatIsNoneIsRefused(double tolerance) {
    String message = "tolerance must be positive and finite, got " + tolerance;
    assertThatThrownBy(() -> GradientCheck.check(new Tanh(), x, tolerance))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> GradientCheck.check(new MSE(), x, x, tolerance))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** A linear map whose backward halves one element of the weight's gradient. */
  private static final class WrongWeight extends Wrapper {
    private final Linear linear;

    WrongWeight(int in, int out) {
      this(new Linear(in, out, new Generator(7)));
    }

    private WrongWeight(Linear linear) {
      super(linear);
      this.linear = linear;
    }

    @Override
    public Tensor backward(Tensor gradOutput) {
      Tensor before = linear.weight().grad().copy();
      Tensor gx = super.backward(gradOutput);
      double added = linear.weight().grad().get(1, 3) - before.get(1, 3);
      linear.weight().grad().set(before.get(1, 3) + added / 2, 1, 3);
      return gx;
    }
  }
}
