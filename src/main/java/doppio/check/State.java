package doppio.check;

import doppio.Generator;
import doppio.Tensor;
import doppio.nn.Module;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The buffers and generators of a module as they are at one moment. */
final class State {
  private final Map<String, Tensor> buffers;
  private final Map<String, Generator> generators;
  private final Map<String, double[]> numbers = new LinkedHashMap<>();
  private final Map<String, long[]> draws = new LinkedHashMap<>();

  State(Module module) {
    buffers = module.namedBuffers();
    generators = module.namedGenerators();
    buffers.forEach((path, buffer) -> numbers.put(path, buffer.data().clone()));
    generators.forEach((path, generator) -> draws.put(path, generator.state()));
  }

  /** Puts everything back. */
  void restore() {
    numbers.forEach(
        (path, old) -> System.arraycopy(old, 0, buffers.get(path).data(), 0, old.length));
    draws.forEach((path, old) -> generators.get(path).state(old));
  }

  /** The paths of what is different now. */
  Set<String> changes() {
    Set<String> changed = movedGenerators();
    numbers.forEach(
        (path, old) -> {
          if (!Arrays.equals(old, buffers.get(path).data())) {
            changed.add(path);
          }
        });
    return changed;
  }

  /** The paths of the generators that have been drawn from. */
  Set<String> movedGenerators() {
    Set<String> moved = new LinkedHashSet<>();
    draws.forEach(
        (path, old) -> {
          if (!Arrays.equals(old, generators.get(path).state())) {
            moved.add(path);
          }
        });
    return moved;
  }
}
