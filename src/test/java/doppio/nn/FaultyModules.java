package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Goes through each module there and back once for each place where memory may be too little, which
 * it is there, and again. Made for {@link doppio.fault.FaultyClasses}.
 */
public final class FaultyModules implements Supplier<Map<String, Integer>> {
  private int modules;
  private int errors;

  /** For {@link doppio.fault.FaultyClasses}. */
  public FaultyModules(String unused) {}

  @Override
  public Map<String, Integer> get() {
    ModuleCases.all().forEach(c -> new Subject(c).failEverywhere());
    return Map.of("modules", modules, "errors", errors);
  }

  /** A module and two batches of other sizes. */
  private final class Subject {
    private final ModuleCase c;
    private final Tensor[] inputs;
    private final Tensor[] gradients;
    private final List<List<Long>> expected = new ArrayList<>();

    Subject(ModuleCase c) {
      this.c = c;
      inputs = new Tensor[] {c.batch(2, 3), c.batch(3, 6)};
      gradients = new Tensor[inputs.length];
      Module module = c.create(1);
      for (int i = 0; i < inputs.length; i++) {
        gradients[i] = RandomTensors.normal(4, module.infer(inputs[i]).shape());
        expected.add(pass(module, i));
      }
    }

    void failEverywhere() {
      modules++;
      Module noted = c.create(1);
      Fault.record();
      for (int i = 0; i < inputs.length; i++) {
        assertThat(new Before(noted)).isNotNull();
        pass(noted, i);
      }
      for (int call : Fault.calls()) {
        failAt(call, false);
        failAt(call, true);
      }
    }

    private void failAt(int call, boolean goesOn) {
      Module module = c.create(1);
      int passed = 0;
      Before before = null;
      Fault.arm(call, goesOn);
      try {
        while (passed < inputs.length) {
          before = null;
          before = new Before(module);
          List<Long> numbers = pass(module, passed);
          assertThat(numbers).isEqualTo(expected.get(passed));
          passed++;
        }
      } catch (OutOfMemoryError e) {
        assertThat(e).hasMessage("of a test");
      } finally {
        errors += Fault.disarm() ? 1 : 0;
      }
      if (before != null && passed < inputs.length) {
        before.putBack();
      }
      for (int i = passed; i < inputs.length; i++) {
        assertThat(pass(module, i))
            .as("%s: call %s%s", c, call, goesOn ? " and all after it" : "")
            .isEqualTo(expected.get(i));
      }
    }

    private List<Long> pass(Module module, int i) {
      module.zeroGrad();
      Tensor y = module.forward(inputs[i]);
      Tensor gx = module.backward(gradients[i]);
      List<Long> numbers = new ArrayList<>();
      add(numbers, y);
      add(numbers, gx);
      for (Parameter parameter : module.parameters()) {
        add(numbers, parameter.grad());
      }
      add(numbers, module.infer(inputs[i]));
      return numbers;
    }
  }

  /** What a pass moves beside the gradients. */
  private static final class Before {
    private final List<Tensor> buffers;
    private final List<double[]> values;
    private final List<Generator> generators;
    private final List<long[]> states;

    Before(Module module) {
      buffers = List.copyOf(module.namedBuffers().values());
      values = buffers.stream().map(b -> b.data().clone()).toList();
      generators = List.copyOf(module.namedGenerators().values());
      states = generators.stream().map(Generator::state).toList();
    }

    void putBack() {
      for (int i = 0; i < buffers.size(); i++) {
        System.arraycopy(values.get(i), 0, buffers.get(i).data(), 0, values.get(i).length);
      }
      for (int i = 0; i < generators.size(); i++) {
        generators.get(i).state(states.get(i));
      }
    }
  }

  private static void add(List<Long> numbers, Tensor tensor) {
    for (double value : tensor.data()) {
      numbers.add(Double.doubleToLongBits(value));
    }
  }
}
