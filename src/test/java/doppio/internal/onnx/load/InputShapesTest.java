package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What of its input's shape a file may leave open, and what is found where it does. */
class InputShapesTest {
  private static final OnnxBytes SWAPPED = list("perm", 1, 0, 2);

  private static OnnxBytes graphOf(OnnxBytes input) {
    return new OnnxBytes().part(11, input).part(12, OnnxBytes.value("y"));
  }

  @Test
  void anInputWithoutAShapeTakesAny() throws IOException {
    Module net = load(graphOf(OnnxBytes.value("x", 1)).node("Neg x -> y"));
    assertThat(net.infer(Tensor.of(1, -2)).data()).containsExactly(-1, 2);
    assertThat(net.infer(Tensor.full(3, 1, 2, 1)).data()).containsExactly(-3, -3);
  }

  @Test
  void aSingleNumberIsAnInput() throws IOException {
    OnnxBytes number = new OnnxBytes().number(1, 1).part(2, new OnnxBytes());
    OnnxBytes x = new OnnxBytes().text(1, "x").part(2, new OnnxBytes().part(1, number));
    OnnxBytes graph = graphOf(x).wholes("none").node("Slice x none none -> z").node("Neg z -> y");
    Tensor y = load(graph).infer(Tensor.full(3));
    assertThat(y.shape()).isEmpty();
    assertThat(y.data()).containsExactly(-3);
  }

  @Test
  void anInputWithoutATypeIsOfFloats() throws IOException {
    Module net = load(graphOf(OnnxBytes.value("x", 0, -1, 2)).node("Neg x -> y"));
    assertThat(net.infer(Tensor.full(1.5, 1, 2)).data()).containsExactly(-1.5, -1.5);
  }

  @Test
  void imagesOfAnySize() throws IOException {
    OnnxBytes graph = graph(-1, 1, -1, -1).floats("w", Tensor.full(1, 1, 1, 2, 2));
    Module net = load(graph.node("Conv x w -> c").node("Neg c -> y"));
    for (int n : new int[] {2, 3, 5}) {
      Tensor y = net.infer(Tensor.full(1, 2, 1, n, n + 1));
      assertThat(y.shape()).containsExactly(2, 1, n - 1, n);
      assertThat(y.data()).containsOnly(-4);
    }
    refused(net, "[2, 2, 3, 3]", 2, 2, 3, 3);
    refused(net, "[2, 1, 3]", 2, 1, 3);
    refused(net, "[2, 1, 3, 3, 3]", 2, 1, 3, 3, 3);
  }

  @Test
  void aFlattenIsALayerWhereTheSizesAreOpenToo() throws IOException {
    Module net = load(graph(-1, 1, -1, -1).node("Neg x -> z").node("Flatten z -> y"));
    assertThat(net.children().values()).extracting(Module::toString).containsExactly("Flatten()");
    assertThat(net.infer(Tensor.full(1, 3, 1, 2, 2)).shape()).containsExactly(3, 4);
    OnnxBytes graph = graph(-1, 1, -1, -1).wholes("s", 0, -1, 1).node("Reshape x s -> y");
    assertThat(load(graph).infer(Tensor.full(1, 3, 1, 2, 2)).shape()).containsExactly(3, 4, 1);
  }

  @Test
  void aNormalisationTakesAnyNumberOfDimensionsThatIsOpen() throws IOException {
    OnnxBytes graph = graphOf(OnnxBytes.value("x", 1)).floats("one", Tensor.full(1, 1));
    graph.floats("three", Tensor.full(3, 1)).node("BatchNormalization x one one three one -> y");
    for (int[] shape : new int[][] {{2, 1}, {2, 1, 3}, {2, 1, 3, 2}, {2, 1, 1, 1, 2}}) {
      Tensor y = load(graph).infer(Tensor.full(3, shape));
      assertThat(y.shape()).containsExactly(shape);
      assertThat(y.data()[0]).isCloseTo(1, Offset.offset(1e-4));
    }
  }

