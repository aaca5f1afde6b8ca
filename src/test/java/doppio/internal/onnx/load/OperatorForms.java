package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;

import doppio.Tensor;
import doppio.internal.onnx.ErrorFunction;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.load.OperatorsTest.Row;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** The less usual forms of operators, and graphs that are nearly those of a layer. */
final class OperatorForms {
  private static final Tensor TABLE = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
  private static final Tensor LINE = Tensor.of(-2, -0.5, 0.25, 3);

  private OperatorForms() {}

  static Stream<Row> rows() {
    return Stream.of(
            parts(),
            sums(),
            elements(),
            numbers(),
            softmaxes(),
            nearly(),
            norms(),
            windows(),
            products(),
            stacks())
        .flatMap(s -> s);
  }

  private static Stream<Row> parts() {
    return Stream.of(
        table(9, graph(2, 3).node("Slice x -> y", list("starts", 1), list("ends", 2)), 1, 3)
            .of(4, 5, 6),
        table(
                13,
                graph(2, 3)
                    .wholes("s", 0, 2)
                    .wholes("e", 2, 0)
                    .wholes("t", 1, -1)
                    .node("Slice x s e _ t -> y"),
                2,
                2)
            .of(3, 2, 6, 5),
        table(
                13,
                graph(2, 3)
                    .wholes("s", 0)
                    .wholes("e", 3)
                    .wholes("a", -1)
                    .wholes("t", 2)
                    .node("Slice x s e a t -> y"),
                2,
                2)
            .of(1, 3, 4, 6),
        table(
                13,
                graph(2, 3)
                    .wholes("s", -2)
                    .wholes("e", -1)
                    .wholes("a", 1)
                    .node("Slice x s e a -> y"),
                2,
                1)
            .of(2, 5),
        table(
                13,
                graph(2, 3)
                    .wholes("s", 0)
                    .wholes("a", 0)
                    .node("Shape x -> all")
                    .wholes("one", 1)
                    .node("Gather all one -> three")
                    .node("Slice all s one -> e")
                    .node("Slice x s e a -> y"),
                2,
                3)
            .of(1, 2, 3, 4, 5, 6),
        table(
                13,
                graph(2, 3)
                    .node("Shape x -> s")
                    .wholes("zero", 0)
                    .node("Gather s zero -> m")
                    .wholes("none", 0, 0, 0)
                    .node("Concat m none -> p", attribute("axis", 0L))
                    .node("Pad x p -> y"),
                4,
                3)
            .of(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6),
        table(1, graph(2, 3).node("Pad x -> y", list("paddings", 1, 0, 0, 1)), 3, 4)
            .of(0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0),
        table(
                13,
                graph(2, 3).wholes("p", 1, 2, 0, 1).node("Pad x p -> y", attribute("mode", "edge")),
                3,
                6)
            .of(1, 1, 1, 2, 3, 3, 1, 1, 1, 2, 3, 3, 4, 4, 4, 5, 6, 6),
        table(
                13,
                graph(2, 3)
                    .wholes("p", 0, -1, 0, 1)
                    .node("Pad x p -> y", attribute("mode", "reflect")),
                2,
                3)
            .of(2, 3, 2, 5, 6, 5),
        table(18, graph(2, 3).wholes("p", 1, 0).wholes("a", -2).node("Pad x p _ a -> y"), 3, 3)
            .of(0, 0, 0, 1, 2, 3, 4, 5, 6),
        table(13, graph(2, 3).wholes("i", 1, -2).node("Gather x i -> y"), 2, 3)
            .of(4, 5, 6, 1, 2, 3),
        table(
                13,
                graph(2, 3)
                    .floats("i", Tensor.of(new double[][] {{2, 0}, {-3, 1}}))
                    .node("Cast i -> j", attribute("to", 7L))
                    .node("Gather x j -> y", attribute("axis", 1L)),
                2,
                2,
                2)
            .of(3, 1, 1, 2, 6, 4, 4, 5),
        table(
                13,
                graph(2, 3)
                    .floats("c", Tensor.of(new double[][] {{7, 8, 9}}))
                    .node("Concat c x c -> y", attribute("axis", 0L)),
                4,
                3)
            .of(7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        table(
                3,
                graph(2, 3)
                    .floats("c", Tensor.of(new double[][] {{7}, {8}}))
                    .node("Concat x c -> y"),
                2,
                4)
            .of(1, 2, 3, 7, 4, 5, 6, 8),
        table(13, graph(2, 3).node("Flatten x -> y", attribute("axis", 0L)), 1, 6)
            .of(1, 2, 3, 4, 5, 6),
        table(13, graph(2, 3).node("Flatten x -> y", attribute("axis", 2L)), 6, 1)
            .of(1, 2, 3, 4, 5, 6),
        table(13, graph(2, 3).node("Flatten x -> y", attribute("axis", -1L)), 2, 3)
            .of(1, 2, 3, 4, 5, 6),
        table(
                11,
                graph(2, 3)
                    .node("Unsqueeze x -> u", list("axes", 1))
                    .node("Squeeze u -> y", list("axes", -2)),
                2,
                3)
            .of(1, 2, 3, 4, 5, 6),
        table(13, graph(2, 3).wholes("s", 2, 2, 3).node("Expand x s -> y"), 2, 2, 3)
            .of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6));
  }

