package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.OnnxModel;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a graph makes of its own tensors shares their numbers only where nobody can notice. */
class FoldingTest {
  private static final Tensor X = Tensor.of(new double[][] {{1, 2}, {-3, 4}, {0.5, 0}});

  /** The bytes 1, 2, 3 and 4 under a shape. */
  private static OnnxBytes bytes(long... shape) {
    OnnxBytes tensor = new OnnxBytes();
    for (long n : shape) {
      tensor.number(1, n);
    }
    return tensor.number(2, 2).bytes(9, new byte[] {1, 2, 3, 4}).text(8, "w");
  }

  private static OnnxBytes cast(OnnxBytes graph, String from, String to) {
    return graph.node("Cast " + from + " -> " + to, attribute("to", 1L));
  }

  @Test
  void castsOfOneTensorAreTrainedEachByItself() throws IOException {
    OnnxBytes graph = cast(cast(graph(-1, 2).part(5, bytes(2, 2)), "w", "a"), "w", "b");
    Module net =
        load(
            graph
                .node("Gemm x a -> z", attribute("transB", 1L))
                .node("Gemm z b -> y", attribute("transB", 1L)));
    assertThat(net.infer(X).data()).containsExactly(product(product(X)).data());
    areApart(net);
  }

  @Test
  void aTensorAndItsOtherShapeAreTrainedEachByItself() throws IOException {
    OnnxBytes floats = new OnnxBytes().number(1, 4).number(2, 1);
    for (float value : new float[] {1, 2, 3, 4}) {
      floats.number(4, value);
    }
    Module net =
        load(
            graph(-1, 2)
                .part(5, floats.text(8, "w"))
                .wholes("s", 2, 2)
                .wholes("z", 0)
                .wholes("two", 2)
                .node("Reshape w s -> a")
                .node("Slice w z two -> b")
                .node("Gemm x a -> q", attribute("transB", 1L))
                .node("Mul q b -> r")
                .node("Reshape w s -> c")
                .node("Gemm r c -> y", attribute("transB", 1L)));
    Tensor q = product(X);
    for (int i = 0; i < q.size(); i++) {
      q.data()[i] *= 1 + i % 2;
    }
    assertThat(net.infer(X).data()).containsExactly(product(q).data());
    areApart(net);
  }

  @Test
  void placesStayWhenTheWeightThatTheyAreTooIsTrained() throws IOException {
    OnnxBytes graph = cast(graph(-1, 2).part(5, bytes(2, 2)), "w", "a").wholes("first", 0);
    Module net =
        load(
            graph
                .node("Gemm x a -> z", attribute("transB", 1L))
                .node("Gather w first -> row", attribute("axis", 0L))
                .node("Reshape row row2 -> places")
                .wholes("row2", -1)
                .floats("table", Tensor.of(10, 20, 30))
                .node("Gather table places -> add", attribute("axis", 0L))
                .node("Add z add -> y"));
    double[] before = net.infer(X).data();
    for (Parameter p : net.parameters()) {
      p.value().fill(0);
    }
    double[] after = net.infer(X).data();
    for (int i = 0; i < before.length; i++) {
      double constant = i % 2 == 0 ? 20 : 30;
      assertThat(before[i] - product(X).data()[i]).isEqualTo(constant);
      assertThat(after[i]).isIn(constant, 0.0);
    }
  }

  @Test
  void aShapeOfATensorThatNothingElseReadsIsTheTensorItself() throws IOException {
    OnnxBytes graph = cast(graph(-1, 2).part(5, bytes(4)), "w", "f").wholes("s", 2, 2);
    Module net =
        load(
            graph
                .node("Unsqueeze f axis -> u")
                .wholes("axis", 0)
                .node("Reshape u s -> a")
                .node("Gemm x a -> y", attribute("transB", 1L)));
    assertThat(net.infer(X).data()).containsExactly(product(X).data());
    assertThat(net.parameters()).hasSize(1);
  }

  @Test
  void whatIsNotComputedInAdvanceIsComputedWhenTheGraphIs() throws IOException {
    // A thousand numbers as two million, as often as there are sums: far more than the file.
    OnnxBytes graph =
        graph(-1, 1).floats("w", Tensor.full(1, 1, 1000)).floats("c", Tensor.zeros(2000, 1));
    String sum = "x";
    for (int i = 0; i < 8; i++) {
      graph
          .node("Add w c -> all" + i)
          .node("ReduceSum all" + i + " -> s" + i, attribute("keepdims", 0L))
          .node("Add " + sum + " s" + i + " -> t" + i);
      sum = "t" + i;
    }
    Module net = load(graph.node("Identity " + sum + " -> y"));
    assertThat(net.infer(Tensor.of(new double[][] {{1}, {2}})).data())
        .containsExactly(16_000_001, 16_000_002);
  }

  /** 64 additions and eight bytes of memory for each byte of the file, and some more. */
  @Test
  void whatIsComputedInAdvanceTakesTimeAndMemoryByTheFile() throws IOException {
    byte[] file = OnnxBytes.file(13, graph(1));
    Folding folding = new Folding(OnnxModel.read(MemoryChannel.of(file)));
    long additions = 64L * file.length + (1L << 28);
    assertThat(folding.tryWork(additions + 1)).isFalse();
    assertThat(folding.tryWork(additions - 5)).isTrue();
    assertThat(folding.tryWork(6)).isFalse();
    assertThat(folding.tryWork(5)).isTrue();
    assertThat(folding.tryWork(1)).isFalse();
    OnnxModel model = OnnxModel.read(MemoryChannel.of(file));
    Folding memory = new Folding(model);
    // What the reader took for the input and the output before.
    long numbers = (8L * file.length + (1L << 26) - 2 * 512) / 8;
    assertThat(memory.tryTake(numbers + 1)).isFalse();
    assertThat(memory.tryTake(numbers - 2)).isTrue();
    memory.take(1);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> memory.take(2));
    memory.take(1);
    assertThat(memory.tryTake(1)).isFalse();
  }

  private static Tensor product(Tensor x) {
    Tensor y = Tensor.zeros(x.shape());
    for (int n = 0; n < x.dim(0); n++) {
      y.set(x.get(n, 0) + 2 * x.get(n, 1), n, 0);
      y.set(3 * x.get(n, 0) + 4 * x.get(n, 1), n, 1);
    }
    return y;
  }

  private static void areApart(Module net) {
    List<Parameter> parameters = net.parameters();
    assertThat(parameters.size()).isGreaterThan(1);
    for (Parameter p : parameters) {
      double[] others = values(parameters, p);
      p.value().fill(7);
      assertThat(values(parameters, p)).containsExactly(others);
    }
  }

  private static double[] values(List<Parameter> parameters, Parameter without) {
    return parameters.stream()
        .filter(p -> p != without)
        .flatMapToDouble(p -> Arrays.stream(p.value().data()))
        .toArray();
  }
}
