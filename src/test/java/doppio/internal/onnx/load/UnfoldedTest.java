package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static doppio.internal.onnx.load.Graphs.numbers;
import static doppio.internal.onnx.load.Graphs.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A product of gathered windows is a convolution where these lie as a convolution's do. */
class UnfoldedTest {
  /**
   * Of two channels, which are five long with their pads, and windows over two of them. A pad that
   * is none of a convolution stays before it.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 1 0 0 1 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, padding 1, no bias)
          0 0 0 0 0 0 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          '' | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          '' | 0 | 0 2 1 3 | Conv1d(2 → 2, kernel 2, stride 2, no bias)
          '' | 0 | 0 1 2 2 3 4 | Conv1d(2 → 2, kernel 2, dilation 2, no bias)
          '' | 0 | 0 4 | Conv1d(2 → 2, kernel 2, dilation 4, no bias)
          0 0 1 0 0 1 | 3 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          0 0 1 0 0 2 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          0 0 -1 0 0 -1 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          0 1 0 0 0 0 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          0 1 0 0 1 0 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          '' | 0 | 0 1 2 3 1 2 3 3 | none
          '' | 0 | 3 2 1 0 4 3 2 1 | none
          '' | 0 | 1 2 3 4 0 1 2 3 | none
          '' | 0 | 0 0 0 0 1 1 1 1 | none
          '' | 0 | 0 1 2 3 0 1 2 3 | none
          '' | 0 | 0 1 2 1 2 3 | none
          '' | 0 | 1 3 2 4 | none
          '' | 0 | 0 -1 -2 -3 1 0 -1 -2 | none
          '' | 0 | 0 1 2 3 -1 0 1 2 | none
          """)
  void windows(String pads, double fill, String places, String layer) throws IOException {
    long[] p = numbers(pads.isEmpty() ? "0 0 0 0 0 0" : pads);
    int positions = numbers(places).length / 2;
    long[] shape = {-1, 2 - p[1] - p[4], 5 - p[2] - p[5]};
    assertRead(
        () -> {
          OnnxBytes graph = graph(shape);
          String x = "x";
          if (!pads.isEmpty()) {
            graph.wholes("p", p).floats("fill", Tensor.full(fill)).node("Pad x p fill -> a");
            x = "a";
          }
          weight(graph, "Reshape", "2 2 2", "2 4");
          return product(graph, x, "0 2 5", 2, places, "0 4 " + positions);
        },
        "0 2 " + positions,
        shape,
        layer);
  }

  /** Steps that are nearly those of a convolution, and give other numbers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -1 2 5 | Reshape | 2 2 2 | 2 4 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 4 4 | 0 2 4 | Conv1d(2 → 2, kernel 2, no bias)
          -1 2 5 | Reshape | 2 1 2 | 2 1 2 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 2 2 4 | 0 2 4 | Conv1d(2 → 2, kernel 2, groups 2, no bias)
          -1 2 5 | Reshape | 2 2 1 | 2 2 | 0 2 5 | 2 | 0 2 4 | 0 2 3 | 0 2 3 | Conv1d(2 → 2, kernel 1, stride 2, no bias)
          -1 1 3 2 | Reshape | 2 1 2 1 | 2 2 | 0 1 6 | 2 | 0 1 2 3 2 3 4 5 | 0 2 4 | 0 2 2 2 | Conv2d(1 → 2, kernel 2 × 1, no bias)
          -1 1 3 4 | Reshape | 1 1 2 2 | 1 4 | 0 1 12 | 2 | 0 2 4 6 1 3 5 7 4 6 8 10 5 7 9 11 | 0 4 4 | 0 1 2 2 | Conv2d(1 → 1, kernel 2 × 2, stride 1 × 2, no bias)
          -1 2 5 | Reshape | 2 2 2 | 2 4 | 0 5 2 | 1 | 0 1 2 3 1 2 3 4 | 0 4 4 | 0 2 4 | none
          -1 2 5 | Reshape | 2 2 2 | 2 4 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 2 4 2 | 0 2 4 | none
          -1 1 7 | Exp | 2 1 4 | '' | 0 1 7 | 2 | 0 1 2 3 1 2 3 4 2 3 4 5 3 4 5 6 | 0 1 4 4 | 0 2 4 | none
          -1 2 4 | Reshape | 2 2 1 | 1 4 | 0 2 4 | 2 | 0 1 2 3 0 1 2 3 | 0 4 4 | 0 1 4 | none
          -1 2 4 | Reshape | 2 2 1 | 2 2 | 0 2 4 | 2 | 0 1 2 3 0 1 2 3 | -1 2 4 | -1 2 4 | none
          -1 4 5 | Reshape | 2 2 2 | 2 4 | 0 4 5 | 2 | 0 1 2 3 1 2 3 4 | -1 4 4 | -1 2 4 | none
          2 2 2 | Reshape | 2 2 2 | 2 4 | 0 1 4 | 2 | 0 1 | 1 4 1 | 0 2 1 | none
          2 2 5 | Reshape | 2 1 2 | 2 1 1 2 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 2 2 4 | 0 2 4 | none
          -1 3 3 | Reshape | 1 3 2 | 1 6 | 0 3 3 | 1 | 0 1 1 2 | 0 6 2 | 0 1 2 | none
          -1 2 4 | Reshape | 2 2 2 | 2 4 | 0 2 4 | 2 | 0 1 2 3 0 1 2 3 | 0 4 4 | 0 2 4 | none
          -1 2 5 1 | Reshape | 2 2 2 | 2 4 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 4 4 | 0 2 4 | none
          -1 2 5 1 | Reshape | 2 2 2 | 2 4 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 4 4 | 0 2 4 1 | none
          -1 2 1 1 5 | Reshape | 2 2 1 1 2 | 2 4 | 0 2 5 | 2 | 0 1 2 3 1 2 3 4 | 0 4 4 | 0 2 1 1 4 | none
          -1 2 5 | Reshape | 2 2 2 | 2 4 | 0 2 5 | 2 | '' | 0 4 0 | 0 2 0 | none
          -1 0 5 | Reshape | 2 0 2 | 2 0 | 0 0 5 | 2 | 0 1 2 3 1 2 3 4 | 0 0 4 | 0 2 4 | none
          """)
  void steps(
      String input,
      String operator,
      String weight,
      String matrix,
      String flat,
      long axis,
      String places,
      String stacked,
      String out,
      String layer)
      throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = weight(graph(numbers(input)), operator, weight, matrix);
          return product(graph, "x", flat, axis, places, stacked);
        },
        out,
        numbers(input),
        layer);
  }

  /** What stands in the place of one of the steps, or of all. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Abs x -> s
          Reshape x flat -> s
          Abs x -> f; Reshape f flat -> s
          Abs x -> f; Gather f at -> g; Reshape g stacked -> s
          Gather x at -> g; Reshape g stacked -> s
          Reshape x flat -> f; Abs f -> g; Reshape g flat -> s
          Reshape x flat -> f; Gather f at -> g; Abs g -> s
          """)
  void otherSteps(String nodes) throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(-1, 1, 4).wholes("flat", 0, 1, 4).wholes("at", 0, 2);
          weight(graph.wholes("stacked", 0, 1, 2), "Reshape", "2 1 1", "2 1");
          for (String node : nodes.split("; ", -1)) {
            OnnxBytes axis = attribute("axis", 2L);
            graph.node(node, node.startsWith("Gather") ? new OnnxBytes[] {axis} : new OnnxBytes[0]);
          }
          return graph.node("MatMul m s -> q");
        },
        "0 2 -1",
        new long[] {-1, 1, 4},
        "none");
  }

  @Test
  void eachDimensionHasAPaddingOfItsOwn() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(-1, 1, 1, 2).wholes("p", 0, 0, 1, 0, 0, 0, 1, 0);
          weight(graph.node("Pad x p -> a"), "Reshape", "1 1 2 1", "1 2");
          return product(graph, "a", "0 1 6", 2, "0 1 2 3 2 3 4 5", "0 2 4");
        },
        "0 1 2 2",
        new long[] {-1, 1, 1, 2},
        "Conv2d(1 → 1, kernel 2 × 1, padding 1 × 0, no bias)");
  }

  @Test
  void whatComesBeforeStaysBefore() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = weight(graph(-1, 2, 5).node("Abs x -> a"), "Reshape", "2 2 2", "2 4");
          return product(graph, "a", "0 2 5", 2, "0 1 2 3 1 2 3 4", "0 4 4");
        },
        "0 2 4",
        new long[] {-1, 2, 5},
        "Conv1d(2 → 2, kernel 2, no bias)");
  }

  @Test
  void aPaddingOfEdgesStaysBeforeTheConvolution() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(-1, 2, 3).wholes("p", 0, 0, 1, 0, 0, 1);
          graph.node("Pad x p -> a", attribute("mode", "edge"));
          weight(graph, "Reshape", "2 2 2", "2 4");
          return product(graph, "a", "0 2 5", 2, "0 1 2 3 1 2 3 4", "0 4 4");
        },
        "0 2 4",
        new long[] {-1, 2, 3},
        "Conv1d(2 → 2, kernel 2, no bias)");
  }

  /** The steps that make samples of zeros, as many as there are. */
  @Test
  void aPaddingByTheSizeOfTheBatchStaysBeforeTheConvolution() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(-1, 2, 5).wholes("batch", 1, 0, 0).wholes("none", 0, 0, 0);
          graph.node("Shape x -> sizes").node("Mul sizes batch -> n");
          graph.node("Concat n none -> p", attribute("axis", 0L)).node("Pad x p -> a");
          weight(graph, "Reshape", "2 2 2", "2 4");
          return product(graph, "a", "0 2 5", 2, "0 1 2 3 1 2 3 4", "0 4 4");
        },
        "0 2 4",
        new long[] {-1, 2, 5},
        "Conv1d(2 → 2, kernel 2, no bias)");
  }

  /** The batch is what windows move over. */
  @Test
  void imagesAsLongAsTheBatchAreNone() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(-1, 2, 3);
          graph.node("Transpose x -> t");
          weight(graph, "Reshape", "2 2 2", "2 4");
          return product(graph, "t", "0 2 -1", 2, "0 0", "0 4 1");
        },
        "0 2 1",
        new long[] {-1, 2, 3},
        "none");
  }

  @Test
  void placesThatAreComputedAreNone() throws IOException {
    assertRead(
        () -> {
          OnnxBytes graph = graph(2, 2, 2).wholes("eight", 8).wholes("at", 0, 0, 0, 0, 0, 0, 0, 0);
          graph.node("Cast x -> i", attribute("to", 7L)).node("Reshape i eight -> j");
          graph.node("Mul j at -> k");
          weight(graph, "Reshape", "2 2 2", "2 4").wholes("flat", 0, 2, 2).wholes("st", 0, 4, 4);
          graph.node("Reshape x flat -> f").node("Gather f k -> g", attribute("axis", 2L));
          return graph.node("Reshape g st -> s").node("MatMul m s -> q");
        },
        "0 2 4",
        new long[] {2, 2, 2},
        "none");
  }

  /** Adds a weight w, and a matrix m that an operator makes of it. */
  private static OnnxBytes weight(OnnxBytes graph, String operator, String shape, String matrix) {
    int[] sizes = sizes(shape);
    graph.floats("w", RandomTensors.normal(1, sizes)).wholes("matrix", numbers(matrix));
    return graph.node(operator + " w " + (matrix.isEmpty() ? "" : "matrix ") + "-> m");
  }

  /** Adds the product of m and the elements at some places. */
  private static OnnxBytes product(
      OnnxBytes graph, String x, String flat, long axis, String places, String stacked) {
    return graph
        .wholes("flat", numbers(flat))
        .wholes("at", numbers(places))
        .wholes("stacked", numbers(stacked))
        .node("Reshape " + x + " flat -> f")
        .node("Gather f at -> g", attribute("axis", axis))
        .node("Reshape g stacked -> s")
        .node("MatMul m s -> q");
  }

  /** Looks at the layer that is found, and whether the numbers are those of the product. */
  private static void assertRead(Supplier<OnnxBytes> steps, String out, long[] input, String layer)
      throws IOException {
    Module read = load(steps.get().wholes("out", numbers(out)).node("Reshape q out -> y"));
    String found =
        read.children().keySet().stream()
            .map(name -> read.get(name).toString())
            .findFirst()
            .orElse("none");
    assertThat(found).isEqualTo(layer);
    int[] shape = Arrays.stream(input).mapToInt(n -> n < 0 ? 3 : (int) n).toArray();
    Tensor x = RandomTensors.normal(2, shape);
    double[] product = load(steps.get().node("Identity q -> y")).infer(x).data();
    assertThat(read.infer(x).data()).containsExactly(product, Offset.offset(1e-12));
  }
}
