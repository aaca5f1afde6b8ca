package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.PlantedLayers.Norm;
import doppio.nn.Dropout;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers with state and random ones are checked in the mode that they are trained in. */
class TrainingModeCheckTest {
  private final Generator generator = new Generator(1);
  private final Tensor x = RandomTensors.normal(2, 5, 4);

  @Test
  void randomLayersAndThoseWithStateAreRight() {
    GradientCheck.checkTraining(network(), x);
    GradientCheck.checkTraining(new Dropout(0.5, generator), x);
    GradientCheck.checkTraining(new Norm(4, 1), x);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void buffersGeneratorsModesAndValuesAreLeftAsTheyWere(boolean training) {
    Module net = network();
    net.forward(x);
    net.get("1").eval();
    Map<String, double[]> before = numbers(net);
    long[] draws = generator.state();
    if (training) {
      GradientCheck.checkTraining(net, x);
    } else {
      GradientCheck.check(net, x);
    }
    assertThat(net.isTraining()).isTrue();
    assertThat(net.get("1").isTraining()).isFalse();
    assertThat(net.get("2").isTraining()).isTrue();
    assertThat(generator.state()).isEqualTo(draws);
    assertThat(numbers(net)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void aFailureLeavesBuffersAndGeneratorsToo() {
    Module net = new Sequential(network(), new Elementwise(Math::sin, Math::sin));
    Map<String, double[]> before = numbers(net);
    long[] draws = generator.state();
    assertThatThrownBy(() -> GradientCheck.checkTraining(net, x))
        .isInstanceOf(AssertionError.class);
    assertThat(generator.state()).isEqualTo(draws);
    assertThat(numbers(net)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void whatIsWrongInTrainingAloneIsFoundThere() {
    Layer wrong =
        new Layer() {
          @Override
          protected void compute(Tensor in, Tensor y) {
            System.arraycopy(in.data(), 0, y.data(), 0, in.size());
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < gy.size(); i++) {
              gx.data()[i] = (wasTraining() ? 1.5 : 1) * gy.data()[i];
            }
          }
        };
    Module net = new Sequential(new Tanh(), wrong);
    GradientCheck.check(net, x);
    assertThatThrownBy(() -> GradientCheck.checkTraining(net, x))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("(layer 1 of Sequential): analytic ")
        .hasMessageEndingWith(" (relative error 0.33, tolerance 1.0E-6)");
    GradientCheck.checkTraining(net, x, 0.4);
    assertThatThrownBy(() -> GradientCheck.checkTraining(net, x, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tolerance must be positive and finite, got 0.0");
  }

  /** As a function it draws the same numbers each time, or nothing could be measured. */
  @Test
  void aRandomLayerThatIsWrongIsFound() {
    Layer wrong =
        new Layer() {
          private final Generator random = generator("generator", new Generator(1));
          private double[] mask = {};

          @Override
          protected void compute(Tensor in, Tensor y) {
            System.arraycopy(in.data(), 0, y.data(), 0, in.size());
          }

          @Override
          protected void record(Tensor in, Tensor y) {
            mask = new double[in.size()];
            random.bernoulli(mask, 0.5);
            for (int i = 0; i < mask.length; i++) {
              y.data()[i] = mask[i] * in.data()[i];
            }
          }

          @Override
          protected void inputGradient(Tensor in, Tensor y, Tensor gy, Tensor gx) {
            for (int i = 0; i < mask.length; i++) {
              gx.data()[i] = 1.25 * mask[i] * gy.data()[i];
            }
          }
        };
    assertThatThrownBy(() -> GradientCheck.checkTraining(wrong, x))
        .isInstanceOf(AssertionError.class)
        .hasMessageEndingWith(" (relative error 0.2, tolerance 1.0E-6)");
  }

  private Module network() {
    return new Sequential(
        new Linear(4, 3, generator),
        new Dropout(0.5, generator),
        new Norm(3, 5),
        new Tanh(),
        new Dropout(0.2, generator));
  }

  private static Map<String, double[]> numbers(Module net) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    net.stateDict().forEach((path, t) -> numbers.put(path, t.data().clone()));
    return numbers;
  }
}