  private static Stream<Row> sums() {
    Tensor image = LINE.reshape(1, 1, 2, 2);
    OnnxBytes drops = attribute("keepdims", 0L);
    return Stream.of(
        new Row(
            11,
            graph(-1, 1, 2, 2).node("ReduceMean x -> y", list("axes", 2, 3)),
            image,
            Tensor.of(0.1875).reshape(1, 1, 1, 1)),
        new Row(
            11,
            graph(-1, 1, 2, 2).node("ReduceSum x -> y", list("axes", 2, 3), drops),
            image,
            Tensor.of(0.75).reshape(1, 1)),
        new Row(
            11,
            graph(-1, 1, 2, 2).node("ReduceMean x -> y", list("axes", 1, 2), drops),
            image,
            Tensor.of(-0.875, 1.25).reshape(1, 2)),
        new Row(
            11,
            graph(-1, 2, 2).node("ReduceMean x -> y", list("axes", 1)),
            LINE.reshape(1, 2, 2),
            Tensor.of(-0.875, 1.25).reshape(1, 1, 2)),
        new Row(
            11,
            graph(-1, 2, 2).node("ReduceMean x -> y", list("axes", 2), drops),
            LINE.reshape(1, 2, 2),
            Tensor.of(-1.25, 1.625).reshape(1, 2)),
        new Row(
            11,
            graph(-1, 2, 2).node("ReduceSum x -> y", list("axes", 1), drops),
            LINE.reshape(1, 2, 2),
            Tensor.of(-1.75, 2.5).reshape(1, 2)),
        new Row(
            13,
            graph(-1, 2, 2).wholes("i", 0).node("Gather x i -> y", attribute("axis", 1L)),
            LINE.reshape(1, 2, 2),
            Tensor.of(-2, -0.5).reshape(1, 1, 2)),
        new Row(
            13,
            graph(-1, 2, 2)
                .node("Constant -> i", attribute("value_int", -1L))
                .node("Gather x i -> y", attribute("axis", 2L)),
            LINE.reshape(1, 2, 2),
            Tensor.of(-0.5, 3).reshape(1, 2)),
        new Row(
            13,
            graph(-1, 2, 2)
                .node("Constant -> i", attribute("value_int", 0L))
                .node("Gather x i -> y", attribute("axis", 1L)),
            LINE.reshape(1, 2, 2),
            Tensor.of(-2, -0.5).reshape(1, 2)),
        new Row(
            13,
            graph(-1, 2, 2)
                .node("Constant -> i", attribute("value_int", -1L))
                .node("Gather x i -> y", attribute("axis", 1L)),
            LINE.reshape(1, 2, 2),
            Tensor.of(0.25, 3).reshape(1, 2)),
        table(11, graph(2, 3).node("ReduceSum x -> y", attribute("keepdims", 0L))).of(21),
        table(11, graph(2, 3).node("ReduceMean x -> y"), 1, 1).of(3.5),
        table(11, graph(2, 3).node("ReduceSum x -> y", list("axes", 0)), 1, 3).of(5, 7, 9),
        table(
                13,
                graph(2, 3).wholes("a", -1).node("ReduceSum x a -> y", attribute("keepdims", 0L)),
                2)
            .of(6, 15),
        table(18, graph(2, 3).wholes("a").node("ReduceMean x a -> y"), 1, 1).of(3.5),
        table(
                18,
                graph(2, 3)
                    .wholes("a")
                    .node("ReduceMean x a -> y", attribute("noop_with_empty_axes", 1L)),
                2,
                3)
            .of(1, 2, 3, 4, 5, 6),
        table(
                13,
                graph(2, 3)
                    .wholes("one", 1)
                    .node("Shape x -> s")
                    .wholes("zero", 0)
                    .node("Slice s zero one -> two")
                    .node("Sub two one -> a")
                    .node("ReduceSum x a -> y"),
                2,
                1)
            .of(6, 15));
  }

