package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static doppio.internal.onnx.load.Graphs.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
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
          .withMessageContaining("its W, R and B must be [directions, gates, in]")
          .withMessageEndingWith(" and [" + b.replace(" ", ", ") + "]");
    }
  }

  private static Tensor tensor(String shape) {
    return RandomTensors.normal(1, sizes(shape));
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
        .withMessageEndingWith("got [1, 3, 4], [1, 3, 3]");
  }

  @Test
  void whatTheLayersDoNotHaveIsRefused() {
    String unusual = "clip, input_forget, sequence lengths and peepholes are not supported";
    refused("RNN x w r -> y", unusual, attribute("clip", 1f));
    refused("LSTM x w4 r4 -> y", unusual, attribute("input_forget", 1L));
    refused("RNN x w r _ n -> y", unusual);
    refused("LSTM x w4 r4 _ _ _ _ p -> y", unusual);
    refused(
        "LSTM x w4 r4 -> y",
        "its activations are [SIGMOID, TANH, RELU], not [SIGMOID, TANH, TANH]",
        texts("Sigmoid", "Tanh", "Relu"));
  }

  private static void refused(String node, String why, OnnxBytes... attributes) {
    OnnxBytes graph = lstm().wholes("n", 5, 5).floats("p", Tensor.zeros(1, 9));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(graph.node(node, attributes)))
        .withMessageEndingWith(why);
  }

  private static OnnxBytes lstm() {
    return recurrent().floats("w4", tensor("1 12 4")).floats("r4", tensor("1 12 3"));
  }

  private static OnnxBytes texts(String... values) {
    OnnxBytes list = new OnnxBytes().text(1, "activations").number(20, 8);
    for (String value : values) {
      list.text(9, value);
    }
    return list;
  }

  @Test
  void theUsualActivationsAndInputsThatAreLeftOutAreTaken() throws IOException {
    OnnxBytes graph = lstm();
    graph.node("LSTM x w4 r4 _ _ _ zeros -> y", texts("Sigmoid", "Tanh", "Tanh"));
    assertThat(load(graph).get("0")).hasToString("LSTM(4 → 3)");
  }

  @Test
  void outputsOfSeveralLayersMayHaveNoName() throws IOException {
    OnnxBytes graph = recurrent().floats("v", tensor("1 3 3"));
    graph.node("RNN x w r -> a ").node("Squeeze a axis -> b").wholes("axis", 1);
    Module both = load(graph.node("RNN b v r -> c ").node("Relu c -> y"));
    assertThat(both.infer(Tensor.zeros(5, 2, 4)).shape()).containsExactly(5, 1, 2, 3);
    graph = recurrent().floats("v", tensor("1 3 3"));
    Module last = load(graph.node("RNN x w r ->  a").node("RNN a v r ->  y"));
    assertThat(last.infer(Tensor.zeros(5, 2, 4)).shape()).containsExactly(1, 2, 3);
  }

  @Test
  void theLastStateOfBatchesComesWithTheBatchFirst() throws IOException {
    OnnxBytes graph = graph(-1, 5, 4).floats("w", tensor("1 3 4")).floats("r", tensor("1 3 3"));
    Module net = load(graph.node("RNN x w r -> a h", attribute("layout", 1L)).node("Abs h -> y"));
    assertThat(net.infer(Tensor.zeros(2, 5, 4)).shape()).containsExactly(2, 1, 3);
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
          SIZES; ConstantOfShape t -> h | true
          SIZES; Expand small t -> h | true
          SIZES; Expand large t -> h | false
          SIZES; ConstantOfShape t -> z; Slice z zero one one -> h | true
          SIZES; ConstantOfShape t -> z; Transpose z -> h | true
          SIZES; ConstantOfShape t -> z; Reshape z t -> h | true
          SIZES; ConstantOfShape t -> z; Exp z -> h | false
          SIZES; ConstantOfShape[1] t -> h | false
          SIZES; ConstantOfShape[1] t -> z; Add small z -> h | false
          Slice x zero one -> a; Slice a zero three two -> b; Mul small b -> h | false
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
    String sizes = "Shape x -> s; Slice s one two -> n; Concat one n three -> t";
    for (String node : nodes.replace("SIZES", sizes).split("; ", -1)) {
      if (node.startsWith("Concat")) {
        graph.node(node, attribute("axis", 0L));
      } else if (node.contains("[1]")) {
        graph.node(node.replace("[1]", ""), attribute("value", OnnxBytes.raw("", Tensor.of(1))));
      } else {
        graph.node(node);
      }
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
