package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every module does step by step, on every row of {@link ModuleCases}. */
class StepperLawsTest {
  private static final String ALL = "doppio.nn.ModuleCases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void theStepsAreThoseOfTheWholeSequenceOrTheModuleSaysByNameThatItHasNone(ModuleCase c) {
    Module module = c.create(1);
    Stepper stepper;
    try {
      stepper = module.stepper();
    } catch (UnsupportedOperationException e) {
      assertThat(e).hasMessageContaining(" cannot be answered step by step: ");
      assertThat(module.namedModules().values())
          .anyMatch(m -> e.getMessage().contains(m.getClass().getSimpleName()));
      return;
    }
    Tensor x = sequence(c);
    Tensor expected = outputs(module, x);
    assertSame(steps(stepper, x), expected);
    stepper.reset();
    assertSame(steps(stepper, x), expected);
  }

  /** Of a module that makes one vector of a sequence, those of what has come so far. */
  private static Tensor outputs(Module module, Tensor x) {
    Tensor whole = module.infer(x);
    if (whole.rank() == 2) {
      return whole;
    }
    int width = whole.size();
    Tensor all = Tensor.zeros(x.dim(0), width);
    for (int t = 0; t < x.dim(0); t++) {
      double[] start = Arrays.copyOf(x.data(), (t + 1) * x.dim(1));
      Tensor y = module.infer(Tensor.wrap(start, t + 1, x.dim(1)));
      System.arraycopy(y.data(), 0, all.data(), t * width, width);
    }
    return all;
  }

  /** Not one that is always refused. */
  @Test
  void mostLayersCanBeStepped() {
    long steppable = ModuleCases.layers().filter(c -> steppable(c.create(1))).count();
    assertThat(steppable).isGreaterThanOrEqualTo(22);
  }

  private static boolean steppable(Module module) {
    try {
      return module.stepper() != null;
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  /** Samples of rank 1 are steps, of rank 2 sequences. */
  private static Tensor sequence(ModuleCase c) {
    Tensor single = c.single(2);
    assertThat(single.rank()).as("the rank of a sample that has steps").isBetween(1, 2);
    return single.rank() == 2 ? single : c.input(3, 7, single.dim(0));
  }

  /** The outputs of all steps of {@code [t, f]}, one below the other. */
  static Tensor steps(Stepper stepper, Tensor x) {
    Tensor[] outputs = new Tensor[x.dim(0)];
    for (int t = 0; t < outputs.length; t++) {
      int from = t * x.dim(1);
      outputs[t] = stepper.step(Tensor.of(Arrays.copyOfRange(x.data(), from, from + x.dim(1))));
    }
    int width = outputs[0].size();
    Tensor all = Tensor.zeros(outputs.length, width);
    for (int t = 0; t < outputs.length; t++) {
      System.arraycopy(outputs[t].data(), 0, all.data(), t * width, width);
    }
    return all;
  }
}
