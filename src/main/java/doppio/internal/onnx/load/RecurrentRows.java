package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.row;

import doppio.Tensor;
import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.Module;
import doppio.nn.Parameter;
import doppio.nn.Parts;
import doppio.nn.RNN;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The recurrent operators, each of which is a layer in one direction or in both. */
final class RecurrentRows {
  private static final int[] SWAPPED = {1, 0, 2};

  private RecurrentRows() {}

  /** What is different in each of them. */
  @SuppressWarnings("ImmutableEnumChecker")
  private enum Kind {
    /** Gates i, o, f, c in the file. */
    LSTM(8, List.of("SIGMOID", "TANH", "TANH"), 0, 2, 3, 1) {
      @Override
      Module make(Parts parts) {
        return new LSTM(parts);
      }
    },
    /** Gates z, r, h in the file. */
    GRU(6, List.of("SIGMOID", "TANH"), 1, 0, 2) {
      @Override
      Module make(Parts parts) {
        return new GRU(parts);
      }
    },
    RNN(6, List.of("TANH"), 0) {
      @Override
      Module make(Parts parts) {
        return new RNN(parts);
      }
    };

    private final int inputs;
    private final List<String> activations;

    /** For each of PyTorch's gates its place in the file. */
    private final int[] order;

    Kind(int inputs, List<String> activations, int... order) {
      this.inputs = inputs;
      this.activations = activations;
      this.order = order;
    }

    abstract Module make(Parts parts);
  }

  static void addTo(Map<String, Operator> rows) {
    for (Kind kind : Kind.values()) {
      row(
          rows,
          kind.name(),
          3,
          kind.inputs,
          s -> recurrent(s, kind),
          "activations",
          "activation_alpha",
          "activation_beta",
          "clip",
          "direction",
          "hidden_size",
          "input_forget",
          "layout",
          "linear_before_reset",
          "output_sequence");
    }
  }

  private static void recurrent(Site s, Kind kind) throws IOException {
    requireUsual(s, kind);
    int directions = directions(s);
    Tensor w = s.constant(1, "W");
    Tensor r = s.constant(2, "R");
    Tensor b = s.has(3) ? s.constant(3, "B") : null;
    int hidden = r.rank() == 3 ? r.dim(2) : 0;
    int in = w.rank() == 3 ? w.dim(2) : 0;
    int width = kind.order.length * hidden;
    boolean fits =
        hidden > 0
            && in > 0
            && s.integer("hidden_size", hidden) == hidden
            && Arrays.equals(w.shape(), new int[] {directions, width, in})
            && Arrays.equals(r.shape(), new int[] {directions, width, hidden})
            && (b == null || Arrays.equals(b.shape(), new int[] {directions, 2 * width}));
    if (!fits) {
      throw s.refuse(
          "its W, R and B must be [directions, gates, in], [directions, gates, hidden] and"
              + " [directions, 2 gates], got "
              + Arrays.toString(w.shape())
              + ", "
              + Arrays.toString(r.shape())
              + (b == null ? "" : " and " + Arrays.toString(b.shape())));
    }
    s.graph().folding().take(w.size() + r.size() + 2L * directions * width);
    Map<String, Parameter> parameters = new HashMap<>();
    for (int d = 0; d < directions; d++) {
      String end = d == 0 ? "_l0" : "_l0_reverse";
      parameters.put("weight_ih" + end, gates(kind, w, d * width * in, hidden, in));
      parameters.put("weight_hh" + end, gates(kind, r, d * width * hidden, hidden, hidden));
      parameters.put("bias_ih" + end, gates(kind, b, d * 2 * width, hidden));
      parameters.put("bias_hh" + end, gates(kind, b, d * 2 * width + width, hidden));
    }
    Map<String, Object> settings =
        Map.of(
            "inputSize",
            in,
            "hiddenSize",
            hidden,
            "numLayers",
            1,
            "bidirectional",
            directions == 2);
    Parts parts = new Parts(settings, parameters, Map.of(), Map.of(), Map.of());
    give(s, kind.make(parts), in, directions, hidden);
  }

  /**
   * The gates of a part of a tensor in PyTorch's order, each of a shape; zeros without a tensor.
   */
  private static Parameter gates(Kind kind, Tensor from, int at, int... shape) {
    int block = Function.product(shape, 0, shape.length);
    int[] all = shape.clone();
    all[0] *= kind.order.length;
    Tensor gates = Tensor.zeros(all);
    for (int gate = 0; gate < kind.order.length && from != null; gate++) {
      int place = at + kind.order[gate] * block;
      System.arraycopy(from.data(), place, gates.data(), gate * block, block);
    }
    return new Parameter(gates);
  }