  @Test
  void sizesThatAreOpenAreNumbersWithoutAGradient() throws IOException {
    OnnxBytes graph = graphOf(OnnxBytes.value("x", 1)).node("Shape x -> s");
    graph.node("Cast s -> f", attribute("to", 1L)).node("ReduceSum f -> n").node("Mul x n -> y");
    Module net = load(graph);
    assertThat(net.infer(Tensor.of(1, -2)).data()).containsExactly(2, -4);
    GradientCheck.check(net, RandomTensors.normal(1, 2, 3));
  }

  private static void refused(Module net, String given, int... shape) {
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> net.infer(Tensor.zeros(shape)))
        .withMessage("the graph expects input [n, 1, n, n] but got " + given);
  }

  /** Any number of steps that the graph makes sense for, though it be one. */
  @Test
  void sequencesOfAsManyStepsAsTheGraphTakes() throws IOException {
    Tensor c = RandomTensors.normal(1, 5, 3);
    Module net = load(graph(-1, -1, 3).floats("c", c).node("Sub x c -> y"));
    assertThat(net.infer(Tensor.zeros(2, 5, 3)).shape()).containsExactly(2, 5, 3);
    OnnxBytes width = graph(-1, -1, -1).floats("c", Tensor.of(1, 2)).node("Sub x c -> y");
    assertThat(load(width).infer(Tensor.zeros(3, 4, 2)).shape()).containsExactly(3, 4, 2);
  }

  @Test
  void stepsThatGoBeforeTheBatchAndBackStayWhereTheyWere() throws IOException {
    chain(graph(-1, -1, 3).node("Transpose x -> t", SWAPPED).node("Transpose t -> z", SWAPPED));
    chain(axes(13).node("Unsqueeze x zero -> u").node("Squeeze u zero -> z"));
    chain(axes(13).node("Unsqueeze x zero -> u").node("Gather u first -> z"));
    chain(
        axes(13)
            .node("Unsqueeze x zero -> u")
            .node("Slice u zero one zero -> v")
            .node("Squeeze v zero -> z"));
  }

  private static void chain(OnnxBytes graph) throws IOException {
    assertThat(load(graph.node("Relu z -> y"))).hasToString("Sequential(\n  (0): ReLU()\n)");
  }

  private static OnnxBytes axes(long steps) {
    return graph(-1, steps, 3)
        .wholes("zero", 0)
        .wholes("one", 1)
        .node("Constant -> first", attribute("value_int", 0L));
  }

  @Test
  void whatIsTooLargeToBeFollowedIsMoved() throws IOException {
    OnnxBytes swapped = list("perm", 0, 2, 1);
    OnnxBytes graph = graph(-1, 2, 20_000).node("Transpose x -> t", swapped);
    Tensor x = RandomTensors.normal(1, 1, 2, 20_000);
    Tensor y = load(graph.node("Transpose t -> z", swapped).node("Neg z -> y")).infer(x);
    assertThat(y.get(0, 1, 19_999)).isEqualTo(-x.get(0, 1, 19_999));
    assertThat(y.get(0, 0, 7)).isEqualTo(-x.get(0, 0, 7));
    graph = graph(-1, 2, 20_000).node("Neg x -> z").node("Transpose z -> y", swapped);
    assertThat(load(graph).infer(x).get(0, 7, 1)).isEqualTo(-x.get(0, 1, 7));
  }

  @Test
  void shapesAndVersionsThatNoFileHasAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(graph(-1, 65_536, 65_536).node("Neg x -> y")))
        .withMessage("no tensor has the shape [3, 65536, 65536]");
    byte[] old = OnnxBytes.file(0, graph(1).node("Neg x -> y"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxReader.read(MemoryChannel.of(old)))
        .withMessageStartingWith(
            "expected operators of version 1 to 18 but the file has version 0");
  }

  @Test
  void anOutputThatHasNoNameIsReadByNobody() throws IOException {
    OnnxBytes graph = graph(-1).floats("max", Tensor.full(2));
    Module net = load(graph.node("Dropout x -> z ").node("Clip z _ max -> y"));
    assertThat(net.infer(Tensor.of(-3, 3)).data()).containsExactly(-3, 2);
  }
}
