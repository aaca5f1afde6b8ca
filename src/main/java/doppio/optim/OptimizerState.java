package doppio.optim;

import doppio.Tensor;
import doppio.internal.StateReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an optimizer remembers as named tensors, and back. Each key begins with the rule's name, for
 * the buffers of one rule mean nothing to another.
 */
final class OptimizerState {
  private final String rule;
  private final ParameterState[] states;
  private final List<ParameterGroup> groups;

  OptimizerState(String rule, ParameterState[] states, List<ParameterGroup> groups) {
    this.rule = rule;
    this.states = states;
    this.groups = groups;
  }

  Map<String, Tensor> save() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      ParameterGroup group = groups.get(i);
      String key = group(i);
      saved.put(key + "learningRate", Tensor.full(group.learningRate()));
      saved.put(key + "weightDecay", Tensor.full(group.weightDecay()));
      saved.put(key + "decoupledWeightDecay", Tensor.full(group.decoupledWeightDecay()));
    }
    for (int i = 0; i < states.length; i++) {
      ParameterState state = states[i];
      String key = parameter(i);
      saved.put(key + "group", Tensor.full(groups.indexOf(state.group)));
      saved.put(key + "steps", Tensor.full((double) state.steps));
      for (int b = 0; b < state.buffers.size(); b++) {
        int[] shape = state.parameter.value().shape();
        saved.put(key + "buffer." + b, Tensor.wrap(state.buffers.get(b), shape));
      }
    }
    return saved;
  }

  /**
   * Reads a state as a whole.
   *
   * @return what makes the optimizer's state the one read; it cannot fail
   * @throws IllegalArgumentException if the state does not fit; names all that does not
   */
  Runnable read(Map<String, Tensor> saved) {
    for (String key : saved.keySet()) {
      if (!key.startsWith(rule + ".")) {
        throw new IllegalArgumentException(
            "state does not fit " + rule + ": expected keys that begin with it but got " + key);
      }
    }
    StateReader reader = new StateReader(rule, saved);
    List<Runnable> changes = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      changes.add(readGroup(reader, group(i), groups.get(i)));
    }
    for (int i = 0; i < states.length; i++) {
      changes.add(readParameter(reader, parameter(i), states[i]));
    }
    reader.finish();
    return () -> changes.forEach(Runnable::run);
  }

  private static Runnable readGroup(StateReader reader, String key, ParameterGroup group) {
    double learningRate = setting(reader, key + "learningRate");
    double weightDecay = setting(reader, key + "weightDecay");
    double decoupledWeightDecay = setting(reader, key + "decoupledWeightDecay");
    return () ->
        group
            .learningRate(learningRate)
            .weightDecay(weightDecay)
            .decoupledWeightDecay(decoupledWeightDecay);
  }

  private static double setting(StateReader reader, String key) {
    return reader.number(
        key, v -> v >= 0 && v < Double.POSITIVE_INFINITY, "a finite number that is not negative");
  }

  private Runnable readParameter(StateReader reader, String key, ParameterState state) {
    int group = groups.indexOf(state.group);
    reader.number(key + "group", g -> g == group, "group " + group);
    long steps = reader.count(key + "steps", Double.POSITIVE_INFINITY);
    List<double[]> buffers = new ArrayList<>();
    for (int b = 0; reader.has(key + "buffer." + b); b++) {
      int[] shape = state.parameter.value().shape();
      buffers.add(reader.tensor(key + "buffer." + b, shape).data().clone());
    }
    return () -> {
      state.steps = steps;
      state.buffers.clear();
      state.buffers.addAll(buffers);
    };
  }

  private String group(int i) {
    return rule + ".group." + i + ".";
  }

  private String parameter(int i) {
    return rule + ".parameter." + i + ".";
  }
}
