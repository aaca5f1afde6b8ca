package doppio.optim;

import doppio.Tensor;
import doppio.internal.Names;
import doppio.internal.Require;
import doppio.internal.state.StateReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an optimizer remembers as named tensors, and back. Each key begins with the rule's name, for
 * the buffers of one rule mean nothing to another.
 */
final class OptimizerState {
  /** What a message calls the optimizer. */
  private final String owner;

  /** What its keys begin with: an anonymous class has no name that would last. */
  private final String rule;

  private final ParameterState[] states;
  private final List<ParameterGroup> groups;

  /** What the rule says of its buffers, or null where it says nothing. */
  private final List<BufferKind> kinds;

  OptimizerState(
      Class<?> type, ParameterState[] states, List<ParameterGroup> groups, List<BufferKind> kinds) {
    owner = Names.of(type);
    rule = type.getSimpleName();
    this.states = states;
    this.groups = groups;
    this.kinds = kinds;
  }

  Map<String, Tensor> save() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      ParameterGroup group = groups.get(i);
      String key = group(i);
      saved.put(key + "learningRate", Tensor.full(group.learningRate()));
      saved.put(key + "weightDecay", Tensor.full(group.weightDecay()));
      if (group.hasDecoupledWeightDecay()) {
        saved.put(key + "decoupledWeightDecay", Tensor.full(group.decoupledWeightDecay()));
      }
    }
    for (int i = 0; i < states.length; i++) {
      ParameterState state = states[i];
      String key = parameter(i);
      saved.put(key + "group", Tensor.full(groups.indexOf(state.group)));
      saved.put(key + "steps", Tensor.full((double) state.steps));
      for (int b = 0; b < state.buffers.size(); b++) {
        double[] buffer = state.buffers.get(b);
        // Without a step there is none but what a step has made that failed.
        if (buffer != null && state.steps > 0) {
          saved.put(key + "buffer." + b, Tensor.wrap(buffer, state.parameter.value().shape()));
        }
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
    Objects.requireNonNull(saved, "state");
    for (String key : Require.noNull("names in state", saved.keySet())) {
      if (!key.startsWith(rule + ".")) {
        throw new IllegalArgumentException(
            "state does not fit " + owner + ": expected keys that begin with it but got " + key);
      }
    }
    StateReader reader = new StateReader(owner, saved);
    List<Runnable> changes = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      changes.add(readGroup(reader, group(i), groups.get(i)));
    }
    for (int i = 0; i < states.length; i++) {
      changes.add(readParameter(reader, parameter(i), states[i], saved));
    }
    reader.finish();
    return () -> changes.forEach(Runnable::run);
  }

  private static Runnable readGroup(StateReader reader, String key, ParameterGroup group) {
    double learningRate = setting(reader, key + "learningRate");
    double weightDecay = setting(reader, key + "weightDecay");
    if (!group.hasDecoupledWeightDecay()) {
      return () -> group.savedLearningRate(learningRate).weightDecay(weightDecay);
    }
    double decoupledWeightDecay = setting(reader, key + "decoupledWeightDecay");
    return () ->
        group
            .savedLearningRate(learningRate)
            .weightDecay(weightDecay)
            .decoupledWeightDecay(decoupledWeightDecay);
  }

  private static double setting(StateReader reader, String key) {
    return reader.number(key, Require::isFiniteNotNegative, "a finite number that is not negative");
  }

  private Runnable readParameter(
      StateReader reader, String key, ParameterState state, Map<String, Tensor> saved) {
    int group = groups.indexOf(state.group);
    reader.number(key + "group", g -> g == group, "group " + group);
    boolean untouched = isZero(saved.get(key + "steps"));
    long steps = reader.count(key + "steps", Double.POSITIVE_INFINITY);
    List<double[]> buffers =
        untouched ? new ArrayList<>(2) : readBuffers(reader, key + "buffer.", state);
    return () -> {
      state.steps = steps;
      state.buffers = buffers;
    };
  }

  /** All that the rule has, or where it does not say, as many as there are. */
  private List<double[]> readBuffers(StateReader reader, String key, ParameterState state) {
    List<double[]> buffers = new ArrayList<>();
    if (kinds == null) {
      for (int b = 0; reader.has(key + b); b++) {
        buffers.add(readBuffer(reader, key + b, state, BufferKind.FINITE));
      }
    } else {
      for (int b = 0; b < kinds.size(); b++) {
        BufferKind kind = kinds.get(b);
        buffers.add(kind == BufferKind.UNUSED ? null : readBuffer(reader, key + b, state, kind));
      }
    }
    return buffers;
  }

  private static double[] readBuffer(
      StateReader reader, String key, ParameterState state, BufferKind kind) {
    double[] values = reader.tensor(key, state.parameter.value().shape()).data().clone();
    for (int i = 0; i < values.length; i++) {
      if (!kind.fits(values[i])) {
        reader.problem(
            key + " expects " + kind.expected + " but element " + i + " is " + values[i]);
        break;
      }
    }
    return values;
  }

  private static boolean isZero(Tensor steps) {
    return steps != null && steps.rank() == 0 && steps.get() == 0;
  }

  private String group(int i) {
    return rule + ".group." + i + ".";
  }

  private String parameter(int i) {
    return rule + ".parameter." + i + ".";
  }
}
