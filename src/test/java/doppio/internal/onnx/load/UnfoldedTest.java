package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import java.util.stream.Stream;
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
          0 0 -1 0 0 -1 | 0 | 0 1 2 3 1 2 3 4 | none
          0 1 0 0 0 0 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          0 1 0 0 1 0 | 0 | 0 1 2 3 1 2 3 4 | Conv1d(2 → 2, kernel 2, no bias)
          '' | 0 | 0 1 2 3 1 2 3 3 | none
          '' | 0 | 3 2 1 0 4 3 2 1 | none
          '' | 0 | 1 2 3 4 0 1 2 3 | none
          '' | 0 | 0 0 0 0 1 1 1 1 | none
          '' | 0 | 0 1 2 3 0 1 2 3 | none
          '' | 0 | 0 1 2 1 2 3 | none
          '' | 0 | 1 3 2 4 | none
          """)
  void windows(String pads, double fill, String places, String layer) throws IOException {
    long[] p = numbers(pads.isEmpty() ? "0 0 0 0 0 0" : pads);
    long[] at = numbers(places);
    long channels = 2 - p[1] - p[4];
    OnnxBytes graph =
        graph(-1, channels, 5 - p[2] - p[5])
            .floats("w", RandomTensors.normal(1, 2, 2, 2))
            .floats("fill", Tensor.full(fill))
            .wholes("p", p)
            .wholes("at", at)
            .wholes("flat", 0, 2, 5)
            .wholes("stacked", 0, 4, at.length / 2)
            .wholes("matrix", 2, 4)
            .wholes("out", 0, 2, at.length / 2);
    if (!pads.isEmpty()) {
      graph.node("Pad x p fill -> a");
    }
    graph
        .node("Reshape " + (pads.isEmpty() ? "x" : "a") + " flat -> f")
        .node("Gather f at -> g", attribute("axis", 2L))
        .node("Reshape g stacked -> s")
        .node("Reshape w matrix -> m")
        .node("MatMul m s -> q")
        .node("Reshape q out -> y");
    Module read = load(graph);
    String found = read.children().isEmpty() ? "none" : read.get("0").toString();
    assertThat(found).isEqualTo(layer);
  }

  private static long[] numbers(String text) {
    return Stream.of(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
  }
}
