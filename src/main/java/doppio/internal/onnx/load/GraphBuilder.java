package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxTensor;
import doppio.internal.state.JsonWriter;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns nodes into steps, in the file's order. What depends on no input is computed on the way, as
 * far as there is memory and time for it, and else when the graph is; shapes are followed for one
 * or several sizes of the batch, so that what a graph computes of its own shapes can be told from
 * what it computes of its input.
 */
final class GraphBuilder {
  /** Numbers of a value that may be followed through the graph: a shape's. */
  private static final int FEW = 64;

  private final OnnxModel model;
  private final Folding folding;
  private final boolean isDouble;
  private final int trials;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<Integer, Step> producers = new HashMap<>();
  private final Map<Integer, Parameter> parameters = new HashMap<>();
  private final Set<Integer> trained = new HashSet<>();
  private final Map<Integer, Integer> origins = new HashMap<>();
  private final Map<Integer, Parameter> transposed = new HashMap<>();

  /** How often a name is read, and a slot under all its names. */
  private final Map<String, Integer> read = new HashMap<>();

  private final Map<Integer, Integer> readers = new HashMap<>();
  private final Moves moves;

  /**
   * A builder of a graph.
   *
   * @param input the name of the input, which gets the first slot
   * @param type the kind of its numbers
   * @param shapes those to try, null where nothing is known
   */
  GraphBuilder(OnnxModel model, String input, ElementType type, int[][] shapes) {
    this.model = model;
    isDouble = type == ElementType.DOUBLE;
    trials = shapes.length;
    slots.put(input, add(new Fact(type.isWhole(), null, shapes, new double[trials][])));
    folding = new Folding(model);
    moves = new Moves(facts::get, folding);
    model.outputs().forEach(o -> read.merge(o.name(), 1, Integer::sum));
    model.nodes().forEach(n -> n.inputs().forEach(i -> read.merge(i, 1, Integer::sum)));
  }

  /** Whether there is a value of a name. */
  boolean has(String name) {
    return slots.containsKey(name);
  }

  /** Whether something reads a value. */
  boolean isRead(String name) {
    return !name.isEmpty() && read.containsKey(name);
  }

  int opset() {
    return (int) model.opset();
  }

  /**
   * Whether the file's numbers are doubles, and its attributes, floats always, meant as they are.
   */
  boolean isDouble() {
    return isDouble;
  }

  List<Step> steps() {
    return steps;
  }

  Fact fact(int slot) {
    return facts.get(slot);
  }

  int slots() {
    return facts.size();
  }

  /** The step that gives a value, null if none does. */
  Step producer(int slot) {
    return producers.get(slot);
  }

  /**
   * Where the value of a name lies.
   *
   * @throws IllegalArgumentException if there is none
   */
  int slot(String name, String reader) throws IOException {
    Integer slot = slots.get(name);
    if (slot == null) {
      OnnxTensor tensor = model.initializers().get(name);
      if (tensor == null) {
        throw new IllegalArgumentException(
            reader + " reads " + JsonWriter.brief(name) + ", which nothing before it gives");
      }
      slot = constant(tensor);
      trained.add(slot);
      bind(name, slot);
    }
    return slot;
  }

  private void bind(String name, int slot) {
    slots.put(name, slot);
    readers.merge(slot, read.getOrDefault(name, 0), Integer::sum);
  }

  /** Gives a value a name, unless that is left out. */
  void name(String name, int slot, String giver) {
    if (name.isEmpty()) {
      return;
    }
    if (slots.containsKey(name) || model.initializers().containsKey(name)) {
      throw new IllegalArgumentException(
          giver + " gives " + JsonWriter.brief(name) + ", which is there already");
    }
    bind(name, slot);
  }

  /**
   * A tensor of the file as a value.
   *
   * @throws IOException if there is no memory left for its numbers
   */
  int constant(OnnxTensor tensor) throws IOException {
    return constant(tensor.toTensor(folding.allowance()), tensor.type().isWhole());
  }

  /** A value that does not depend on the input, whose memory has been taken or is little. */
  int constant(Tensor value, boolean whole) {
    return add(Fact.of(value, whole, trials));
  }

  /** The memory and the time that there is for what is computed in advance. */
  Folding folding() {
    return folding;
  }

  /** The tensor of the file that a constant is in another shape; −1 if it is none. */
  int origin(int slot) {
    return origins.getOrDefault(slot, -1);
  }

  /** Whether a value is a tensor of the file that training may change. */
  boolean isTrained(int slot) {
    return trained.contains(slot)
        && !facts.get(slot).whole()
        && facts.get(slot).constant().rank() > 0;
  }