  private static Stream<Row> elements() {
    OnnxBytes alpha = attribute("alpha", 0.5f);
    return Stream.of(
        line(13, node("Elu", alpha), x -> x > 0 ? x : 0.5 * Math.expm1(x)),
        line(13, node("LeakyRelu", alpha), x -> x > 0 ? x : 0.5 * x),
        line(
            13,
            node("HardSigmoid", alpha, attribute("beta", 0.25f)),
            x -> Math.max(0, Math.min(1, 0.5 * x + 0.25))),
        line(
            13,
            node("Selu", alpha, attribute("gamma", 2f)),
            x -> 2 * (x > 0 ? x : 0.5 * Math.expm1(x))),
        line(6, node("Selu"), x -> 1.050701f * (x > 0 ? x : (double) 1.6732632f * Math.expm1(x))),
        line(5, node("Selu"), x -> 1.0507 * (x > 0 ? x : 1.6732 * Math.expm1(x))),
        line(6, node("Clip", attribute("max", 0f)), x -> Math.min(x, 0)),
        line(6, node("Clip", attribute("min", -0.25f)), x -> Math.max(x, -0.25)),
        line(
            11,
            line().node("ReduceSum x -> s", none()).node("Clip x _ s -> y"),
            x -> Math.min(x, 0.75)),
        line(
            11,
            line().node("ReduceMean x -> s", none()).node("Clip x s -> y"),
            x -> Math.max(x, 0.1875)),
        line(13, line().floats("r", Tensor.full(1)).node("Dropout x r -> y"), x -> x),
        line(13, line().floats("r", Tensor.full(-0.5)).node("Dropout x r -> y"), x -> x),
        line(13, line().wholes("no", 0).node("Dropout x _ no -> y"), x -> x),
        line(13, node("Max"), x -> x),
        line(
            13,
            line()
                .floats("a", Tensor.full(-1))
                .floats("b", Tensor.full(0.5))
                .node("Min b x a -> y"),
            x -> Math.min(x, -1)),
        line(13, scalar(2).node("Pow x c -> y"), x -> x * x),
        line(13, scalar(-1).node("Pow x c -> y"), x -> 1 / x),
        line(13, scalar(0).node("Pow x c -> y"), x -> 1),
        line(13, scalar(3).node("Pow c x -> y"), x -> Math.pow(3, x)),
        line(13, scalar(3).node("PRelu x c -> y"), x -> x < 0 ? 3 * x : x),
        table(
                7,
                graph(2, 3)
                    .floats("s", Tensor.of(2, 3, 4))
                    .node("Neg x -> n")
                    .node("PRelu n s -> y"),
                2,
                3)
            .of(-2, -6, -12, -8, -15, -24),
        table(
                13,
                graph(2, 3).floats("c", Tensor.of(new double[][] {{2}, {4}})).node("Mul x c -> y"),
                2,
                3)
            .of(2, 4, 6, 16, 20, 24),
        table(
                13,
                graph(2, 3).floats("c", Tensor.of(new double[][] {{2}, {4}})).node("Div c x -> y"),
                2,
                3)
            .of(2, 1, 2 / 3.0, 1, 0.8, 4 / 6.0),
        table(
                13,
                graph(2, 3)
                    .node("ReduceSum x -> s", attribute("keepdims", 0L))
                    .node("Mul s s -> y"))
            .of(441),
        table(13, graph(2, 3).node("ReduceSum x -> s", list("axes", 1)).node("Mul s x -> y"), 2, 3)
            .of(6, 12, 18, 60, 75, 90),
        table(
                6,
                graph(2, 3)
                    .floats("c", Tensor.of(10, 20))
                    .node("Add x c -> y", attribute("broadcast", 1L), attribute("axis", -2L)),
                2,
                3)
            .of(11, 12, 13, 24, 25, 26),
        new Row(
            9,
            graph(-1, 2, 2, 1, 1)
                .floats("s", Tensor.of(3, 2))
                .floats("b", Tensor.of(0, 1))
                .floats("m", Tensor.of(1, -2))
                .floats("v", Tensor.of(1.75, 0.75))
                .node("BatchNormalization x s b m v -> y", attribute("epsilon", 0.5f)),
            LINE.reshape(1, 2, 2, 1, 1),
            Tensor.of(-9 / 1.5, -4.5 / 1.5, 1 + 4.5 / Math.sqrt(1.25), 1 + 10 / Math.sqrt(1.25))
                .reshape(1, 2, 2, 1, 1)),
        line(13, scalar(2).node("Div x c -> y"), x -> x / 2),
        line(13, scalar(2).node("Sub x c -> y"), x -> x - 2));
  }

