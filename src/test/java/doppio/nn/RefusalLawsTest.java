package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What modules refuse, and in which words, on the rows of {@link ModuleCases}. */
class RefusalLawsTest {
  private static final String REFUSING = "doppio.nn.ModuleCases#refusing";

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void backwardBeforeForwardIsRefused(ModuleCase c) {
    Module module = c.create(1);
    Tensor gy = Tensor.zeros(module.infer(c.batch(2, 3)).shape());
    String message = unready(module) + ": backward before forward";
    assertThatThrownBy(() -> module.backward(gy))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> module.accumulateGradients(gy))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#layers")
  void gradientsOfAnotherShapeAreRefused(ModuleCase c) {
    Module module = c.create(1).eval();
    Module nested = new Sequential(new Sequential(module));
    Tensor x = c.batch(2, 3);
    Tensor y = nested.forward(x);
    int[] wrong = y.shape();
    wrong[0]++;
    String problem =
        module
            + " expects a gradient "
            + Arrays.toString(y.shape())
            + " but got "
            + Arrays.toString(wrong);
    assertShapeException(() -> module.backward(Tensor.zeros(wrong)), problem);
    String located = problem + " (layer 0.0 of Sequential)";
    assertShapeException(() -> nested.backward(Tensor.zeros(wrong)), located);
    if (module.isTrainable()) {
      assertShapeException(() -> module.accumulateGradients(Tensor.zeros(wrong)), problem);
      assertShapeException(() -> nested.accumulateGradients(Tensor.zeros(wrong)), located);
    }
    assertThat(module.parameters().stream().anyMatch(Parameter::hasGradient)).isFalse();
    assertThat(nested.backward(y).shape()).isEqualTo(x.shape());
  }

  @ParameterizedTest
  @MethodSource(REFUSING)
  void inputsOfAnotherShapeAreRefused(ModuleCase c) {
    Module module = c.create(1);
    String container = module.getClass().getSimpleName();
    for (ModuleCase.Refusal r : c.refusals()) {
      Tensor wrong = r.input();
      String path = r.path().isEmpty() ? "" : " (layer " + r.path() + " of " + container + ")";
      assertShapeException(() -> module.forward(wrong), r.problem() + path);
      assertShapeException(() -> module.infer(wrong), r.problem() + path);
    }
  }

  @ParameterizedTest
  @MethodSource(REFUSING)
  void refusalsNameThePathInsideContainers(ModuleCase c) {
    Module model =
        new Sequential(new Tanh(), new ReLU(), new Sequential(c.create(1), new Tanh()), new Tanh());
    for (ModuleCase.Refusal r : c.refusals()) {
      Tensor wrong = r.input();
      String path = r.path().isEmpty() ? "2.0" : "2.0." + r.path();
      String message = r.problem() + " (layer " + path + " of Sequential)";
      assertShapeException(() -> model.forward(wrong), message);
      assertShapeException(() -> model.infer(wrong), message);
    }
  }

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#refusingLayers")
  void refusedInputLeavesTheLayerAsItWas(ModuleCase c) {
    Module layer = c.create(1).eval();
    Tensor x = c.batch(2, 3);
    Tensor gy = RandomTensors.normal(3, layer.forward(x).shape());
    Tensor expected = layer.backward(gy);
    for (ModuleCase.Refusal r : c.refusals()) {
      assertThatThrownBy(() -> layer.forward(r.input())).isInstanceOf(ShapeException.class);
      assertSame(layer.backward(gy), expected);
    }
  }

  /** What the message of a backward before forward starts with. */
  private static String unready(Module module) {
    if (module instanceof ResidualBlock) {
      return unready(module.children().get("body"));
    }
    return module.title();
  }
}
