package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxNode;
import doppio.nn.Module;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator that can be read, in files that are put together by hand. */
class OperatorsTest {
  /**
   * A graph to try.
   *
   * @param opset the version of its operators
   * @param graph of the input x and the output y
   * @param x an input
   * @param y the output that it must give, null where the gradient alone is looked at
   */
  record Row(int opset, OnnxBytes graph, Tensor x, Tensor y) {
    byte[] file() {
      return OnnxBytes.file(opset, graph);
    }

    @Override
    public String toString() {
      try {
        List<String> names = new ArrayList<>();
        OnnxModel.read(MemoryChannel.of(file())).nodes().forEach(n -> names.add(n.operator()));
        return names + " of version " + opset + " on " + x;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
            elements(),
            products(),
            windows(),
            shapes(),
            arrangements(),
            OperatorForms.rows(),
            LayerForms.rows(),
            SequenceOperators.rows())
        .flatMap(s -> s);
  }

  private static Stream<Row> elements() {
    Tensor x = Tensor.of(-2, -0.5, 0.25, 3);
    return Stream.of(
        unary("Relu", x, 0, 0, 0.25, 3),
        unary("Abs", x, 2, 0.5, 0.25, 3),
        unary("Neg", x, 2, 0.5, -0.25, -3),
        unary("Exp", x, Math.exp(-2), Math.exp(-0.5), Math.exp(0.25), Math.exp(3)),
        unary(
            "Erf",
            x,
            -0.9953222650189527,
            -0.5204998778130465,
            0.2763263901682369,
            0.9999779095030014),
        unary("Softsign", x, -2 / 3.0, -1 / 3.0, 0.2, 0.75),
        unary("HardSwish", x, -2 / 6.0, -0.5 * 2.5 / 6, 0.25 * 3.25 / 6, 3),
        unary("HardSigmoid", x, 0.1, 0.4, 0.55, 1),
        unary("LeakyRelu", x, -0.02, -0.005, 0.25, 3),
        unary("Elu", x, Math.expm1(-2), Math.expm1(-0.5), 0.25, 3),
        unary(
            "Selu",
            x,
            1.0507009873554805 * 1.6732632423543772 * Math.expm1(-2),
            1.0507009873554805 * 1.6732632423543772 * Math.expm1(-0.5),
            1.0507009873554805 * 0.25,
            1.0507009873554805 * 3),
        unary("Sigmoid", x, sigmoid(-2), sigmoid(-0.5), sigmoid(0.25), sigmoid(3)),
        unary("Tanh", x, Math.tanh(-2), Math.tanh(-0.5), Math.tanh(0.25), Math.tanh(3)),
        unary("Softplus", x, softplus(-2), softplus(-0.5), softplus(0.25), softplus(3)),
        unary("Identity", x, -2, -0.5, 0.25, 3),
        unary("Dropout", x, -2, -0.5, 0.25, 3),
        row(13, graph(4).node("Cast x -> y", attribute("to", 11L)), x, x),
        row(5, graph(4).node("Cast x -> y", attribute("to", "DOUBLE")), x, x),
        row(
            13,
            graph(4).node("Abs x -> a").node("Sqrt a -> b").node("Log b -> y"),
            x,
            Tensor.of(Math.log(2) / 2, Math.log(0.5) / 2, Math.log(0.25) / 2, Math.log(3) / 2)),
        row(
            6,
            graph(4).node("Clip x -> y", attribute("min", -1f), attribute("max", 1f)),
            x,
            Tensor.of(-1, -0.5, 0.25, 1)),
        row(
            11,
            scalar(scalar(graph(4), "min", -1), "max", 2).node("Clip x min max -> y"),
            x,
            Tensor.of(-1, -0.5, 0.25, 2)),
        row(
            11,
            scalar(graph(4), "max", 2).node("Clip x _ max -> y"),
            x,
            Tensor.of(-2, -.5, .25, 2)),
        row(
            8,
            graph(4).floats("c", Tensor.of(0, -1, 0, 5)).node("Max x c -> y"),
            x,
            Tensor.of(0, -0.5, 0.25, 5)),
        row(
            8,
            graph(4).floats("c", Tensor.of(0, -1, 0, 5)).node("Min c x -> y"),
            x,
            Tensor.of(-2, -1, 0, 3)),
        row(
            13,
            scalar(graph(4), "c", 3).node("Pow x c -> y"),
            x,
            Tensor.of(-8, -.125, .015625, 27)),
        row(13, scalar(graph(4), "c", 2).node("Sub c x -> y"), x, Tensor.of(4, 2.5, 1.75, -1)),
        row(13, scalar(graph(4), "c", 2).node("Div c x -> y"), x, Tensor.of(-1, -4, 8, 2 / 3.0)),
        row(
            13,
            graph(2, 2).node("Neg x -> a").node("Mul x a -> b").node("Add b x -> y"),
            x.reshape(2, 2),
            Tensor.of(-6, -0.75, 0.1875, -6).reshape(2, 2)),
        row(
            6,
            graph(2, 2)
                .floats("c", Tensor.of(10, 20))
                .node("Add x c -> y", attribute("broadcast", 1L), attribute("axis", 0L)),
            x.reshape(2, 2),
            Tensor.of(8, 9.5, 20.25, 23).reshape(2, 2)),
        row(
            13,
            graph(2, 2).floats("c", Tensor.of(10, 20)).node("Add x c -> y"),
            x.reshape(2, 2),
            Tensor.of(8, 19.5, 10.25, 23).reshape(2, 2)),
        row(
            6,
            graph(2, 2).floats("s", Tensor.of(0.5, 2)).node("PRelu x s -> y"),
            Tensor.of(-1, -2, -3, 4).reshape(2, 2),
            Tensor.of(-0.5, -4, -1.5, 4).reshape(2, 2)),
        row(13, graph(2, 3).node("Softmax x -> y", attribute("axis", 0L)), random(2, 3), null),
        row(
            11,
            graph(2, 3, 2).node("Softmax x -> y", attribute("axis", 1L)),
            random(2, 3, 2),
            null),
        row(13, graph(2, 3).node("LogSoftmax x -> y", attribute("axis", 0L)), random(2, 3), null),
        row(13, graph(1, 2).node("Softmax x -> y"), Tensor.zeros(1, 2), Tensor.full(0.5, 1, 2)));
  }