  /** The parameter that is a constant value, the same each time. */
  Parameter parameter(int slot) {
    return parameters.computeIfAbsent(slot, s -> new Parameter(facts.get(s).constant()));
  }

  /**
   * The parameter that is a constant matrix with rows and columns exchanged, the same each time;
   * null if there is no memory for it.
   */
  Parameter transposed(int slot) {
    Tensor w = facts.get(slot).constant();
    if (!transposed.containsKey(slot) && folding.tryTake(w.size())) {
      transposed.put(slot, new Parameter(Permutation.transposed(w)));
    }
    return transposed.get(slot);
  }

  /** Adds a step of a module with one argument. Returns where its result goes. */
  int step(Module module, Function shapes, int in, String title) {
    Fact fact = fact(shapes, false, in);
    return add(new Step(shapes, module, new int[] {in}, facts.size(), title), fact);
  }

  /** Adds a step, or computes its result where that is possible. Returns where that goes. */
  int step(Function function, boolean whole, String title, int... in) {
    Tensor folded = folded(function, whole, in);
    if (folded != null) {
      int slot = add(Fact.of(folded, whole, trials));
      long wholes = Arrays.stream(in).filter(k -> facts.get(k).whole()).count();
      if (trained.contains(in[0]) && in.length == 1 + wholes) {
        trained.add(slot);
        if (function instanceof Reshaping) {
          origins.put(slot, in[0]);
        }
      }
      return slot;
    }
    Fact fact = fact(function, whole, in);
    if (fact.constant() != null) {
      return add(fact);
    }
    int known = moves.follow(function, in, facts.size(), fact.shapes());
    return known >= 0 ? known : add(new Step(function, null, in, facts.size(), title), fact);
  }

  /** The shapes of a function's result for each trial, null where they are not known. */
  int[][] shapes(Function function, int... in) {
    int[][] shapes = new int[trials][];
    for (int t = 0; t < trials; t++) {
      Argument[] arguments = arguments(t, in);
      if (arguments != null && !folding.tryWork(function.work(arguments))) {
        throw new ShapeException("places by the million, again and again, are not followed");
      }
      shapes[t] = arguments == null ? null : function.shape(arguments);
    }
    return shapes;
  }

  private Tensor folded(Function function, boolean whole, int... in) {
    Tensor[] arguments = new Tensor[in.length];
    for (int k = 0; k < in.length; k++) {
      arguments[k] = facts.get(in[k]).constant();
      if (arguments[k] == null) {
        return null;
      }
    }
    boolean alone = readers.getOrDefault(in[0], 0) <= 1;
    return folding.fold(function, arguments, whole, facts.get(in[0]), alone);
  }

  private Fact fact(Function function, boolean whole, int... in) {
    int[][] shapes = shapes(function, in);
    double[][] values = new double[trials][];
    for (int t = 0; t < trials && whole && shapes[t] != null; t++) {
      values[t] = values(function, arguments(t, in), shapes[t]);
    }
    boolean constant = values[0] != null;
    for (int t = 1; t < trials && constant; t++) {
      constant = Arrays.equals(shapes[0], shapes[t]) && Arrays.equals(values[0], values[t]);
    }
    return new Fact(whole, constant ? Tensor.wrap(values[0], shapes[0]) : null, shapes, values);
  }

  /** The numbers of a result, null if they are not known or many. */
  private static double[] values(Function function, Argument[] in, int[] shape) {
    double[] known = function.known(in);
    if (known != null || Function.product(shape, 0, shape.length) > FEW) {
      return known;
    }
    Tensor[] arguments = new Tensor[in.length];
    for (int k = 0; k < in.length; k++) {
      if (in[k].values() == null) {
        return null;
      }
      arguments[k] = Tensor.wrap(in[k].values(), in[k].shape());
    }
    Tensor y = Tensor.zeros(shape);
    function.compute(arguments, y);
    return y.data();
  }

  /** What is known of the arguments in a trial, null if a shape is not. */
  private Argument[] arguments(int trial, int... in) {
    Argument[] arguments = new Argument[in.length];
    for (int k = 0; k < in.length; k++) {
      Fact fact = facts.get(in[k]);
      if (fact.shapes()[trial] == null) {
        return null;
      }
      arguments[k] = new Argument(fact.shapes()[trial], fact.values()[trial]);
    }
    return arguments;
  }

  private int add(Step step, Fact fact) {
    steps.add(step);
    producers.put(step.out(), step);
    return add(fact);
  }

  private int add(Fact fact) {
    facts.add(fact);
    return facts.size() - 1;
  }
}