  private static int directions(Site s) {
    String direction = s.text("direction", "FORWARD");
    return switch (direction) {
      case "FORWARD" -> 1;
      case "BIDIRECTIONAL" -> 2;
      default -> throw s.refuse("its direction is " + direction);
    };
  }

  /** What the layers of this library do not have. */
  private static void requireUsual(Site s, Kind kind) throws IOException {
    List<String> activations = s.texts("activations");
    for (int i = 0; i < activations.size(); i++) {
      if (!activations.get(i).equals(kind.activations.get(i % kind.activations.size()))) {
        throw s.refuse("its activations are " + activations + ", not " + kind.activations);
      }
    }
    if (s.hasAttribute("clip") || s.flag("input_forget", false) || s.has(4) || s.has(7)) {
      throw s.refuse("clip, input_forget, sequence lengths and peepholes are not supported");
    }
    if (kind == Kind.GRU && !s.flag("linear_before_reset", false)) {
      throw s.refuse("a reset gate before the product (linear_before_reset = 0) is not supported");
    }
    for (int k = 5; k < s.node().inputs().size(); k++) {
      if (s.has(k) && !isZero(s.graph(), s.slot(k))) {
        throw s.refuse("an initial state other than zeros is not supported");
      }
    }
  }

  /** Whether a value is zeros, or a part or another shape of some. */
  private static boolean isZero(GraphBuilder graph, int slot) {
    Tensor constant = graph.fact(slot).constant();
    Step step = graph.producer(slot);
    while (step != null && keepsZeros(graph, step)) {
      constant = graph.fact(step.in()[0]).constant();
      step = graph.producer(step.in()[0]);
    }
    if (constant != null) {
      return graph.folding().tryWork(constant.size())
          && Arrays.stream(constant.data()).allMatch(n -> n == 0);
    }
    return step != null && step.function() instanceof Filled filled && filled.isZero();
  }

  private static boolean keepsZeros(GraphBuilder graph, Step step) {
    Function function = step.function();
    boolean expands = function instanceof Binary product && product.is(Binary.Kind.MUL);
    Step factor = expands ? graph.producer(step.in()[1]) : null;
    return function instanceof Slice
        || function instanceof Reshaping
        || function instanceof Permutation
        || (factor != null && factor.function() instanceof Filled);
  }

  /** The outputs: the state of every step, and the last one. */
  private static void give(Site s, Module module, int in, int directions, int hidden)
      throws IOException {
    boolean batchFirst = s.flag("layout", false);
    int x = batchFirst ? s.slot(0) : s.step(new Permutation(SWAPPED), s.slot(0));
    int width = directions * hidden;
    int y = s.graph().step(module, Rules.linear(in, width), x, s.node().title());
    int split = s.step(apart(directions, hidden), y);
    s.same(batchFirst ? split : s.step(new Permutation(new int[] {1, 2, 0, 3}), split));
    List<String> outputs = s.node().outputs();
    if (outputs.size() > 1 && s.graph().isRead(outputs.get(1))) {
      int last = directions == 1 ? last(s, y) : lastOfBoth(s, y, hidden);
      int state = s.step(apart(directions, hidden), last);
      int swapped = batchFirst ? state : s.step(new Permutation(SWAPPED), state);
      s.graph().name(outputs.get(1), swapped, s.node().title());
    }
  }

  /** The last dimension as one of directions and one of their states. */
  private static Function apart(int directions, int hidden) {
    return Reshaping.of(
        (shape, none) -> {
          int[] split = Arrays.copyOf(shape, shape.length + 1);
          split[shape.length - 1] = directions;
          split[shape.length] = hidden;
          return split;
        });
  }

  private static int last(Site s, int y) {
    return s.graph().step(new LastStep(), Rules.withoutSteps(), y, s.node().title());
  }

  /** The first direction's state at the last step, and the second's at the first. */
  private static int lastOfBoth(Site s, int y, int hidden) {
    Function part = new Slice();
    int axis = s.wholes(1);
    int ahead = s.step(part, last(s, y), s.wholes(0), s.wholes(hidden), axis);
    int first = s.step(new Gather(1), y, s.graph().constant(Tensor.full(0.0), true));
    int back = s.step(part, first, s.wholes(hidden), s.wholes(2L * hidden), axis);
    return s.step(new Joined(1), ahead, back);
  }
}