  private static Stream<Row> products() {
    Tensor w = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    Tensor x = Tensor.of(new double[][] {{1, -1}, {2, 0}});
    return Stream.of(
        row(
            13,
            graph(2, 2).floats("w", w).node("MatMul x w -> y"),
            x,
            Tensor.of(new double[][] {{-3, -3, -3}, {2, 4, 6}})),
        row(
            13,
            graph(2, 2)
                .floats("w", Tensor.of(new double[][] {{1, 2}, {3, 4}, {5, 6}}))
                .node("MatMul w x -> y"),
            x,
            Tensor.of(new double[][] {{5, -1}, {11, -3}, {17, -5}})),
        row(
            13,
            graph(2, 2).node("MatMul x x -> y"),
            x,
            Tensor.of(new double[][] {{-1, -1}, {2, -2}})),
        row(
            13,
            graph(2, 3, 2).floats("w", random(2, 2, 4)).node("MatMul x w -> y"),
            random(2, 3, 2),
            null),
        row(
            13,
            graph(2, 3, 2).floats("w", random(3)).node("MatMul w x -> y"),
            random(2, 3, 2),
            null),
        row(
            13,
            graph(2, 2)
                .floats("w", w)
                .floats("b", Tensor.of(1, 0, -1))
                .node("Gemm x w b -> y", attribute("alpha", 2f), attribute("beta", 3f)),
            x,
            Tensor.of(new double[][] {{-3, -6, -9}, {7, 8, 9}})),
        row(
            13,
            graph(3, 2)
                .floats("w", w)
                .floats("b", Tensor.of(1, 0, -1))
                .node("MatMul x w -> m")
                .node("Add b m -> y"),
            random(3, 2),
            null),
        row(
            11,
            graph(2, 2)
                .floats("w", w)
                .floats("c", random(2, 3))
                .node("Gemm x w c -> y", attribute("transA", 1L)),
            random(2, 2),
            null),
        row(
            11,
            graph(2, 2).floats("w", random(2, 2)).node("Gemm w x -> y", attribute("transB", 1L)),
            random(2, 2),
            null));
  }

