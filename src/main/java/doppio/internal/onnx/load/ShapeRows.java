package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.row;

import doppio.Tensor;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxTensor;
import doppio.nn.Flatten;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** The operators that change shapes, and those that compute with them. */
final class ShapeRows {
  private ShapeRows() {}

  static void addTo(Map<String, Operator> rows) {
    row(rows, "Identity", 1, 1, s -> s.same(s.slot(0)));
    row(
        rows,
        "Constant",
        0,
        0,
        ShapeRows::constant,
        "value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints");
    row(rows, "ConstantOfShape", 1, 1, ShapeRows::constantOfShape, "value");
    row(
        rows,
        "Expand",
        2,
        2,
        s -> s.give(new Binary(Binary.Kind.MUL), s.slot(0), s.step(new Filled(1), s.slot(1))));
    row(rows, "Cast", 1, 1, ShapeRows::cast, "to");
    row(
        rows,
        "Shape",
        1,
        1,
        s ->
            s.give(
                true,
                new ShapeOf(s.integer("start", 0), s.integer("end", Integer.MAX_VALUE)),
                s.slot(0)),
        "start",
        "end");
    row(rows, "Reshape", 1, 2, ShapeRows::reshape, "shape", "allowzero", "consumed_inputs");
    row(
        rows,
        "Flatten",
        1,
        1,
        s -> {
          long axis = s.integer("axis", 1);
          if (axis == 1 && s.fact(0).rank() != 1) {
            flatten(s, s.slot(0));
          } else {
            give(s, (shape, none) -> Reshaping.flattened(shape, axis), s.slot(0));
          }
        },
        "axis");
    row(rows, "Squeeze", 1, 2, s -> axes(s, Reshaping::squeezed, false), "axes");
    row(rows, "Unsqueeze", 1, 2, s -> axes(s, Reshaping::unsqueezed, true), "axes");
  }

  private static void constant(Site s) throws IOException {
    if (!s.graph().isRead(s.node().outputs().get(0))) {
      return;
    }
    if (s.hasAttribute("value")) {
      s.same(s.graph().constant(s.tensor("value")));
    } else if (s.hasAttribute("value_float")) {
      s.same(s.graph().constant(Tensor.full(s.number("value_float", 0)), false));
    } else if (s.hasAttribute("value_int")) {
      s.same(s.graph().constant(Tensor.full((double) s.integer("value_int", 0)), true));
    } else if (s.hasAttribute("value_floats")) {
      s.same(s.list("value_floats"));
    } else if (s.hasAttribute("value_ints")) {
      s.same(s.list("value_ints"));
    } else {
      throw s.refuse("it has no value");
    }
  }

  private static void constantOfShape(Site s) throws IOException {
    OnnxTensor value = s.tensor("value");
    Tensor number =
        value == null ? Tensor.zeros() : value.toTensor(s.graph().folding().allowance());
    if (number.size() != 1) {
      throw s.refuse("its value must be one number, got " + Arrays.toString(number.shape()));
    }
    boolean whole = value != null && value.type().isWhole();
    s.give(whole, new Filled(number.data()[0]), s.slot(0));
  }

  /** Between the kinds of floating-point numbers it does nothing here: all are doubles. */
  private static void cast(Site s) throws IOException {
    String name = s.node().attributes().get("to") == null ? "" : type(s);
    ElementType type;
    try {
      type = ElementType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw s.refuse("expected a cast to one of " + Arrays.toString(ElementType.values()));
    }
    boolean whole = s.fact(0).whole();
    if (type == ElementType.BOOL) {
      s.give(true, Unary.TRUTH, s.slot(0));
    } else if (type.isWhole() == whole) {
      s.same(s.slot(0));
    } else if (whole) {
      s.give(false, Reshaping.of((shape, none) -> shape), s.slot(0));
    } else {
      s.give(true, Unary.TRUNCATED, s.slot(0));
    }
  }

