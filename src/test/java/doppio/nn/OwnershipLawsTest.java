package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.nn.ModuleCase.gradients;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.RandomTensors;
import doppio.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who owns which numbers, on every row of {@link ModuleCases}. */
class OwnershipLawsTest {
  private static final String ALL = "doppio.nn.ModuleCases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void stateMakesTheRoundTrip(ModuleCase c) {
    Module original = c.create(1);
    Module other = c.create(2);
    Tensor x = c.batch(3, 4);
    Tensor y = original.infer(x);
    if (!original.parameters().isEmpty()) {
      assertThat(other.infer(x).data()).isNotEqualTo(y.data());
    }
    other.loadStateDict(original.stateDict());
    assertThat(other.stateDict().keySet()).containsExactlyElementsOf(original.stateDict().keySet());
    assertSame(other.infer(x), y);
    other.parameters().forEach(p -> p.value().fill(7));
    assertSame(original.infer(x), y);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void copyHasTheSameOutputsAndModesAndValuesOfItsOwn(ModuleCase c) {
    Module original = c.create(1);
    original.eval();
    original.children().values().stream().findFirst().ifPresent(Module::train);
    original.parameters().stream().findFirst().ifPresent(p -> p.frozen(true));
    Tensor x = c.batch(3, 4);
    original.forward(x);
    Tensor y = original.infer(x);
    original.backward(y);

    Module copy = original.copy();
    assertThat(copy.getClass()).isEqualTo(original.getClass());
    assertThat(copy.toString()).isEqualTo(original.toString());
    assertThat(modes(copy)).isEqualTo(modes(original));
    assertThat(copy.parameters()).hasSameSizeAs(original.parameters());
    assertThat(copy.parameters().stream().map(Parameter::isFrozen))
        .containsExactlyElementsOf(
            original.parameters().stream().map(Parameter::isFrozen).toList());
    assertThat(copy.parameters().stream().anyMatch(Parameter::hasGradient)).isFalse();
    assertThatThrownBy(() -> copy.backward(y)).isInstanceOf(IllegalStateException.class);
    assertSame(copy.infer(x), y);
    copy.parameters().forEach(p -> p.value().fill(7));
    assertSame(original.infer(x), y);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aCopySharesNoBuffers(ModuleCase c) {
    Module original = c.create(1).eval();
    Tensor gy = RandomTensors.normal(3, original.forward(c.batch(2, 3)).shape());
    Tensor expected = original.backward(gy);
    Module copy = original.copy();
    copy.forward(c.batch(4, 3));
    assertSame(original.backward(gy), expected);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void resultsHeldAreNotOverwritten(ModuleCase c) {
    Module module = c.create(1);
    Tensor x = c.batch(2, 3);
    Tensor y = module.forward(x);
    Tensor gx = module.backward(RandomTensors.normal(3, y.shape()));
    Tensor inferred = module.infer(x);
    List<Tensor> held = List.of(y, gx, inferred);
    List<Tensor> before = held.stream().map(Tensor::copy).toList();

    Tensor later = c.batch(4, 3);
    module.infer(later);
    assertSame(held, before);
    module.forward(later);
    assertSame(held, before);
    module.backward(RandomTensors.normal(5, y.shape()));
    assertSame(held, before);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void writingToResultsOrInferringDoesNotChangeBackward(ModuleCase c) {
    Module module = c.create(1).eval();
    Module untouched = module.copy();
    Tensor x = c.batch(2, 3);
    Tensor gy = RandomTensors.normal(3, module.infer(x).shape());
    untouched.forward(x);
    Tensor expected = untouched.backward(gy);

    module.forward(x).fill(Double.NaN);
    module.infer(c.batch(4, 3)).fill(Double.NaN);
    module.infer(c.batch(5, 2));
    assertSame(module.backward(gy), expected);
    module.backward(gy).fill(Double.NaN);
    module.zeroGrad();
    assertSame(module.backward(gy), expected);
    assertSame(gradients(module), gradients(untouched));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void argumentsAreNotWrittenTo(ModuleCase c) {
    for (Tensor x : c.inputs()) {
      Module module = c.inModeForAll(c.create(1));
      Tensor gy = RandomTensors.normal(2, module.infer(x).shape());
      List<Tensor> arguments = List.of(x, gy);
      List<Tensor> before = List.of(x.copy(), gy.copy());
      module.forward(x);
      module.backward(gy);
      module.accumulateGradients(gy);
      assertSame(arguments, before);
    }
  }

  /** The modes of a module and all below it. */
  private static List<Boolean> modes(Module module) {
    List<Boolean> modes = new ArrayList<>();
    modes.add(module.isTraining());
    module.children().values().forEach(child -> modes.addAll(modes(child)));
    return modes;
  }
}