  private static Stream<Row> windows() {
    Tensor x = Tensor.of(1, 2, 3, 4, 5).reshape(1, 1, 5);
    OnnxBytes three = list("kernel_shape", 3);
    OnnxBytes two = list("strides", 2);
    Tensor ones = Tensor.full(1, 1, 1, 3);
    return Stream.of(
        row(11, graph(1, 1, 5).floats("w", ones).node("Conv x w -> y"), x, line(6, 9, 12)),
        row(
            11,
            graph(1, 1, 5).floats("w", ones).node("Conv x w -> y", list("pads", 2, 0)),
            x,
            line(1, 3, 6, 9, 12)),
        row(
            11,
            graph(1, 1, 5)
                .floats("w", ones)
                .node("Conv x w -> y", attribute("auto_pad", "SAME_UPPER")),
            x,
            line(3, 6, 9, 12, 9)),
        row(
            11,
            graph(1, 1, 4)
                .floats("w", ones)
                .node("Conv x w -> y", attribute("auto_pad", "SAME_LOWER"), two),
            line(1, 2, 3, 4),
            line(3, 9)),
        row(
            11,
            graph(1, 1, 4)
                .floats("w", ones)
                .node("Conv x w -> y", attribute("auto_pad", "SAME_UPPER"), two),
            line(1, 2, 3, 4),
            line(6, 7)),
        row(
            11,
            graph(-1, 2, 4, 4)
                .floats("w", random(4, 1, 3, 3))
                .floats("b", random(4))
                .node(
                    "Conv x w b -> y",
                    attribute("group", 2L),
                    list("pads", 1, 0, 1, 0),
                    list("dilations", 1, 1)),
            random(2, 2, 4, 4),
            null),
        row(11, graph(1, 1, 5).node("MaxPool x -> y", three, two), x, line(3, 5)),
        row(
            11,
            graph(1, 1, 4).node("MaxPool x -> y", three, two, attribute("ceil_mode", 1L)),
            line(1, 2, 3, 4),
            line(3, 4)),
        row(
            11,
            graph(-1, 1, 3, 3)
                .node(
                    "MaxPool x -> y",
                    list("kernel_shape", 2, 2),
                    list("strides", 2, 2),
                    attribute("ceil_mode", 1L)),
            Tensor.of(1, 2, 3, 4, 5, 6, 7, 8, 9).reshape(1, 1, 3, 3),
            Tensor.of(5, 6, 8, 9).reshape(1, 1, 2, 2)),
        row(
            11,
            graph(-1, 1, 3, 3)
                .node(
                    "AveragePool x -> y",
                    list("kernel_shape", 3, 3),
                    list("strides", 3, 3),
                    list("pads", 1, 1, 1, 1),
                    attribute("count_include_pad", 1L),
                    attribute("ceil_mode", 1L)),
            Tensor.full(36, 1, 1, 3, 3),
            Tensor.of(16, 12, 12, 9).reshape(1, 1, 2, 2)),
        row(
            11,
            graph(1, 1, 5).node("AveragePool x -> y", three, list("pads", 1, 1)),
            x,
            line(1.5, 2, 3, 4, 4.5)),
        row(
            11,
            graph(1, 1, 5)
                .node(
                    "AveragePool x -> y",
                    three,
                    list("pads", 1, 1),
                    attribute("count_include_pad", 1L)),
            x,
            line(1, 2, 3, 4, 3)),
        row(
            11,
            graph(-1, 1, 4, 4)
                .node("AveragePool x -> y", list("kernel_shape", 2, 2), list("pads", 1, 1, 1, 1)),
            random(2, 1, 4, 4),
            null),
        row(
            11,
            graph(-1, 1, 4, 4)
                .node("MaxPool x -> y", list("kernel_shape", 2, 2), list("pads", 0, 1, 0, 0)),
            random(2, 1, 4, 4),
            null),
        row(11, graph(1, 1, 5).node("GlobalAveragePool x -> y"), x, line(3)),
        row(11, graph(1, 1, 5).node("GlobalMaxPool x -> y"), x, line(5)),
        row(
            9,
            graph(-1, 2, 3, 1, 1)
                .floats("s", Tensor.of(1, 2))
                .floats("b", Tensor.of(0, 1))
                .floats("m", Tensor.of(3, 0))
                .floats("v", Tensor.of(1, 4))
                .node("BatchNormalization x s b m v -> y", attribute("epsilon", 0f)),
            Tensor.of(3, 4, 5, 0, 2, 4).reshape(1, 2, 3, 1, 1),
            Tensor.of(0, 1, 2, 1, 3, 5).reshape(1, 2, 3, 1, 1)),
        row(
            9,
            graph(-1, 2)
                .floats("s", Tensor.of(1, 2))
                .floats("b", Tensor.of(0, 1))
                .floats("m", Tensor.of(3, 0))
                .floats("v", Tensor.of(1, 4))
                .node("BatchNormalization x s b m v -> y", attribute("epsilon", 0f)),
            Tensor.of(4, 2).reshape(1, 2),
            Tensor.of(1, 3).reshape(1, 2)),
        row(
            17,
            graph(-1, 2)
                .floats("s", Tensor.of(1, 2))
                .floats("b", Tensor.of(0, 1))
                .node("LayerNormalization x s b -> y", attribute("epsilon", 0f)),
            Tensor.of(3, 5).reshape(1, 2),
            Tensor.of(-1, 3).reshape(1, 2)));
  }