  /** Whole numbers that a graph computes of its own, and adds to its input in the end. */
  private static Stream<Row> numbers() {
    return Stream.of(
        added(
            line()
                .wholes("a", 7, -7, 9, 0)
                .wholes("b", 2)
                .node("Div a b -> q")
                .node("Cast q -> f", attribute("to", 1L)),
            3,
            -3,
            4,
            0),
        added(
            line()
                .floats("a", Tensor.of(1.7, -1.7, 0.2, 5))
                .node("Cast a -> q", attribute("to", 7L))
                .node("Cast q -> f", attribute("to", 1L)),
            1,
            -1,
            0,
            5),
        added(
            line()
                .floats("a", Tensor.of(0, 2, -0.5, 1))
                .node("Cast a -> q", attribute("to", 9L))
                .node("Cast q -> f", attribute("to", 1L)),
            0,
            1,
            1,
            1),
        added(
            line()
                .floats("a", Tensor.of(1, 2))
                .wholes("s", 4)
                .node("ConstantOfShape s -> z")
                .node("Cast z -> f", attribute("to", 11L)),
            0,
            0,
            0,
            0),
        added(
            line()
                .wholes("s", 4)
                .node(
                    "ConstantOfShape s -> f",
                    attribute("value", OnnxBytes.raw("", Tensor.full(2.5, 1)))),
            2.5,
            2.5,
            2.5,
            2.5),
        added(
            line()
                .node(
                    "Constant -> f",
                    new OnnxBytes()
                        .text(1, "value_floats")
                        .number(7, 1f)
                        .number(7, -2f)
                        .number(7, 3f)
                        .number(7, 0.5f)
                        .number(20, 6)),
            1,
            -2,
            3,
            0.5),
        added(
            line()
                .node("Constant -> i", attribute("value_int", 5L))
                .node("Cast i -> f", attribute("to", 1L)),
            5,
            5,
            5,
            5),
        added(
            line()
                .node("Constant -> i", list("value_ints", 4, 3, 2, 1))
                .node("Cast i -> f", attribute("to", 1L)),
            4,
            3,
            2,
            1),
        table(
                15,
                graph(2, 3)
                    .node("Shape x -> s", attribute("start", -1L))
                    .node("Cast s -> f", attribute("to", 1L))
                    .node("Add x f -> y"),
                2,
                3)
            .of(4, 5, 6, 7, 8, 9),
        table(
                15,
                graph(2, 3)
                    .node("Shape x -> s", attribute("end", -1L))
                    .node("Cast s -> f", attribute("to", 1L))
                    .node("Add x f -> y"),
                2,
                3)
            .of(3, 4, 5, 6, 7, 8));
  }

  private static Stream<Row> softmaxes() {
    double a = Math.exp(-3);
    double e = Math.E;
    double all = 1 + e + e * e;
    double six = all * (1 + e * e * e);
    return Stream.of(
        table(13, graph(2, 3).node("Softmax x -> y", attribute("axis", 0L)), 2, 3)
            .of(a / (1 + a), a / (1 + a), a / (1 + a), 1 / (1 + a), 1 / (1 + a), 1 / (1 + a)),
        table(13, graph(2, 3).node("LogSoftmax x -> y", attribute("axis", -2L)), 2, 3)
            .of(
                -3 - Math.log1p(a),
                -3 - Math.log1p(a),
                -3 - Math.log1p(a),
                -Math.log1p(a),
                -Math.log1p(a),
                -Math.log1p(a)),
        table(11, graph(2, 3).node("Softmax x -> y", attribute("axis", 0L)), 2, 3)
            .of(
                1 / six,
                e / six,
                e * e / six,
                Math.exp(3) / six,
                Math.exp(4) / six,
                Math.exp(5) / six),
        table(12, graph(2, 3).node("Softmax x -> y", attribute("axis", 0L)), 2, 3)
            .of(
                1 / six,
                e / six,
                e * e / six,
                Math.exp(3) / six,
                Math.exp(4) / six,
                Math.exp(5) / six),
        table(11, graph(2, 3).node("Softmax x -> y"), 2, 3)
            .of(1 / all, e / all, e * e / all, 1 / all, e / all, e * e / all),
        table(13, graph(2, 3).node("LogSoftmax x -> y"), 2, 3)
            .of(
                -Math.log(all),
                1 - Math.log(all),
                2 - Math.log(all),
                -Math.log(all),
                1 - Math.log(all),
                2 - Math.log(all)));
  }

