package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which recurrent nodes are layers, and what is refused. Of four inputs and three of state. */
class RecurrentFormsTest {
  @ParameterizedTest
  @CsvSource({
    "1 3 4, 1 3 3, 1 6, true",
    "3 4, 1 3 3, 1 6, false",
    "1 3 4, 3 3, 1 6, false",
    "1 3 4 1, 1 3 3, 1 6, false",
    "1 3 0, 1 3 3, 1 6, false",
    "1 0 4, 1 0 0, 1 0, false",
    "2 3 4, 1 3 3, 1 6, false",
    "1 6 4, 1 3 3, 1 6, false",
    "1 3 4, 2 3 3, 1 6, false",
    "1 3 4, 1 3 3, 1 3, false",
    "1 3 4, 1 3 3, 6, false"
  })
  void weightsHaveTheShapesOfTheFormat(String w, String r, String b, boolean fits)
      throws IOException {
    OnnxBytes graph =
        graph(5, -1, 4).floats("w", tensor(w)).floats("r", tensor(r)).floats("b", tensor(b));
    graph.node("RNN x w r b -> y");
    if (fits) {
      assertThat(load(graph).get("0")).hasToString("RNN(4 → 3)");
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> load(graph))
          .withMessageContaining("its W, R and B must be [directions, gates, in]");
    }
  }

  private static Tensor tensor(String shape) {
    String[] sizes = shape.split(" ", -1);
    int[] n = new int[sizes.length];
    for (int d = 0; d < n.length; d++) {
      n[d] = Integer.parseInt(sizes[d]);
    }
    return RandomTensors.normal(1, n);
  }

  private static OnnxBytes recurrent() {
    return graph(5, -1, 4)
        .floats("w", tensor("1 3 4"))
        .floats("r", tensor("1 3 3"))
        .floats("zeros", Tensor.zeros(1, 2, 3))
        .floats("ones", Tensor.full(1, 1, 2, 3))
        .wholes("shape", 1, 2, 3);
  }

  @Test
  void theSizeOfTheStateIsThatOfItsWeights() throws IOException {
    assertThat(load(recurrent().node("RNN x w r -> y", attribute("hidden_size", 3L)))).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(recurrent().node("RNN x w r -> y", attribute("hidden_size", 4L))))
        .withMessageContaining("[1, 3, 4], [1, 3, 3]");
  }

  /** Zeros of any making are no state to begin with; all others are one, which is refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Identity zeros -> h | true
          Identity ones -> h | false
          Neg zeros -> h | true
          ConstantOfShape shape -> h | true
          Shape x -> s; Slice s one two -> n; Concat one n three -> t; ConstantOfShape t -> h | true
          Shape x -> s; Slice s one two -> n; Concat one n three -> t; Expand small t -> h | true
          Shape x -> s; Slice s one two -> n; Concat one n three -> t; Expand large t -> h | false
          Slice x zero one -> a; Slice a zero three two -> h | false
          Slice x zero one -> a; Slice a zero three two -> b; Relu b -> h | false
          """)
  void aStateOfZerosIsNone(String nodes, boolean fits) throws IOException {
    OnnxBytes graph =
        recurrent()
            .wholes("zero", 0)
            .wholes("one", 1)
            .wholes("two", 2)
            .wholes("three", 3)
            .floats("small", Tensor.zeros(1, 1, 3))
            .floats("large", Tensor.full(1, 1, 1, 3));
    for (String node : nodes.split("; ", -1)) {
      OnnxBytes axis = attribute("axis", 0L);
      graph.node(node, node.startsWith("Concat") ? new OnnxBytes[] {axis} : new OnnxBytes[0]);
    }
    graph.node("RNN x w r _ _ h -> y");
    if (fits) {
      assertThat(load(graph).get("0")).hasToString("RNN(4 → 3)");
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> load(graph))
          .withMessageContaining("an initial state other than zeros is not supported");
    }
  }
}
