package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.internal.onnx.OnnxBytes;
import doppio.io.Dtype;
import doppio.io.Npy;
import doppio.nn.CausalConv1d;
import doppio.nn.GRU;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.Linear;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.RNN;
import doppio.nn.Sequential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent networks as ONNX, PyTorch's and this library's. */
class OnnxSequencesTest {
  /** Written by PyTorch 1.13, see export.py beside the files. */
  private static Path exported(String name) throws URISyntaxException {
    return Path.of(OnnxSequencesTest.class.getResource("onnx/" + name).toURI());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "bilstm", "gru", "bigru", "rnn"})
  void whatPyTorchExportsGivesItsNumbersAndCanBeTrained(String name) throws Exception {
    Module model = Onnx.load(exported(name + ".onnx"));
    Tensor x = Npy.load(exported(name + "-x.npy"));
    Tensor expected = Npy.load(exported(name + "-y.npy"));
    assertClose(model.infer(x), expected, 1e-6);
    GradientCheck.check(model, x);
  }

  @ParameterizedTest
  @CsvSource({
    "lstm, LSTM(3 → 4) LastStep() Linear(4 → 2)",
    "bilstm, 'LSTM(3 → 4, bidirectional) LSTM(8 → 4, bidirectional) Linear(8 → 2)'",
    "gru, GRU(3 → 4) GRU(4 → 4) MeanOverSteps() Linear(4 → 2)",
    "rnn, RNN(3 → 4) LastStep() Linear(4 → 2)"
  })
  void whatPyTorchExportsComesBackAsAChainOfLayers(String name, String layers) throws Exception {
    Module model = Onnx.load(exported(name + ".onnx"));
    assertThat(model).isInstanceOf(Sequential.class);
    assertThat(String.join(" ", model.children().values().stream().map(Module::toString).toList()))
        .isEqualTo(layers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "bilstm", "bigru"})
  void sequencesMayHaveAnyLengthAndBatchesAnySize(String name) throws Exception {
    Module model = Onnx.load(exported(name + ".onnx"));
    for (int steps = 1; steps < 9; steps++) {
      Tensor both = RandomTensors.normal(steps, 2, steps, 3);
      Tensor y = model.infer(both);
      Tensor one = Tensor.zeros(1, steps, 3);
      System.arraycopy(both.data(), 0, one.data(), 0, one.size());
      double[] alone = model.infer(one).data();
      for (int i = 0; i < alone.length; i++) {
        assertThat(y.data()[i]).isEqualTo(alone[i]);
      }
    }
  }

  @Test
  void whatIsSavedComesBackAsItsLayers() throws IOException {
    Generator g = new Generator(1);
    Module net =
        new Sequential(
            new GRU(3, 4, 1, true, g),
            new LSTM(8, 5, g),
            new Linear(5, 3, g),
            new RNN(3, 2, g),
            new LastStep());
    for (Dtype dtype : new Dtype[] {Dtype.F64, Dtype.F32}) {
      assertThat(saved(net, dtype)).hasToString(net.toString());
    }
    Module layers = new Sequential(new LSTM(3, 4, 3, true, g), new MeanOverSteps());
    Module back = saved(layers, Dtype.F64);
    assertThat(back.children()).hasSize(4);
    Tensor x = RandomTensors.normal(2, 3, 6, 3);
    assertClose(back.infer(x), layers.infer(x), 1e-14);
  }

  private static Module saved(Module net, Dtype dtype) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx.save(out, net, dtype, 6, 3);
    return Onnx.load(out.toByteArray());
  }

  @Test
  void whatTheFormatOrTheLayersDoNotHaveIsRefusedByName() {
    OnnxBytes relu = new OnnxBytes().text(1, "activations").text(9, "Relu").number(20, 8);
    refuses("RNN x w r -> y", "its activations are [RELU], not [TANH]", relu);
    OnnxBytes clip = OnnxBytes.attribute("clip", 3f);
    String others = "clip, input_forget, sequence lengths and peepholes are not supported";
    refuses("RNN x w r -> y", others, clip);
    refuses("RNN x w r _ n -> y", others);
    refuses(
        "RNN x w r -> y", "its direction is REVERSE", OnnxBytes.attribute("direction", "reverse"));
    refuses("RNN x w r _ _ n -> y", "an initial state other than zeros is not supported");
    refuses(
        "GRU x w r -> y",
        "a reset gate before the product (linear_before_reset = 0) is not supported");
    refuses("RNN x w x -> y", "its R must be a tensor of the file");
    refuses(
        "LSTM x w r -> y",
        "its W, R and B must be [directions, gates, in], [directions, gates, hidden] and"
            + " [directions, 2 gates], got [1, 4, 3], [1, 4, 4]");
    refuses("RNN x w r -> z h c", "its output \"c\" is not supported");
    Module causal = new CausalConv1d(3, 2, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saved(causal, Dtype.F64))
        .withMessageContaining("CausalConv1d(3 → 2, kernel 2)");
  }

  private static void refuses(String node, String message, OnnxBytes... attributes) {
    OnnxBytes graph =
        OnnxBytes.graph(5, 1, 3)
            .floats("w", Tensor.zeros(1, 4, 3))
            .floats("r", Tensor.zeros(1, 4, 4))
            .floats("n", Tensor.full(1, 1, 1, 4))
            .node(node, attributes);
    if (node.endsWith("c")) {
      graph.node("Relu c -> y");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.load(OnnxBytes.file(14, graph)))
        .withMessageStartingWith("node \"node-")
        .withMessageEndingWith(": " + message);
  }

  private static void assertClose(Tensor given, Tensor expected, double tolerance) {
    assertThat(given.shape()).containsExactly(expected.shape());
    for (int i = 0; i < given.size(); i++) {
      assertThat(given.data()[i]).isCloseTo(expected.data()[i], within(tolerance));
    }
  }
}
