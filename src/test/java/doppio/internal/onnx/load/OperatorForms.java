package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;

import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.load.OperatorsTest.Row;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** The less usual forms of operators. */
final class OperatorForms {
  private static final Tensor TABLE = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
  static final Tensor LINE = Tensor.of(-2, -0.5, 0.25, 3);

  private OperatorForms() {}

  static Stream<Row> rows() {
    return Stream.of(parts(), sums(), elements(), numbers(), softmaxes(), stacks()).flatMap(r -> r);
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

  /** A graph on the table, to which its output comes. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Form(int opset, OnnxBytes graph, int[] shape) {
    Row of(double... y) {
      return new Row(opset, graph, TABLE, Tensor.of(y).reshape(shape));
    }
  }

  static Form table(int opset, OnnxBytes graph, int... shape) {
    return new Form(opset, graph, shape);
  }

  static OnnxBytes line() {
    return graph(4);
  }

  private static OnnxBytes none() {
    return attribute("keepdims", 0L);
  }

  static OnnxBytes scalar(double c) {
    return line().floats("c", Tensor.full(c));
  }

  private static OnnxBytes node(String operator, OnnxBytes... attributes) {
    return line().node(operator + " x -> y", attributes);
  }

  static Row line(int opset, OnnxBytes graph, DoubleUnaryOperator y) {
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
}