  /** Each is one of the library's activations but for one operator or number. */
  private static Stream<Row> nearly() {
    double root = Math.sqrt(2);
    return Stream.of(
        line(13, line().node("Sigmoid x -> s").node("Mul x s -> y"), x -> x * sigmoid(x)),
        line(
            13,
            line().node("Neg x -> n").node("Sigmoid n -> s").node("Mul x s -> y"),
            x -> x * sigmoid(-x)),
        line(
            13,
            scalar(2).node("Sigmoid x -> s").node("Mul x s -> m").node("Mul m c -> y"),
            x -> 2 * x * sigmoid(x)),
        gelu(root, 1, 0.5),
        gelu(1.5, 1, 0.5),
        gelu(root, 2, 0.5),
        gelu(root, 1, 0.4),
        geluByTanh(3, 0.044715, 0.7978845608028654),
        geluByTanh(3, 0.05, 0.7978845608028654),
        geluByTanh(2, 0.044715, 0.7978845608028654),
        geluByTanh(3, 0.044715, 0.8),
        line(13, low("x", 0, 0.25), x -> Math.max(x, 0) + 0.25 * Math.min(x, 0)),
        line(13, low("n", 0, 0.25), x -> Math.max(x, 0) + 0.25 * Math.min(-x, 0)),
        line(13, low("x", -1, 0.25), x -> Math.max(x, 0) + 0.25 * Math.min(x, -1)),
        line(13, exponential("x", 1), x -> x > 0 ? x : 0.5 * Math.expm1(x)),
        line(13, exponential("n", 1), x -> Math.max(x, 0) + 0.5 * Math.expm1(Math.min(-x, 0))),
        line(13, exponential("x", 2), x -> Math.max(x, 0) + 0.5 * (Math.exp(Math.min(x, 0)) - 2)),
        line(13, logarithm("x", 1), x -> Math.log1p(Math.exp(x))),
        line(13, logarithm("n", 1), x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
        line(13, logarithm("x", 2), x -> Math.max(x, 0) + Math.log(2 + Math.exp(-Math.abs(x)))),
        line(13, quotient("n", 1), x -> x * sigmoid(x)),
        line(13, quotient("x", 1), x -> x * sigmoid(-x)),
        line(13, quotient("n", 2), x -> x / (2 + Math.exp(-x))),
        line(13, line().node("Relu x -> r").node("Sub r x -> y"), x -> Math.max(x, 0) - x));
  }

  private static Row gelu(double divisor, double one, double half) {
    return line(
        13,
        scalar(divisor)
            .floats("one", Tensor.full(one))
            .floats("half", Tensor.full(half))
            .node("Div x c -> d")
            .node("Erf d -> e")
            .node("Add e one -> s")
            .node("Mul x s -> m")
            .node("Mul m half -> y"),
        x -> half * x * (one + ErrorFunction.of(x / divisor)));
  }

  private static Row geluByTanh(double power, double cubic, double steepness) {
    return line(
        13,
        scalar(power)
            .floats("one", Tensor.full(1))
            .floats("half", Tensor.full(0.5))
            .floats("cubic", Tensor.full(cubic))
            .floats("steepness", Tensor.full(steepness))
            .node("Pow x c -> p")
            .node("Mul p cubic -> q")
            .node("Add x q -> r")
            .node("Mul r steepness -> i")
            .node("Tanh i -> t")
            .node("Add t one -> s")
            .node("Mul x s -> m")
            .node("Mul m half -> y"),
        x -> 0.5 * x * (1 + Math.tanh(steepness * (x + cubic * Math.pow(x, power)))));
  }

  /** max(x, 0) + slope · min(from, bound), from n = −x or x. */
  private static OnnxBytes low(String from, double bound, double slope) {
    return scalar(slope)
        .floats("bound", Tensor.full(bound))
        .node("Neg x -> n")
        .node("Relu x -> r")
        .node("Min " + from + " bound -> l")
        .node("Mul l c -> m")
        .node("Add r m -> y");
  }

  private static OnnxBytes exponential(String from, double one) {
    return scalar(0.5)
        .floats("bound", Tensor.full(0))
        .floats("one", Tensor.full(one))
        .node("Neg x -> n")
        .node("Relu x -> r")
        .node("Min " + from + " bound -> l")
        .node("Exp l -> e")
        .node("Sub e one -> d")
        .node("Mul d c -> m")
        .node("Add r m -> y");
  }

  private static OnnxBytes logarithm(String from, double one) {
    return scalar(one)
        .node("Neg x -> n")
        .node("Relu x -> r")
        .node("Abs " + from + " -> a")
        .node("Neg a -> b")
        .node("Exp b -> e")
        .node("Add e c -> s")
        .node("Log s -> l")
        .node("Add r l -> y");
  }

  private static OnnxBytes quotient(String from, double one) {
    return scalar(one)
        .node("Neg x -> n")
        .node("Exp " + from + " -> e")
        .node("Add e c -> s")
        .node("Div x s -> y");
  }

  /** Normalisations over rows, spelled out, of which only the first is a layer. */
  private static Stream<Row> norms() {
    double a = Math.sqrt(2 / 3.0 + 1e-3);
    return Stream.of(
        norm(-1, 2, "d").of(-1 / a, 0, 2 / a, -1 / a, 0, 2 / a),
        norm(-2, 2, "d")
            .of(
                columns(0, -1.5, 2.25),
                columns(0, -1.5, 2.25),
                2 * columns(0, -1.5, 2.25),
                columns(0, 1.5, 2.25),
                columns(0, 1.5, 2.25),
                2 * columns(0, 1.5, 2.25)),
        norm(-1, 4, "d")
            .of(
                -1 / Math.sqrt(2 / 3.0 + 1e-3),
                0,
                2 / Math.sqrt(2 / 3.0 + 1e-3),
                -1 / Math.sqrt(2 / 3.0 + 1e-3),
                0,
                2 / Math.sqrt(2 / 3.0 + 1e-3)),
        norm(-1, 2, "x")
            .of(
                -1 / Math.sqrt(14 / 3.0 + 1e-3),
                0,
                2 / Math.sqrt(14 / 3.0 + 1e-3),
                -1 / Math.sqrt(77 / 3.0 + 1e-3),
                0,
                2 / Math.sqrt(77 / 3.0 + 1e-3)));
  }

  private static Stream<Row> products() {
    Tensor wide = Tensor.of(new double[][] {{1, 0, 0}, {0, 1, 1}});
    Tensor tall = Tensor.of(new double[][] {{1, 0}, {0, 1}, {0, 2}});
    Tensor column = Tensor.of(new double[][] {{10}, {20}});
    OnnxBytes transA = attribute("transA", 1L);
    OnnxBytes transB = attribute("transB", 1L);
    OnnxBytes alpha = attribute("alpha", 2f);
    OnnxBytes beta = attribute("beta", 3f);
    return Stream.of(
        table(13, with("w", column).node("Gemm x w -> y", transA), 3, 1).of(90, 120, 150),
        table(13, with("w", wide).node("Gemm x w -> y", transB), 2, 2).of(1, 5, 4, 11),
        table(13, with("w", wide).node("Gemm x w -> y", transB, alpha), 2, 2).of(2, 10, 8, 22),
        table(13, with("w", tall).node("Gemm x w -> y", alpha), 2, 2).of(2, 16, 8, 34),
        table(
                13,
                with("w", tall).floats("c", Tensor.of(1, 2)).node("Gemm x w c -> y", alpha, beta),
                2,
                2)
            .of(5, 22, 11, 40),
        table(13, with("w", tall).floats("c", Tensor.full(5)).node("Gemm x w c -> y", beta), 2, 2)
            .of(16, 23, 19, 32),
        table(
                13,
                with("w", tall)
                    .floats("c", Tensor.of(new double[][] {{1, 2}}))
                    .node("Gemm x w c -> y"),
                2,
                2)
            .of(2, 10, 5, 19),
        table(13, with("w", tall).floats("c", column).node("Gemm x w c -> y", alpha, beta), 2, 2)
            .of(32, 46, 68, 94),
        table(13, with("w", tall).node("Gemm w x -> y"), 3, 3).of(1, 2, 3, 4, 5, 6, 8, 10, 12),
        table(13, with("w", tall).node("MatMul x w -> c").node("Gemm x w c -> y", beta), 2, 2)
            .of(4, 32, 16, 68),
        table(
                13,
                with("w", tall)
                    .floats("c", Tensor.full(5))
                    .node("MatMul x w -> m")
                    .node("Add m c -> y"),
                2,
                2)
            .of(6, 13, 9, 22),
        table(
                13,
                with("w", tall).floats("c", column).node("MatMul x w -> m").node("Add m c -> y"),
                2,
                2)
            .of(11, 18, 24, 37),
        table(
                13,
                with("w", tall)
                    .floats("c", Tensor.of(1, 2))
                    .node("MatMul x w -> m")
                    .node("Add m c -> n")
                    .node("Add c n -> y"),
                2,
                2)
            .of(3, 12, 6, 21),
        table(13, with("w", Tensor.of(1, 2, 3)).node("MatMul x w -> y"), 2).of(14, 32),
        table(13, with("w", Tensor.of(1, 10)).node("MatMul w x -> y"), 3).of(41, 52, 63),
        table(
                13,
                with("w", Tensor.of(1, 0, 0, 1, 0, 2, 0, 1, 1, 0, 0, 0).reshape(2, 3, 2))
                    .node("MatMul x w -> y"),
                2,
                2,
                2)
            .of(1, 8, 4, 17, 2, 1, 5, 4),
        table(
                13,
                graph(2, 3)
                    .floats("w", Tensor.of(1, 10, 100, 1000).reshape(2, 1, 2))
                    .node("MatMul w x -> y"),
                2,
                1,
                3)
            .of(41, 52, 63, 4100, 5200, 6300),
        new Row(
            13,
            graph(2, 1, 2).node("Transpose x -> y", list("perm", 1, 2, 0)),
            LINE.reshape(2, 1, 2),
            Tensor.of(-2, 0.25, -0.5, 3).reshape(1, 2, 2)),
        new Row(
            13,
            graph(2, 1, 2).node("Transpose x -> y"),
            LINE.reshape(2, 1, 2),
            Tensor.of(-2, 0.25, -0.5, 3).reshape(2, 1, 2)));
  }

  /** Of a stack of two by two, where the last dimension is not the first behind the batch. */
  private static Stream<Row> stacks() {
    OnnxBytes axis = attribute("axis", 1L);
    OnnxBytes last = attribute("value_int", -1L);
    return Stream.of(
        stack(6, two("s", 10, 100).node("PRelu x s -> y"), 2, 2).of(-20, -5, 0.25, 3),
        stack(6, two("s", 10, 100).node("Neg x -> n").node("PRelu n s -> y"), 2, 2)
            .of(2, 0.5, -25, -300),
        stack(7, two("s", 10, 100).node("PRelu x s -> y"), 2, 2).of(-20, -50, 0.25, 3),
        stack(
                3,
                graph(1, 2, 2)
                    .floats("c", Tensor.of(7, 8).reshape(1, 1, 2))
                    .node("Concat x c -> y"),
                3,
                2)
            .of(-2, -0.5, 0.25, 3, 7, 8),
        stack(
                4,
                graph(1, 2, 2)
                    .floats("c", Tensor.of(7, 8).reshape(1, 2, 1))
                    .node("Concat x c -> y"),
                2,
                3)
            .of(-2, -0.5, 7, 0.25, 3, 8),
        stack(13, graph(1, 2, 2).wholes("i", -1).node("Gather x i -> y", axis), 1, 2).of(0.25, 3),
        stack(
                13,
                two("c", 7, 8)
                    .node("Constant -> i", last)
                    .node("Gather c i -> l")
                    .node("Add x l -> y"),
                2,
                2)
            .of(6, 7.5, 8.25, 11),
        stack(
                13,
                graph(1, 2, 2)
                    .floats("c", Tensor.of(1, 2, 3, 4).reshape(1, 2, 2))
                    .node("Constant -> i", last)
                    .node("Gather c i -> l", axis)
                    .node("Add x l -> y"),
                2,
                2)
            .of(1, 3.5, 3.25, 7),
        stack(
                11,
                graph(1, 2, 2)
                    .floats("c", Tensor.of(1, 2, 3, 4).reshape(1, 2, 2))
                    .node("ReduceMean c -> m", list("axes", 1), attribute("keepdims", 0L))
                    .node("Add x m -> y"),
                2,
                2)
            .of(0, 2.5, 2.25, 6),
        table(
                18,
                graph(2, 3).wholes("p", 1, 0, 0, 2).wholes("a", 1, 0).node("Pad x p _ a -> y"),
                4,
                4)
            .of(0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0),
        table(13, graph(2, 3).node("Constant -> i", last).node("Gather x i -> y", axis), 2)
            .of(3, 6));
  }

  private static OnnxBytes two(String name, double... values) {
    return graph(1, 2, 2).floats(name, Tensor.of(values));
  }

  private static Stack stack(int opset, OnnxBytes graph, int... shape) {
    return new Stack(opset, graph, shape);
  }

  /** A graph on [1, 2, 2]. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Stack(int opset, OnnxBytes graph, int[] shape) {
    Row of(double... y) {
      Tensor output = Tensor.of(y).reshape(1, shape[0], shape[1]);
      return new Row(opset, graph, LINE.reshape(1, 2, 2), output);
    }
  }

  private static OnnxBytes with(String name, Tensor tensor) {
    return graph(2, 3).floats(name, tensor);
  }

  /** Of a row of four, or of an image of two by two. */
  private static Stream<Row> windows() {
    OnnxBytes two = list("kernel_shape", 2);
    OnnxBytes square = list("kernel_shape", 2, 2);
    OnnxBytes ceil = attribute("ceil_mode", 1L);
    OnnxBytes one = list("kernel_shape", 1);
    OnnxBytes steps = list("strides", 2);
    return Stream.of(
        row(
            conv(3).node("Conv x w -> y", attribute("auto_pad", "SAME_LOWER")),
            -2.5,
            -2.25,
            2.75,
            3.25),
        row(
            conv(4).node("Conv x w -> y", attribute("auto_pad", "SAME_LOWER")),
            -2.5,
            -2.25,
            0.75,
            2.75),
        row(
            conv(4).node("Conv x w -> y", attribute("auto_pad", "SAME_UPPER")),
            -2.25,
            0.75,
            2.75,
            3.25),
        row(pool("MaxPool", two, attribute("auto_pad", "VALID")), -0.5, 0.25, 3),
        row(pool("MaxPool", two, steps, ceil), -0.5, 3),
        row(pool("MaxPool", list("kernel_shape", 3), list("strides", 3), ceil), 0.25, 3),
        row(pool("MaxPool", list("kernel_shape", 2), ceil), -0.5, 0.25, 3),
        // A window that would lie in the padding alone is none.
        row(pool("MaxPool", one, steps, ceil, list("pads", 0, 1)), -2, 0.25),
        row(pool("MaxPool", two, steps, ceil, list("pads", 1, 1)), -2, 0.25, 3),
        row(pool("MaxPool", two, steps, ceil, list("pads", 1, 3)), -2, 0.25, 3),
        row(pool("MaxPool", two, list("dilations", 2)), 0.25, 3),
        row(pool("AveragePool", two, list("pads", 1, 0)), -2, -1.25, -0.125, 1.625),
        image(2, "AveragePool", square, list("pads", 0, 1, 0, 0)).of(-0.875, 0.1875),
        image(2, "AveragePool", square, list("pads", 0, 1, 0, 1)).of(-0.875, 0.1875, 1.25),
        image(
                2,
                "AveragePool",
                list("kernel_shape", 3, 3),
                list("pads", 2, 2, 2, 2),
                list("strides", 2, 2))
            .of(-2, -1.25, -0.875, 0.1875),
        image(2, "MaxPool", square, list("pads", 0, 1, 0, 0)).of(0.25, 3),
        image(2, "GlobalMaxPool").of(3),
        image(1, "GlobalMaxPool").of(-0.5, 3),
        image(1, "GlobalAveragePool").of(-1.25, 1.625),
        new Row(
            13,
            graph(-1, 2, 1, 2).node("GlobalMaxPool x -> m").node("Flatten m -> y"),
            LINE.reshape(1, 2, 1, 2),
            Tensor.of(-0.5, 3).reshape(1, 2)),
        table(13, graph(2, 3).node("GlobalMaxPool x -> y"), 2, 3).of(1, 2, 3, 4, 5, 6),
        table(7, statistics(graph(-1, 3), "BatchNormalization x s b m v -> y"), 2, 3)
            .of(0, 3, 2 / Math.sqrt(2), 3, 6, 5 / Math.sqrt(2)),
        new Row(
            9,
            statistics(graph(-1, 3, 1), "BatchNormalization x s b m v -> y"),
            Tensor.of(1, 2, 3).reshape(1, 3, 1),
            Tensor.of(0, 3, 2 / Math.sqrt(2)).reshape(1, 3, 1)),
        table(
                17,
                graph(2, 3)
                    .floats("s", Tensor.of(1, 1, 2))
                    .node("LayerNormalization x s -> y", attribute("axis", 1L)),
                2,
                3)
            .of(-a3(), 0, 2 * a3(), -a3(), 0, 2 * a3()),
        table(
                17,
                graph(2, 3)
                    .floats("s", Tensor.of(1, 1, 2))
                    .floats("b", Tensor.of(1, 2, 3))
                    .node("LayerNormalization x s b -> y"),
                2,
                3)
            .of(1 - a3(), 2, 3 + 2 * a3(), 1 - a3(), 2, 3 + 2 * a3()));
  }

  /** 1/√(2/3 + ε) with the usual ε. */
  private static double a3() {
    return 1 / Math.sqrt(2 / 3.0 + 1e-5);
  }

  private static OnnxBytes statistics(OnnxBytes graph, String node) {
    return graph
        .floats("s", Tensor.full(1, 3))
        .floats("b", Tensor.of(0, 1, 0))
        .floats("m", Tensor.of(1, 0, 1))
        .floats("v", Tensor.of(1, 1, 2))
        .node(node, attribute("epsilon", 0f));
  }

  private static OnnxBytes conv(int kernel) {
    return graph(-1, 1, 4).floats("w", Tensor.full(1, 1, 1, kernel));
  }

  private static OnnxBytes pool(String operator, OnnxBytes... attributes) {
    return graph(-1, 1, 4).node(operator + " x -> y", attributes);
  }

  private static Row row(OnnxBytes graph, double... y) {
    return new Row(11, graph, LINE.reshape(1, 1, 4), Tensor.of(y).reshape(1, 1, y.length));
  }

  private static Image image(int rows, String operator, OnnxBytes... attributes) {
    return new Image(rows, graph(-1, 2 / rows, rows, 2).node(operator + " x -> y", attributes));
  }

  /** A graph on two channels of one row, or one of two; the output has as many columns as fit. */
  private record Image(int rows, OnnxBytes graph) {
    Row of(double... y) {
      int channels = 2 / rows;
      int height = rows == 2 && y.length == 4 ? 2 : 1;
      int[] shape = {1, channels, height, y.length / channels / height};
      return new Row(11, graph, LINE.reshape(1, channels, rows, 2), Tensor.of(y).reshape(shape));
    }
  }

  private static double columns(double zero, double centred, double variance) {
    return zero + centred / Math.sqrt(variance + 1e-3);
  }

  /** (x − mean over the axis) / √(mean of a power of what is named + 1e-3) · (1, 1, 2) + 0. */
  private static Form norm(long axis, double power, String of) {
    OnnxBytes graph =
        graph(2, 3)
            .floats("gamma", Tensor.of(1, 1, 2))
            .floats("beta", Tensor.of(0, 0, 0))
            .floats("eps", Tensor.full(1e-3))
            .floats("power", Tensor.full(power))
            .node("ReduceMean x -> mean", list("axes", axis))
            .node("Sub x mean -> d")
            .node("Pow " + of + " power -> q")
            .node("ReduceMean q -> v", list("axes", axis))
            .node("Add v eps -> w")
            .node("Sqrt w -> root")
            .node("Div d root -> n")
            .node("Mul n gamma -> m")
            .node("Add m beta -> y");
    return table(13, graph, 2, 3);
  }

  /** A graph on the table, to which its output comes. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Form(int opset, OnnxBytes graph, int[] shape) {
    Row of(double... y) {
      return new Row(opset, graph, TABLE, Tensor.of(y).reshape(shape));
    }
  }

  private static Form table(int opset, OnnxBytes graph, int... shape) {
    return new Form(opset, graph, shape);
  }

  private static OnnxBytes line() {
    return graph(4);
  }

  private static OnnxBytes none() {
    return attribute("keepdims", 0L);
  }

  private static OnnxBytes scalar(double c) {
    return line().floats("c", Tensor.full(c));
  }

  private static OnnxBytes node(String operator, OnnxBytes... attributes) {
    return line().node(operator + " x -> y", attributes);
  }

  private static Row line(int opset, OnnxBytes graph, DoubleUnaryOperator y) {
    Tensor values = LINE.copy();
    for (int i = 0; i < values.size(); i++) {
      values.data()[i] = y.applyAsDouble(values.data()[i]);
    }
    return new Row(opset, graph, LINE, values);
  }

  /** The graph with x + f as its output. */
  private static Row added(OnnxBytes graph, double... f) {
    Tensor y = LINE.copy();
    for (int i = 0; i < f.length; i++) {
      y.data()[i] += f[i];
    }
    return new Row(13, graph.node("Add x f -> y"), LINE, y);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
