package doppio.internal.onnx.load;

import static doppio.internal.onnx.load.Operator.MANY;
import static doppio.internal.onnx.load.Operator.row;

import doppio.internal.onnx.load.Binary.Kind;
import doppio.nn.Dropout;
import doppio.nn.ELU;
import doppio.nn.LeakyReLU;
import doppio.nn.LogSoftmax;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/** The operators that work element by element, and along one dimension. */
final class ElementRows {
  /** As much as a float can be: what {@code Clip} has where nothing is said. */
  private static final double MOST = Float.MAX_VALUE;

  /** The floats that the description of {@code Selu} has. */
  private static final double SELU_ALPHA = 1.6732632f;

  private static final double SELU_GAMMA = 1.050701f;

  /** What versions before 6 had so that memory could be shared. */
  private static final String OLD = "consumed_inputs";

  private ElementRows() {}

  static void addTo(Map<String, Operator> rows) {
    layer(rows, "Relu", s -> new ReLU());
    layer(rows, "Sigmoid", s -> new Sigmoid());
    layer(rows, "Tanh", s -> new Tanh());
    layer(rows, "Softplus", s -> new Softplus());
    layer(rows, "LeakyRelu", s -> new LeakyReLU(s.number("alpha", 0.01)), "alpha");
    layer(rows, "Elu", s -> new ELU(s.number("alpha", 1)), "alpha");
    unary(rows, "Abs", s -> Unary.ABS);
    unary(rows, "Neg", s -> Unary.NEG);
    unary(rows, "Exp", s -> Unary.EXP);
    unary(rows, "Log", s -> Unary.LOG);
    unary(rows, "Sqrt", s -> Unary.SQRT);
    unary(rows, "Erf", s -> Unary.ERF);
    unary(rows, "Softsign", s -> Unary.SOFTSIGN);
    unary(rows, "HardSwish", s -> Unary.HARD_SWISH);
    unary(
        rows,
        "HardSigmoid",
        s -> Unary.hardSigmoid(s.number("alpha", 0.2), s.number("beta", 0.5)),
        "alpha",
        "beta");
    unary(
        rows,
        "Selu",
        s ->
            Unary.selu(
                s.number("alpha", s.opset() < 6 ? 1.6732 : SELU_ALPHA),
                s.number("gamma", s.opset() < 6 ? 1.0507 : SELU_GAMMA)),
        "alpha",
        "gamma");
    binary(rows, "Add", Kind.ADD);
    binary(rows, "Sub", Kind.SUB);
    binary(rows, "Mul", Kind.MUL);
    binary(rows, "Div", Kind.DIV);
    binary(rows, "Pow", Kind.POW);
    row(rows, "Min", 1, MANY, s -> fold(s, Kind.MIN), OLD);
    row(rows, "Max", 1, MANY, s -> fold(s, Kind.MAX), OLD);
    row(rows, "PRelu", 2, 2, ElementRows::prelu, OLD);
    row(rows, "Clip", 1, 3, ElementRows::clip, "min", "max", OLD);
    row(rows, "Dropout", 1, 3, ElementRows::dropout, "ratio", "seed", "is_test", OLD);
    row(rows, "Softmax", 1, 1, s -> softmax(s, false), "axis");
    row(rows, "LogSoftmax", 1, 1, s -> softmax(s, true), "axis");
  }

  private static void layer(
      Map<String, Operator> rows, String name, Function<Site, Module> layer, String... own) {
    row(rows, name, 1, 1, s -> s.give(layer.apply(s), Rules.same(), s.slot(0)), with(own, OLD));
  }

  private static void unary(
      Map<String, Operator> rows, String name, Function<Site, Unary> function, String... own) {
    row(rows, name, 1, 1, s -> s.give(function.apply(s), s.slot(0)), with(own, OLD));
  }

  private static void binary(Map<String, Operator> rows, String name, Kind kind) {
    row(rows, name, 2, 2, s -> binary(s, kind), "broadcast", "axis", OLD);
  }

  private static String[] with(String[] names, String more) {
    String[] all = java.util.Arrays.copyOf(names, names.length + 1);
    all[names.length] = more;
    return all;
  }

  private static void binary(Site s, Kind kind) throws IOException {
    int a = s.slot(0);
    int b = s.slot(1);
    if (s.hasAttribute("axis") && s.flag("broadcast", false)) {
      s.give(new Binary(kind, s.small("axis", 0)), a, b);
    } else if (!Patterns.found(s, kind, a, b)) {
      boolean whole = s.fact(0).whole() && s.fact(1).whole();
      s.give(new Binary(whole && kind == Kind.DIV ? Kind.WHOLE_DIV : kind), a, b);
    }
  }

  private static void fold(Site s, Kind kind) throws IOException {
    int result = s.slot(0);
    for (int k = 1; k < s.node().inputs().size(); k++) {
      result = s.step(new Binary(kind), result, s.slot(k));
    }
    s.same(result);
  }

  /** Before version 7 a vector of slopes was one for each channel. */
  private static void prelu(Site s) throws IOException {
    boolean channels = s.opset() < 7 && s.fact(1).rank() == 1 && s.fact(0).rank() > 1;
    s.give(new Binary(Kind.PRELU, channels ? 1 : Binary.NO_AXIS), s.slot(0), s.slot(1));
  }

  private static void clip(Site s) throws IOException {
    if (s.opset() < 11) {
      s.give(Unary.clip(s.number("min", -MOST), s.number("max", MOST)), s.slot(0));
      return;
    }
    double min = s.has(1) ? s.fact(1).scalar() : Double.NEGATIVE_INFINITY;
    double max = s.has(2) ? s.fact(2).scalar() : Double.POSITIVE_INFINITY;
    if (!Double.isNaN(min) && !Double.isNaN(max)) {
      s.give(Unary.clip(min, max), s.slot(0));
      return;
    }
    int result = s.slot(0);
    if (s.has(1)) {
      result = s.step(new Binary(Kind.MAX), result, s.slot(1));
    }
    s.same(s.has(2) ? s.step(new Binary(Kind.MIN), result, s.slot(2)) : result);
  }

  private static void dropout(Site s) throws IOException {
    double p = s.has(1) ? s.meant(s.fact(1).scalar()) : s.number("ratio", 0.5);
    if (Double.isNaN(p)) {
      throw s.refuse("its ratio must be a number of the file");
    }
    if (s.has(2) && s.fact(2).scalar() != 0) {
      throw s.refuse("it is in training mode; export the model after model.eval()");
    }
    if (p >= 0 && p < 1) {
      s.give(new Dropout(p), Rules.same(), s.slot(0));
    } else {
      s.same(s.slot(0));
    }
  }

  /** Before version 13 it was over all dimensions from the axis on, which was 1 if not said. */
  private static void softmax(Site s, boolean log) throws IOException {
    boolean old = s.opset() < 13;
    int axis = s.small("axis", old ? 1 : -1);
    int rank = s.fact(0).rank();
    if (axis == -1 || (rank > 0 && axis == rank - 1)) {
      s.give(log ? new LogSoftmax() : new Softmax(), Rules.same(), s.slot(0));
    } else {
      s.give(new Probabilities(axis, old, log), s.slot(0));
    }
  }
}
