package doppio.model;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.internal.onnx.OnnxBytes;
import doppio.io.Dtype;
import doppio.io.Npy;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxTest {
  @TempDir Path folder;

  /** Written by PyTorch 1.13, see export.py beside the files. */
  private static Path exported(String name) throws URISyntaxException {
    return Path.of(OnnxTest.class.getResource("onnx/" + name).toURI());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "conv", "view", "resnet", "gelu"})
  void whatPyTorchExportsGivesItsNumbers(String name) throws Exception {
    Module model = Onnx.load(exported(name + ".onnx"));
    Tensor x = Npy.load(exported(name + "-x.npy"));
    Tensor expected = Npy.load(exported(name + "-y.npy"));
    assertThat(model.isTraining()).isFalse();
    assertClose(model.infer(x), expected, 1e-5);
    assertSame(model.forward(x), model.infer(x));
    assertSame(model.copy().infer(x), model.infer(x));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "view", "resnet", "gelu"})
  void whatPyTorchExportsCanBeTrained(String name) throws Exception {
    GradientCheck.check(Onnx.load(exported(name + ".onnx")), Npy.load(exported(name + "-x.npy")));
  }

  @Test
  void aChainOfLayersComesBackAsOne() throws Exception {
    assertThat(Onnx.load(exported("conv.onnx")))
        .hasToString(
            """
            Sequential(
              (0): Conv2d(1 → 4, kernel 3 × 3, padding 1)
              (1): ReLU()
              (2): MaxPool2d(2 × 2)
              (3): Conv2d(4 → 6, kernel 3 × 3, groups 2)
              (4): ELU(1.0)
              (5): AvgPool2d(2 × 2)
              (6): Flatten()
              (7): Linear(6 → 3)
              (8): LogSoftmax()
            )\
            """);
  }

  @Test
  void layersThatAreSpelledOutComeBackAsLayers() throws Exception {
    assertThat(Onnx.load(exported("gelu.onnx")))
        .hasToString(
            """
            Sequential(
              (0): Linear(5 → 8)
              (1): LayerNorm(8)
              (2): GELU()
              (3): Linear(8 → 8)
              (4): SiLU()
              (5): LayerNorm(8)
              (6): Linear(8 → 2)
            )\
            """);
  }

  @Test
  void aFlattenByComputedShapesIsAFlatten() throws Exception {
    assertThat(Onnx.load(exported("view.onnx"))).isInstanceOf(Sequential.class);
    assertThat(Onnx.load(exported("view.onnx")).get("3")).hasToString("Flatten()");
  }

  @Test
  void aGraphHasItsLayersAsChildren() throws Exception {
    Module graph = Onnx.load(exported("resnet.onnx"));
    assertThat(graph.toString()).startsWith("Graph of 13 steps on [n, 1, 8, 8](\n  (0): Conv2d(");
    assertThat(graph.namedParameters()).containsKeys("0.weight", "0.bias", "10.weight");
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> graph.infer(Tensor.zeros(2, 1, 8, 7)))
        .withMessage("the graph expects input [n, 1, 8, 8] but got [2, 1, 8, 7]");
  }

  @Test
  void filesStreamsAndBytesAreTheSame() throws IOException {
    Module net = mlp();
    Path file = folder.resolve("net.onnx");
    Onnx.save(file, net, 3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx.save(new BufferedOutputStream(out), net, 3);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(out.toByteArray()).isEqualTo(bytes);
    Tensor x = RandomTensors.normal(2, 5, 3);
    assertSame(Onnx.load(file).infer(x), net.infer(x));
    assertSame(Onnx.load(bytes).infer(x), net.infer(x));
    InputStream in = new ByteArrayInputStream(bytes);
    assertSame(Onnx.load(in).infer(x), net.infer(x));
  }

  @Test
  void floatsAreRounded() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Linear linear = new Linear(2, 1, new Generator(3));
    Onnx.save(out, linear, Dtype.F32, 2);
    Linear back = (Linear) Onnx.load(out.toByteArray()).get("0");
    assertThat(back.weight().value().data()[0])
        .isEqualTo((float) linear.weight().value().data()[0]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.save(out, linear, Dtype.I64, 2))
        .withMessage("numbers are written as F64 or F32, not I64");
  }

  @Test
  void whatCannotBeSavedLeavesTheOldFile() throws IOException {
    Path file = folder.resolve("net.onnx");
    Files.writeString(file, "old");
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> Onnx.save(file, mlp(), 4))
        .withMessageContaining("Linear(3 → 4) expects input [n, 3] but got [1, 4]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.save(file, mlp(), 0))
        .withMessage("the sizes of a sample must be at least 1, got [0]");
    assertThat(file).hasContent("old");
  }

  @Test
  void sharedWeightsStayShared() throws IOException {
    Linear one = new Linear(3, 3, new Generator(1));
    Module tied = new Sequential(one, new Tanh(), new Linear(one.weight(), null));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx.save(out, tied, 3);
    Module back = Onnx.load(out.toByteArray());
    assertThat(back.parameters()).hasSize(2);
    assertThat(((Linear) back.get("2")).weight()).isSameAs(((Linear) back.get("0")).weight());
  }

  @Test
  void initializersMayStandAmongTheInputs() throws IOException {
    OnnxBytes graph =
        OnnxBytes.graph(-1, 2)
            .part(11, OnnxBytes.value("w", 2, 1))
            .floats("w", Tensor.of(new double[][] {{3}, {4}}))
            .node("MatMul x w -> y");
    Module net = Onnx.load(OnnxBytes.file(9, graph));
    assertThat(net.infer(Tensor.of(new double[][] {{1, 2}})).data()).containsExactly(11);
  }

  @Test
  void aBatchThatOnlyOneSizeFitsHasIt() throws IOException {
    OnnxBytes graph = OnnxBytes.graph(2, 3).wholes("s", 3, 2).node("Reshape x s -> y");
    Module net = Onnx.load(OnnxBytes.file(13, graph));
    assertThat(net.infer(Tensor.zeros(2, 3)).shape()).containsExactly(3, 2);
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> net.infer(Tensor.zeros(4, 3)))
        .withMessage("the graph expects input [2, 3] but got [4, 3]");
  }

  @Test
  void severalInputsAndOutputsAreRefusedByName() {
    refuses(
        OnnxBytes.graph(1).part(11, OnnxBytes.value("second", 1)).node("Add x second -> y"),
        "expected a graph of one input but this has 2: [\"x\", \"second\"]");
    refuses(
        OnnxBytes.graph(1).part(12, OnnxBytes.value("z")).node("Relu x -> y").node("Abs x -> z"),
        "expected a graph of one output but this has 2: [\"y\", \"z\"]");
    refuses(new OnnxBytes(), "expected a graph of one input but this has 0: []");
  }

  @Test
  void anUnknownOperatorIsNamedWithItsNodeAndWhatIsSupported() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(OnnxBytes.graph(1).node("Sin x -> y")))
        .withMessageStartingWith(
            "node \"node-y\" (Sin) is not supported; supported are Abs, Add, AveragePool, Batch")
        .withMessageContaining("Unsqueeze");
  }

  @Test
  void anUnknownAttributeIsNamed() {
    refuses(
        OnnxBytes.graph(1).node("Relu x -> y", OnnxBytes.attribute("slope", 2L)),
        "node \"node-y\" (Relu): attribute \"slope\" is not supported; supported are"
            + " [consumed_inputs]");
  }

  @Test
  void whatNobodyGivesIsNamed() {
    refuses(
        OnnxBytes.graph(1).node("Add x z -> y"),
        "node \"node-y\" (Add) reads \"z\", which nothing before it gives");
    refuses(
        OnnxBytes.graph(1).node("Relu x -> z"),
        "the graph's output reads \"y\", which nothing before it gives");
    refuses(
        OnnxBytes.graph(1).node("Relu x -> y").node("Abs x -> y"),
        "node \"node-y\" (Abs) gives \"y\", which is there already");
  }

  @Test
  void aConstantOutputIsRefused() {
    refuses(
        OnnxBytes.graph(1).floats("c", Tensor.of(1, 2)).node("Neg c -> y"),
        "the graph's output does not depend on its input");
  }

  @Test
  void newerOperatorsAreRefusedWithTheLineThatWritesOlderOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.load(OnnxBytes.file(21, OnnxBytes.graph(1).node("Relu x -> y"))))
        .withMessage(
            "expected operators of version 1 to 18 but the file has version 21;"
                + " torch.onnx.export(…, opset_version=17) writes one that can be read");
  }

  @Test
  void dataInOtherFilesAreRefused() {
    OnnxBytes outside =
        OnnxBytes.head(Tensor.zeros(2), 1).text(8, "w").number(14, 1).part(13, new OnnxBytes());
    refuses(
        OnnxBytes.graph(2).part(5, outside).node("Add x w -> y"),
        "tensor \"w\" has its data in another file; save the model in one:"
            + " onnx.save_model(model, file, save_as_external_data=False)");
  }

  @Test
  void othersOutputsOfANodeAreRefusedWhereTheyAreRead() {
    refuses(
        OnnxBytes.graph(1).node("Dropout x -> z mask").node("Add z mask -> y"),
        "node \"node-z\" (Dropout): its output \"mask\" is not supported");
  }

  @Test
  void aNetworkInTrainingModeIsRefused() {
    Tensor one = Tensor.of(1.0);
    refuses(
        OnnxBytes.graph(2, 1)
            .floats("s", one)
            .node("BatchNormalization x s s s s -> y", OnnxBytes.attribute("training_mode", 1L)),
        "node \"node-y\" (BatchNormalization): it is in training mode; export the model after"
            + " model.eval()");
  }

  @Test
  void messagesNameTheFile() throws IOException {
    Path file = folder.resolve("no.onnx");
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Onnx.load(file));
    Files.write(file, new byte[] {'P', 'K', 3, 4});
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Onnx.load(file))
        .withMessage(file + ": expected an ONNX file but this is a zip archive: unpack it first");
    Files.write(file, OnnxBytes.file(17, OnnxBytes.graph(1).node("Sin x -> y")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Onnx.load(file))
        .withMessageStartingWith(file + ": node \"node-y\" (Sin) is not supported");
    Files.write(file, new byte[0]);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Onnx.load(file))
        .withMessage(file + ": expected an ONNX file but it has no graph");
  }

  private static Module mlp() {
    Generator g = new Generator(1);
    return new Sequential(new Linear(3, 4, g), new ReLU(), new Linear(4, 2, g)).eval();
  }

  private static Module load(OnnxBytes graph) throws IOException {
    return Onnx.load(OnnxBytes.file(17, graph));
  }

  private static void refuses(OnnxBytes graph, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> load(graph)).withMessage(message);
  }

  private static void assertClose(Tensor given, Tensor expected, double tolerance) {
    assertThat(given.shape()).containsExactly(expected.shape());
    for (int i = 0; i < given.size(); i++) {
      assertThat(Math.abs(given.data()[i] - expected.data()[i])).isLessThan(tolerance);
    }
  }
}
