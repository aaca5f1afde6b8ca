package doppio.nn;

import doppio.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A differentiable function with parameters: a layer, or a network of them.
 *
 * <p>{@link #forward} computes the output and remembers what {@link #backward} needs; {@code
 * backward} adds to the parameters' gradients and returns the gradient with respect to the input.
 * {@link #infer} only computes: it writes no field, and any number of threads may call it on one
 * module at once. A tensor that any of them has returned is never overwritten.
 *
 * <p>A module starts in training mode; {@link #eval()} switches it and its children to evaluation.
 *
 * <p>To write a layer, extend {@link Layer}. To write a network that is no chain, extend this
 * class: register the children in the constructor with {@link #child} and call them in {@code
 * forward}, {@code backward} and {@code infer}.
 */
public abstract class Module {
  private final Map<String, Module> children = new LinkedHashMap<>();
  private final Map<String, Parameter> own = new LinkedHashMap<>();
  private boolean training = true;

  /** For subclasses. */
  protected Module() {}

  /**
   * The output for the input, in the mode that the module is in. Keeps a reference to the input
   * until {@link #backward}: do not write to it in between.
   */
  public abstract Tensor forward(Tensor x);

  /**
   * Adds to the parameters' gradients and returns the gradient with respect to the last input of
   * {@link #forward}.
   *
   * @param gradOutput the gradient with respect to the last output, of its shape
   * @throws IllegalStateException if there was no {@code forward}
   * @throws doppio.ShapeException if the gradient has another shape than the output
   */
  public abstract Tensor backward(Tensor gradOutput);

  /** Adds to the parameters' gradients as {@link #backward} does; nobody asks for the input's. */
  public void accumulateGradients(Tensor gradOutput) {
    backward(gradOutput);
  }

  /** The output for the input in evaluation mode; safe from any number of threads at once. */
  public abstract Tensor infer(Tensor x);

  /**
   * Copies this module alone: calls the constructor with {@code copies.of(…)} of each parameter and
   * child. {@link #copy()} calls it; a module that can be copied overrides it.
   */
  protected Module copy(Copies copies) {
    throw new UnsupportedOperationException(
        getClass().getSimpleName() + " does not override copy(Copies)");
  }

  /** A module of the same structure and mode with values of its own and no gradients. */
  public Module copy() {
    return new Copies().of(this);
  }

  /** Registers a child under a name, which starts its parameters' names. Returns the child. */
  protected final <M extends Module> M child(String name, M module) {
    register(children, name, module);
    return module;
  }

  /** Registers a parameter of this module under a name. Returns the parameter. */
  protected final Parameter parameter(String name, Parameter parameter) {
    register(own, name, parameter);
    return parameter;
  }

  /** The children by name, in the order of their registration. */
  public final Map<String, Module> children() {
    return new LinkedHashMap<>(children);
  }

  /** The parameters of this module and all below it, each once, however often it is shared. */
  public final List<Parameter> parameters() {
    return new ArrayList<>(namedParameters().values());
  }

  /**
   * The parameters by their path from this module, {@code 2.0.bias} say; one that is shared appears
   * once, under its first path.
   */
  public final Map<String, Parameter> namedParameters() {
    Map<String, Parameter> named = new LinkedHashMap<>();
    IdentityHashMap<Parameter, Boolean> seen = new IdentityHashMap<>();
    visit(
        "",
        (name, p) -> {
          if (seen.put(p, true) == null) {
            named.put(name, p);
          }
        });
    return named;
  }

  /**
   * The live values of the parameters by path; one that is shared appears under each of its paths.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    visit("", (name, p) -> state.put(name, p.value()));
    return state;
  }

  /**
   * Copies values into the parameters.
   *
   * @throws IllegalArgumentException if a key is missing or unknown or has another shape; the
   *     message names every such key, and the module is unchanged
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    Map<String, Tensor> mine = stateDict();
    StringBuilder problems = new StringBuilder();
    mine.forEach(
        (name, value) -> {
          Tensor given = state.get(name);
          if (given == null) {
            problems.append("; missing ").append(name);
          } else if (!given.sameShape(value)) {
            problems
                .append("; ")
                .append(name)
                .append(" expects ")
                .append(Arrays.toString(value.shape()))
                .append(" but got ")
                .append(Arrays.toString(given.shape()));
          }
        });
    for (String name : state.keySet()) {
      if (!mine.containsKey(name)) {
        problems.append("; unexpected ").append(name);
      }
    }
    if (problems.length() > 0) {
      throw new IllegalArgumentException(
          "state dict does not fit " + getClass().getSimpleName() + ": " + problems.substring(2));
    }
    mine.forEach(
        (name, value) ->
            System.arraycopy(state.get(name).data(), 0, value.data(), 0, value.size()));
  }

  /** Switches this module and all below it to training mode. Returns this module. */
  public final Module train() {
    return mode(true);
  }

  /** Switches this module and all below it to evaluation mode. Returns this module. */
  public final Module eval() {
    return mode(false);
  }

  /** Whether the module is in training mode. */
  public final boolean isTraining() {
    return training;
  }

  /** Forgets the gradients of all parameters, at no cost; see {@link Parameter#zeroGrad()}. */
  public final void zeroGrad() {
    visit("", (name, p) -> p.zeroGrad());
  }

  /**
   * A table of the layers with their output shapes and numbers of parameters, found by an {@link
   * #infer} on zeros.
   *
   * @param inputShape the shape of an input, {@code 1, 784} say
   * @throws doppio.ShapeException if a layer does not take it
   */
  public final String summary(int... inputShape) {
    return Summary.of(this, inputShape);
  }

  /** The module as PyTorch prints it: its name, and its children on lines of their own. */
  @Override
  public String toString() {
    String name = getClass().getSimpleName();
    if (children.isEmpty()) {
      return name + "()";
    }
    StringBuilder s = new StringBuilder(name).append("(\n");
    children.forEach(
        (key, module) ->
            s.append("  (")
                .append(key)
                .append("): ")
                .append(module.toString().replace("\n", "\n  "))
                .append('\n'));
    return s.append(')').toString();
  }

  /**
   * As {@link #forward}, but the result may be a buffer that the next call overwrites: how a {@link
   * Sequential} calls its children.
   */
  Tensor forwardShared(Tensor x) {
    return forward(x);
  }

  /** As {@link #backward}, but the result may be a buffer that the next call overwrites. */
  Tensor backwardShared(Tensor gradOutput) {
    return backward(gradOutput);
  }

  /** Whether this module or one below it has a parameter that is not frozen. */
  final boolean isTrainable() {
    for (Parameter p : own.values()) {
      if (!p.isFrozen()) {
        return true;
      }
    }
    for (Module m : children.values()) {
      if (m.isTrainable()) {
        return true;
      }
    }
    return false;
  }

  final Module copyInMode(Copies copies) {
    Module twin = copy(copies);
    twin.training = training;
    return twin;
  }

  private Module mode(boolean training) {
    this.training = training;
    children.values().forEach(m -> m.mode(training));
    return this;
  }

  private void visit(String prefix, BiConsumer<String, Parameter> visitor) {
    own.forEach((name, p) -> visitor.accept(prefix + name, p));
    children.forEach((name, m) -> m.visit(prefix + name + ".", visitor));
  }

  private <T> void register(Map<String, T> map, String name, T thing) {
    if (name.isEmpty() || name.contains(".")) {
      throw new IllegalArgumentException("a name must be non-empty and without dots: " + name);
    }
    if (children.containsKey(name) || own.containsKey(name)) {
      throw new IllegalArgumentException(getClass().getSimpleName() + " has two of name " + name);
    }
    if (thing == null) {
      throw new IllegalArgumentException(name + " of " + getClass().getSimpleName() + " is null");
    }
    map.put(name, thing);
  }
}
