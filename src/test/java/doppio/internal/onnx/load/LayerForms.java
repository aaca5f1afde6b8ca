package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;
import static doppio.internal.onnx.load.OperatorForms.LINE;
import static doppio.internal.onnx.load.OperatorForms.line;
import static doppio.internal.onnx.load.OperatorForms.scalar;
import static doppio.internal.onnx.load.OperatorForms.table;

import doppio.Tensor;
import doppio.internal.onnx.ErrorFunction;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.load.OperatorForms.Form;
import doppio.internal.onnx.load.OperatorsTest.Row;
import java.util.stream.Stream;

/** Graphs that are layers in one form or another, and those that nearly are. */
final class LayerForms {
  private LayerForms() {}

  static Stream<Row> rows() {
    return Stream.of(nearly(), norms(), products(), windows()).flatMap(r -> r);
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

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