  /** Before version 6 the type was a text. */
  private static String type(Site s) {
    return s.opset() < 6 ? s.text("to", "") : ElementType.of(s.integer("to", 0)).name();
  }

  private static void reshape(Site s) throws IOException {
    boolean zeroIsZero = s.flag("allowzero", false);
    int wanted = s.has(1) ? s.slot(1) : s.wholes(required(s, "shape"));
    give(s, (shape, w) -> Reshaping.wanted(shape, w, zeroIsZero), s.slot(0), wanted);
  }

  private static long[] required(Site s, String attribute) throws IOException {
    long[] values = s.integers(attribute);
    if (values == null) {
      throw s.refuse("it has no " + attribute);
    }
    return values;
  }

  private static void axes(Site s, Reshaping.Rule rule, boolean needed) throws IOException {
    long[] axes = needed && !s.has(1) ? required(s, "axes") : s.integers("axes");
    if (s.has(1)) {
      give(s, rule, s.slot(0), s.slot(1));
    } else {
      give(s, (shape, none) -> rule.shape(shape, axes), s.slot(0));
    }
  }

  /**
   * A reshape that keeps the batch and lays all else in one dimension, whatever its shape was
   * computed from, is a flatten; one that keeps the batch and does not depend on its size otherwise
   * needs no shape that is computed.
   */
  private static void give(Site s, Reshaping.Rule rule, int... in) {
    Reshaping function = Reshaping.of(rule);
    int[] rest = restOfBatch(s, function, in);
    if (rest == null) {
      s.give(function, in);
    } else if (rest.length == 1) {
      flatten(s, in[0]);
    } else if (!convolution(s, in[0], rest)) {
      s.give(Reshaping.of((shape, none) -> keepingFirst(shape, rest)), in[0]);
    }
  }

  /** Gives the result of the convolution that this is the end of; false if it is none. */
  private static boolean convolution(Site s, int in, int[] rest) {
    Unfolded found = Unfolded.find(s.graph(), in, rest);
    if (found == null) {
      return false;
    }
    Parameter weight = s.graph().parameter(found.weight());
    LayerRows.convolve(s, found.geometry(), found.groups(), weight, null, found.x());
    return true;
  }

  private static int[] keepingFirst(int[] shape, int[] rest) {
    long[] wanted = new long[rest.length + 1];
    for (int d = 0; d < rest.length; d++) {
      wanted[d + 1] = rest[d];
    }
    wanted[0] = shape[0];
    return Reshaping.wanted(shape, wanted, true);
  }

  /** The dimensions behind the first, if that is kept and they are the same in all trials. */
  private static int[] restOfBatch(Site s, Reshaping function, int... in) {
    Fact fact = s.graph().fact(in[0]);
    if (fact.constant() != null || fact.whole()) {
      return null;
    }
    int[][] results = s.graph().shapes(function, in);
    int[] rest = Fact.rest(results);
    for (int t = 0; t < results.length && rest != null; t++) {
      int[] before = fact.shapes()[t];
      if (before.length < 2 || before[0] != results[t][0]) {
        return null;
      }
    }
    return rest;
  }

  /** A flatten, which together with the mean of each channel before it is one layer. */
  private static void flatten(Site s, int in) {
    Step before = s.graph().producer(in);
    if (before != null && isMeanOfChannels(s.graph(), before)) {
      s.give(new GlobalAvgPool2d(), Rules.global(), before.in()[0]);
    } else {
      s.give(new Flatten(), Rules.flatten(), in);
    }
  }

  /** Whether a step is the mean over the two dimensions of an image. */
  static boolean isMeanOfChannels(GraphBuilder graph, Step step) {
    return graph.fact(step.in()[0]).rank() == 4
        && ((step.function() instanceof GlobalPooling g && g.isMean())
            || (step.function() instanceof Reduction r && r.isMeanOver(4, 2, 3)));
  }
}