  private static Stream<Row> shapes() {
    Tensor x = random(2, 3, 4);
    return Stream.of(
        row(13, graph(-1, 3, 4).node("Flatten x -> y"), x, x.reshape(2, 12)),
        row(13, graph(-1, 3, 4).node("Flatten x -> y", attribute("axis", 2L)), x, x.reshape(6, 4)),
        row(
            4,
            graph(-1, 3, 4).node("Reshape x -> y", list("shape", 0, 2, -1)),
            x,
            x.reshape(2, 2, 6)),
        row(13, graph(2, 3, 4).wholes("s", 4, -1).node("Reshape x s -> y"), x, x.reshape(4, 6)),
        row(
            13,
            graph(-1, 3, 4)
                .node("Shape x -> s")
                .wholes("zero", 0)
                .node("Gather s zero -> n", attribute("axis", 0L))
                .wholes("rest", 2, 6)
                .node("Concat n rest -> t", attribute("axis", 0L))
                .node("Reshape x t -> y"),
            x,
            x.reshape(2, 2, 6)),
        row(
            15,
            graph(2, 3, 4)
                .node("Shape x -> s", attribute("start", 1L))
                .node("Cast s -> f", attribute("to", 1L))
                .node("ReduceSum f -> c")
                .node("Mul x c -> y"),
            x,
            times(x, 7)),
        row(11, graph(2, 1, 3).node("Squeeze x -> y", list("axes", 1)), random(2, 1, 3), null),
        row(13, graph(2, 1, 3).wholes("a", 1).node("Squeeze x a -> y"), random(2, 1, 3), null),
        row(13, graph(2, 1, 1).node("Squeeze x -> y"), random(2, 1, 1), null),
        row(11, graph(2, 3).node("Unsqueeze x -> y", list("axes", 0, 3)), random(2, 3), null),
        row(13, graph(2, 3).wholes("a", -1).node("Unsqueeze x a -> y"), random(2, 3), null),
        row(
            13,
            scalar(graph(2, 3), "c", 0)
                .node("Constant -> k", attribute("value", OnnxBytes.raw("", Tensor.of(1, 2, 3))))
                .node("Add x k -> y"),
            random(2, 3),
            null),
        row(
            13,
            graph(2).node("Constant -> k", attribute("value_float", 2f)).node("Mul x k -> y"),
            Tensor.of(3, 4),
            Tensor.of(6, 8)),
        row(
            13,
            graph(2, 3).node("Constant -> k", list("value_ints", 3, 2)).node("Reshape x k -> y"),
            random(2, 3),
            null));
  }

