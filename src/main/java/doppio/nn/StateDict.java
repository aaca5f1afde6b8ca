package doppio.nn;

import doppio.Tensor;
import doppio.internal.state.StateReader;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What is given for the numbers of a module, by path: parameters and buffers. */
final class StateDict {
  private StateDict() {}

  /**
   * Checks all, then copies all: into each tensor what one of its names has.
   *
   * @param mine the tensors of the module by all their names
   * @param module its name
   */
  static void load(Map<String, Tensor> mine, String module, Map<String, Tensor> given) {
    Objects.requireNonNull(given, "state");
    StateReader reader = new StateReader("state dict", module, given);
    IdentityHashMap<Tensor, String> source = sources(mine, given);
    mine.forEach((name, tensor) -> read(reader, name, tensor, source.get(tensor), given));
    reader.finish(NameHint.of(mine.keySet(), given.keySet()));
    // Copies first: what is given may be live tensors of this very module, exchanged.
    IdentityHashMap<Tensor, double[]> values = new IdentityHashMap<>();
    source.forEach((tensor, name) -> values.put(tensor, given.get(name).data().clone()));
    values.forEach((tensor, v) -> System.arraycopy(v, 0, tensor.data(), 0, v.length));
  }

  /** For each of the module's tensors the first name that values are given for. */
  private static IdentityHashMap<Tensor, String> sources(
      Map<String, Tensor> mine, Map<String, Tensor> given) {
    IdentityHashMap<Tensor, String> source = new IdentityHashMap<>();
    mine.forEach(
        (name, tensor) -> {
          if (given.get(name) != null) {
            source.putIfAbsent(tensor, name);
          }
        });
    return source;
  }

  /**
   * Reads what is given for one name of a tensor.
   *
   * @param first the name that the tensor's values are taken from; null where there is none
   */
  private static void read(
      StateReader reader, String name, Tensor tensor, String first, Map<String, Tensor> given) {
    if (first != null && given.get(name) == null) {
      return;
    }
    Tensor value = reader.tensor(name, tensor.shape());
    if (first != null
        && given.get(name).sameShape(tensor)
        && !Arrays.equals(value.data(), given.get(first).data())) {
      reader.problem(name + " is shared with " + first + " but has other values");
    }
  }

  /** The entries whose names begin with a path, without it. */
  static Map<String, Tensor> below(String path, Map<String, Tensor> state) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    String prefix = path + ".";
    state.forEach(
        (name, t) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), t);
          }
        });
    return part;
  }
}
