package doppio.nn;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.parity.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of {@link ModuleCases} against libtorch, and layers of random shapes. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class LayerParity {
  private static final int RANDOM_SHAPES = 25;

  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#all")
  void outputsAndGradients(ModuleCase c) {
    Generator g = new Generator(5);
    List<Tensor> inputs = new ArrayList<>(c.inputs());
    for (int i = 0; i < RANDOM_SHAPES / 2; i++) {
      inputs.add(c.batch(100 + i, 1 + below(g, 64)));
    }
    for (Tensor x : inputs) {
      if (c.takesInTraining(x) && !AttentionTwin.drops(c.create(1))) {
        compare(c, x, true);
      }
      compare(c, x, false);
    }
  }

  /** Layers that take every shape from rank 1 on. */
  @ParameterizedTest
  @MethodSource("doppio.nn.ModuleCases#layers")
  void randomShapes(ModuleCase c) {
    if (!c.takesAnyShape()) {
      return;
    }
    Generator g = new Generator(6);
    for (int i = 0; i < RANDOM_SHAPES; i++) {
      int[] shape = new int[1 + i % 4];
      Arrays.setAll(shape, d -> 1 + below(g, 12));
      compare(c, RandomTensors.normal(200 + i, shape), true);
    }
  }

  @Test
  void linearsOfRandomWidths() {
    Generator g = new Generator(7);
    for (int i = 0; i < 4 * RANDOM_SHAPES; i++) {
      int in = 1 + below(g, 150);
      int out = 1 + below(g, 150);
      boolean bias = i % 2 == 0;
      String name = "Linear " + in + " to " + out;
      ModuleCase c = new ModuleCase(name, random -> new Linear(in, out, bias, random), in);
      compare(c, i % 10 == 0 ? c.single(300 + i) : c.batch(300 + i, 1 + below(g, 70)), true);
    }
  }

  private static void compare(ModuleCase c, Tensor x, boolean training) {
    long seed = 1;
    try (PointerScope scope = new PointerScope()) {
      Module module = c.create(seed);
      LayerTwin twin = new LayerTwin(training ? module : module.eval(), seed);
      Map<String, Tensor> expected = twin.results(x);
      String what = c + " on " + Arrays.toString(x.shape()) + ",";
      Tally.compare(what, LayerResults.of(module, x), expected, Tally.Bound.ONE_PASS);
      Tally.covers(module);
    }
  }

  private static int below(Generator g, int n) {
    return (int) (g.random32() % n);
  }
}