  private static Stream<Row> arrangements() {
    Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    long far = Long.MAX_VALUE;
    return Stream.of(
        row(
            13,
            graph(2, 3).node("Transpose x -> y"),
            x,
            Tensor.of(new double[][] {{1, 4}, {2, 5}, {3, 6}})),
        row(
            13,
            graph(2, 3, 4).node("Transpose x -> y", list("perm", 1, 2, 0)),
            random(2, 3, 4),
            null),
        row(
            13,
            graph(2, 3).node("Neg x -> n").node("Concat x n -> y", attribute("axis", -1L)),
            x,
            Tensor.of(new double[][] {{1, 2, 3, -1, -2, -3}, {4, 5, 6, -4, -5, -6}})),
        row(
            1,
            graph(2, 3).node("Slice x -> y", list("starts", 1), list("ends", 9), list("axes", 1)),
            x,
            Tensor.of(new double[][] {{2, 3}, {5, 6}})),
        row(
            13,
            graph(2, 3)
                .wholes("s", far, -1)
                .wholes("e", -far, 0)
                .wholes("a", 1, 0)
                .wholes("t", -2, -1)
                .node("Slice x s e a t -> y"),
            x,
            Tensor.of(new double[][] {{6, 4}})),
        row(
            13,
            graph(2, 3).wholes("s", 1).wholes("e", far).node("Slice x s e -> y"),
            x,
            Tensor.of(new double[][] {{4, 5, 6}})),
        row(
            13,
            graph(2, 3).wholes("i", 2, 0, -1).node("Gather x i -> y", attribute("axis", 1L)),
            x,
            Tensor.of(new double[][] {{3, 1, 3}, {6, 4, 6}})),
        row(
            2,
            graph(2, 3).node("Pad x -> y", list("pads", 0, 1, 0, -1), attribute("value", 7f)),
            x,
            Tensor.of(new double[][] {{7, 1, 2}, {7, 4, 5}})),
        row(
            13,
            scalar(graph(2, 3).wholes("p", 0, 1, 0, 2), "v", 9)
                .node("Pad x p v -> y", attribute("mode", "reflect")),
            x,
            Tensor.of(new double[][] {{2, 1, 2, 3, 2, 1}, {5, 4, 5, 6, 5, 4}})),
        row(
            13,
            graph(2, 3).wholes("p", 0, 1, 0, 1).node("Pad x p -> y", attribute("mode", "edge")),
            x,
            Tensor.of(new double[][] {{1, 1, 2, 3, 3}, {4, 4, 5, 6, 6}})),
        row(
            18,
            scalar(graph(2, 3).wholes("p", 1, 0).wholes("a", 1), "v", 0).node("Pad x p v a -> y"),
            x,
            Tensor.of(new double[][] {{0, 1, 2, 3}, {0, 4, 5, 6}})),
        row(
            11,
            graph(2, 3).node("ReduceMean x -> y", list("axes", -1), attribute("keepdims", 0L)),
            x,
            Tensor.of(2, 5)),
        row(
            18,
            graph(2, 3).wholes("a", 0).node("ReduceMean x a -> y"),
            x,
            Tensor.of(new double[][] {{2.5, 3.5, 4.5}})),
        row(13, graph(2, 3).node("ReduceSum x -> y"), x, Tensor.of(new double[][] {{21}})),
        row(
            11,
            graph(-1, 2, 2, 2)
                .node("ReduceMean x -> y", list("axes", 2, 3), attribute("keepdims", 0L)),
            random(3, 2, 2, 2),
            null));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void givesTheExpectedOutput(Row row) throws IOException {
    Tensor y = OnnxReader.read(MemoryChannel.of(row.file())).infer(row.x);
    if (row.y != null) {
      assertThat(y.shape()).containsExactly(row.y.shape());
      for (int i = 0; i < y.size(); i++) {
        assertThat(y.data()[i])
            .isCloseTo(row.y.data()[i], org.assertj.core.data.Offset.offset(1e-7));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void goesBackByTheRightGradient(Row row) throws IOException {
    Module module = OnnxReader.read(MemoryChannel.of(row.file()));
    GradientCheck.check(module, RandomTensors.normal(7, row.x.shape()));
    GradientCheck.check(module.copy(), RandomTensors.normal(8, row.x.shape()));
  }

  @Test
  void everyOperatorIsTried() throws IOException {
    Set<String> tried = new TreeSet<>();
    for (Row row : rows().toList()) {
      OnnxModel.read(MemoryChannel.of(row.file())).nodes().stream()
          .map(OnnxNode::operator)
          .forEach(tried::add);
    }
    assertThat(tried).isEqualTo(Operators.names());
  }

  private static Row unary(String operator, Tensor x, double... y) {
    return row(13, graph(x.size()).node(operator + " x -> y"), x, Tensor.of(y));
  }

  private static Row row(int opset, OnnxBytes graph, Tensor x, Tensor y) {
    return new Row(opset, graph, x, y);
  }

  private static OnnxBytes scalar(OnnxBytes graph, String name, double value) {
    return graph.floats(name, Tensor.full(value));
  }

  private static Tensor random(int... shape) {
    return RandomTensors.normal(5, shape);
  }

  private static Tensor line(double... values) {
    return Tensor.of(values).reshape(1, 1, values.length);
  }

  private static Tensor times(Tensor x, double factor) {
    Tensor y = x.copy();
    for (int i = 0; i < y.size(); i++) {
      y.data()[i] *= factor;
    }
    return y;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }
}
