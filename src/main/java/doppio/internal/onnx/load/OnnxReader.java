package doppio.internal.onnx.load;

import doppio.ShapeException;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxNode;
import doppio.internal.onnx.OnnxValue;
import doppio.internal.state.JsonWriter;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Sequential;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a module of what a file says. */
public final class OnnxReader {
  /** The newest version of the standard operators that is known. */
  public static final int NEWEST_OPSET = 18;

  /** Sizes of a batch to try: what is the same for both does not depend on it. */
  private static final int[] BATCHES = {3, 5};

  /** The same of the steps of a sequence. */
  private static final int[] STEPS = {4, 7};

  private final OnnxModel model;
  private final OnnxValue input;
  private final OnnxValue output;

  private OnnxReader(OnnxModel model) {
    this.model = model;
    if (model.opset() < 1 || model.opset() > NEWEST_OPSET) {
      throw new IllegalArgumentException(
          "expected operators of version 1 to "
              + NEWEST_OPSET
              + " but the file has version "
              + model.opset()
              + "; torch.onnx.export(…, opset_version=17) writes one that can be read");
    }
    List<OnnxValue> inputs = new ArrayList<>(model.inputs());
    inputs.removeIf(i -> model.initializers().containsKey(i.name()));
    input = only(inputs, "input");
    output = only(model.outputs(), "output");
  }

  /**
   * The module of a file, which is not read afterwards, in evaluation mode.
   *
   * @throws IOException if it is no ONNX file, or broken
   * @throws IllegalArgumentException if it has something that is not supported, or makes no sense
   */
  public static Module read(SeekableByteChannel file) throws IOException {
    return new OnnxReader(OnnxModel.read(file)).module().eval();
  }

  private static OnnxValue only(List<OnnxValue> values, String what) {
    if (values.size() != 1) {
      List<String> names =
          values.stream()
              .map(v -> JsonWriter.brief(v.name()))
              .collect(Collectors.toUnmodifiableList());
      throw new IllegalArgumentException(
          "expected a graph of one " + what + " but this has " + values.size() + ": " + names);
    }
    return values.get(0);
  }

  /**
   * A batch may have any size, wherever the graph makes sense for several; where it does not, it
   * has the size that the file says.
   */
  private Module module() throws IOException {
    int[] shape = input.shape();
    boolean sequences = shape != null && shape.length == 3 && shape[1] < 0;
    boolean known = shape != null && shape.length > 0;
    for (int d = sequences ? 2 : 1; known && d < shape.length; d++) {
      known = shape[d] >= 0;
    }
    if (!known) {
      return module(new int[1][], shape);
    }
    int[][] trials = new int[BATCHES.length][];
    for (int t = 0; t < trials.length; t++) {
      trials[t] = shape.clone();
      trials[t][0] = BATCHES[t];
      if (sequences) {
        trials[t][1] = STEPS[t];
      }
    }
    int[] any = shape.clone();
    any[0] = -1;
    try {
      return module(trials, any);
    } catch (IllegalArgumentException e) {
      if (shape[0] < 0 && !sequences) {
        throw e;
      }
      return module(sequences ? new int[1][] : new int[][] {shape}, shape);
    }
  }

  private Module module(int[][] trials, int[] shape) throws IOException {
    ElementType type = input.type() == 0 ? ElementType.FLOAT : ElementType.of(input.type());
    for (int[] trial : trials) {
      if (trial != null) {
        Function.checked(Arrays.stream(trial).asLongStream().toArray());
      }
    }
    GraphBuilder graph = new GraphBuilder(model, input.name(), type, trials);
    for (OnnxNode node : model.nodes()) {
      build(graph, node);
    }
    int out = graph.slot(output.name(), "the graph's output");
    if (graph.fact(out).constant() != null) {
      throw new IllegalArgumentException("the graph's output does not depend on its input");
    }
    List<Step> steps = needed(graph, out);
    if (isChain(steps)) {
      return new Sequential(steps.stream().map(Step::module).toArray(Module[]::new));
    }
    Plan plan = new Plan(graph, steps, out, shape);
    List<Module> layers = new ArrayList<>();
    for (Step step : steps) {
      if (step.module() != null) {
        layers.add(step.module());
      }
    }
    List<Parameter> parameters = new ArrayList<>();
    for (int slot : plan.parameters()) {
      parameters.add(graph.parameter(slot));
    }
    return new GraphModule(plan, layers, parameters);
  }

  /** Makes the steps of a node, of which no other outputs may be read than those it gives. */
  private static void build(GraphBuilder graph, OnnxNode node) throws IOException {
    try {
      Operators.of(node).build(new Site(graph, node));
    } catch (ShapeException e) {
      throw new IllegalArgumentException(node.title() + ": " + e.getMessage(), e);
    }
    for (String output : node.outputs().subList(1, node.outputs().size())) {
      if (!output.isEmpty() && graph.isRead(output) && !graph.has(output)) {
        throw new IllegalArgumentException(
            node.title() + ": its output " + JsonWriter.brief(output) + " is not supported");
      }
    }
  }

  /** The steps that the output needs, in their order. */
  private static List<Step> needed(GraphBuilder graph, int out) {
    Set<Integer> slots = new HashSet<>(Set.of(out));
    List<Step> needed = new ArrayList<>();
    for (int s = graph.steps().size() - 1; s >= 0; s--) {
      Step step = graph.steps().get(s);
      if (slots.contains(step.out())) {
        needed.add(step);
        for (int in : step.in()) {
          slots.add(in);
        }
      }
    }
    Collections.reverse(needed);
    return needed;
  }

  /** Whether each step is a layer that reads what the one before gives. */
  private static boolean isChain(List<Step> steps) {
    int before = Plan.INPUT;
    for (Step step : steps) {
      if (step.module() == null || step.in()[0] != before) {
        return false;
      }
      before = step.out();
    }
    return true;
  }
}
