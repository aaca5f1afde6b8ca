package doppio.train;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Module;
import java.util.LinkedHashMap;
import java.util.Map;

/** Generators of a model, and their states as tensors, which hold 32-bit words exactly. */
final class Generators {
  /** A module's only generator, which the module's own path stands for. */
  private static final String NAME = "generator";

  private Generators() {}

  /** Each generator that the model's modules draw from, once, under the path of the first. */
  static Map<String, Generator> of(Module model) {
    Map<String, Generator> found = new LinkedHashMap<>();
    model
        .namedGenerators()
        .forEach(
            (path, generator) -> {
              String module = path.equals(NAME) ? "" : path.replaceFirst("\\." + NAME + "$", "");
              found.put(module.isEmpty() ? "model" : "model." + module, generator);
            });
    return found;
  }

  /** The state {@code [626]}: the words, the place, and the normal number that is left over. */
  static Tensor toTensor(long[] state) {
    Tensor t = Tensor.zeros(state.length);
    int last = state.length - 1;
    for (int i = 0; i < last; i++) {
      t.data()[i] = state[i];
    }
    t.data()[last] = Double.longBitsToDouble(state[last]);
    return t;
  }

  /**
   * The state that a tensor holds.
   *
   * @throws IllegalArgumentException if it holds none
   */
  static long[] fromTensor(double[] values) {
    long[] state = new long[values.length];
    int last = values.length - 1;
    for (int i = 0; i < last; i++) {
      state[i] = (long) values[i];
      if (state[i] != values[i]) {
        throw new IllegalArgumentException(
            "number " + i + " of the state must be whole, got " + values[i]);
      }
    }
    if (last >= 0) {
      state[last] = Double.doubleToLongBits(values[last]);
    }
    return new Generator(0).state(state).state();
  }
}
