package doppio.nn;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.Names;
import doppio.internal.Observer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

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
 * <p>To write a layer, extend {@link Layer}; to write a network that is no chain, extend {@link
 * Composite}. What a module has is registered in its constructor: {@link #child}, {@link
 * #parameter}, {@link #buffer}, {@link #generator}.
 */
public abstract class Module {
  /** What this module has registered, for this package. */
  final Members<Module> members = new Members<>(module -> module.members);

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
   * Answers a sequence step by step, from its start, with the bits that {@link #infer} gives for
   * all of it.
   *
   * @throws UnsupportedOperationException if a module in it cannot be answered so; the message says
   *     which one, and why
   */
  public final Stepper stepper() {
    return new Stepper(this);
  }

  /**
   * What a {@link Stepper} does here at each step: {@code Steps.alone(this)} if each step is
   * computed by itself, {@code Steps.through(this)} of a composite whose children do all the rest,
   * or {@link Steps} of one's own. By default the module cannot be answered step by step.
   */
  protected Steps steps() {
    throw Steps.missing(this);
  }

  /**
   * What this module is and how it is made again: {@code Description.of(Linear::new).set(…)}, or
   * {@code Description.of(parts -> new Square())} for one without settings. Copies and files need
   * it.
   *
   * @throws UnsupportedOperationException if the class does not override this method; the message
   *     says what to add
   */
  public Description<? extends Module> describe() {
    throw ModuleCopies.undescribed(this);
  }

  /**
   * A module of the same structure and mode with values of its own and no gradients. Parameters and
   * generators that are shared within this module are shared within the copy; generators go on from
   * the same state, and the default generator stays the default.
   *
   * @throws UnsupportedOperationException if a module in it does not {@link #describe} itself
   */
  public final Module copy() {
    return ModuleCopies.copy(this);
  }

  /**
   * A module for another thread to train with: the same parameter values (a step of an optimizer on
   * one is seen by both), but gradients, buffers and generators of its own.
   *
   * @throws UnsupportedOperationException if a module in it does not {@link #describe} itself
   */
  public final Module replica() {
    return ModuleCopies.replica(this);
  }

  /**
   * As {@link #replica()}, with generators that a function gives for the originals, the default one
   * included; it is asked once for each stream.
   */
  public final Module replica(UnaryOperator<Generator> generators) {
    return ModuleCopies.replica(this, generators);
  }

  /** Registers a child under a name, which starts its parameters' names. Returns the child. */
  protected final <M extends Module> M child(String name, M module) {
    return members.register(this, members.children, name, module);
  }

  /** Registers a parameter of this module under a name. Returns the parameter. */
  protected final Parameter parameter(String name, Parameter parameter) {
    return members.register(this, members.parameters, name, parameter);
  }

  /**
   * Registers a buffer under a name: numbers that the module keeps and no optimizer trains. It
   * stands in {@link #stateDict} after the parameters. Returns the tensor.
   */
  protected final Tensor buffer(String name, Tensor tensor) {
    return members.register(this, members.buffers, name, tensor);
  }

  /**
   * Registers the generator that the module draws from, so that checkpoints keep its state and
   * copies get one of their own. Returns the generator.
   */
  protected final Generator generator(String name, Generator generator) {
    return members.register(this, members.generators, name, generator);
  }

  /** The children by name, in the order of their registration. */
  public final Map<String, Module> children() {
    return new LinkedHashMap<>(members.children);
  }

  /**
   * This module and all below it by their paths from here, {@code 2.0} say: this one first, under
   * the empty path, then each child before its own children, as PyTorch orders them. One that
   * stands in two places appears once, under its first path.
   */
  public final Map<String, Module> namedModules() {
    Map<String, Module> named = new LinkedHashMap<>();
    members.walk(this, named::put);
    return named;
  }

  /**
   * The module at a path, {@code 2.0} say; the empty path is this one.
   *
   * @throws IllegalArgumentException if there is none; the message says what there is
   */
  public final Module get(String path) {
    return members.find(this, path, Module::title);
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
    return members.named(this, m -> m.parameters);
  }

  /** The live buffers of this module and all below it, by path. */
  public final Map<String, Tensor> namedBuffers() {
    return members.named(this, m -> m.buffers);
  }

  /**
   * The generators that this module and all below it draw from, by path; one that is shared appears
   * once, under its first path.
   */
  public final Map<String, Generator> namedGenerators() {
    return members.named(this, m -> m.generators);
  }

  /**
   * The live values of the parameters and the live buffers by path, each module's parameters before
   * its buffers, as PyTorch orders them; one that is shared appears under each of its paths.
   */
  public final Map<String, Tensor> stateDict() {
    return members.state();
  }

  /**
   * Copies values into the parameters and buffers. Where a parameter is shared, one of its names is
   * enough.
   *
   * @throws IllegalArgumentException if a key is missing or unknown or has another shape, or the
   *     names of a shared parameter have different values; the message names every such key, and
   *     the module is unchanged
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    StateDict.load(members.state(), name(), state);
  }

  /** Switches this module and all below it to training mode. Returns this module. */
  public final Module train() {
    members.mode(true);
    return this;
  }

  /** Switches this module and all below it to evaluation mode. Returns this module. */
  public final Module eval() {
    members.mode(false);
    return this;
  }

  /** Whether it is in training mode; a {@link Sequential} only if one of its modules is, too. */
  public final boolean isTraining() {
    return members.isTraining();
  }

  /** Forgets the gradients of all parameters, at no cost; see {@link Parameter#zeroGrad()}. */
  public final void zeroGrad() {
    members.parameters.values().forEach(Parameter::zeroGrad);
    members.children.values().forEach(Module::zeroGrad);
  }

  /**
   * A table of the layers with their output shapes and numbers of parameters, found by an {@link
   * #infer} on zeros. A module whose {@code infer} calls others without a {@link Pass} has one row.
   *
   * @param inputShape the shape of an input, {@code 1, 784} say
   * @throws doppio.ShapeException if a layer does not take it
   */
  public final String summary(int... inputShape) {
    return Summary.of(this, members, Module::name, () -> infer(Tensor.zeros(inputShape)));
  }

  /** The module as PyTorch prints it: its name, and its children on lines of their own. */
  @Override
  public String toString() {
    return name() + members.printed();
  }

  /** As {@link #forward}, but the result may be a buffer that the next call overwrites. */
  Tensor forwardShared(Tensor x) {
    return Observer.see(this, x, forward(x));
  }

  /** As {@link #backward}, but the result may be a buffer that the next call overwrites. */
  Tensor backwardShared(Tensor gradOutput) {
    Tensor gx = backward(gradOutput);
    Observer.seeBack(this, gradOutput, gx);
    return gx;
  }

  /** The number of forward passes that left a record, 0 where nobody counts. */
  int passes() {
    return 0;
  }

  /** The name of the class, which an anonymous one has from the class around it. */
  String name() {
    return Names.of(this);
  }

  /** How a message of one line names this module. */
  String title() {
    return members.children.isEmpty() ? toString() : name();
  }

  /** Whether this module or one below it has a parameter that is not frozen. */
  final boolean isTrainable() {
    return members.isTrainable();
  }
}
