package doppio.train;

import doppio.Tensor;
import doppio.internal.state.StateReader;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.util.List;
import java.util.Map;

/** Which parameters of a model are frozen, in their order: 1, else 0. */
final class FrozenState {
  private static final String KEY = "parameters";

  private FrozenState() {}

  static Map<String, Tensor> save(Module model) {
    double[] flags = model.parameters().stream().mapToDouble(p -> p.isFrozen() ? 1 : 0).toArray();
    return Map.of(KEY, Tensor.of(flags));
  }

  /** Leaves all as it is where a file, of 0.1.0, does not say. */
  static Runnable read(Module model, Map<String, Tensor> state) {
    if (state.isEmpty()) {
      return () -> {};
    }
    List<Parameter> parameters = model.parameters();
    StateReader reader = new StateReader("the frozen parameters", state);
    double[] flags = reader.tensor(KEY, parameters.size()).data().clone();
    for (double flag : flags) {
      if (flag != 0 && flag != 1) {
        reader.problem(KEY + " expects 0 or 1 but got " + flag);
      }
    }
    reader.finish();
    return () -> {
      for (int i = 0; i < flags.length; i++) {
        parameters.get(i).frozen(flags[i] == 1);
      }
    };
  }
}
