package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators that are a layer in any order of their arguments, and those that are nearly one. */
class PatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GELU() | Div x root -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          GELU() | Mul x part -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          GELU() | Mul part x -> d; Erf d -> e; Add e one -> s; Mul s x -> m; Mul half m -> y
          GELU() | Div x root -> d; Erf d -> e; Add one e -> s; Mul half x -> h; Mul h s -> y
          GELU() | Div x root -> d; Erf d -> e; Add one e -> s; Mul s half -> h; Mul x h -> y
          none | Div root x -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Div n root -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Mul n part -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Mul x root -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Sub x part -> d; Erf d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Erf x -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          none | Div x root -> d; Abs d -> e; Add e one -> s; Mul x s -> m; Mul m half -> y
          SiLU() | Sigmoid x -> s; Mul s x -> y
          Sigmoid() | Sigmoid x -> s; Mul s root -> m; Mul x m -> y
          none | Mul x x -> a; Mul a a -> b; Mul b a -> y
          """)
  void gates(String layers, String nodes) throws IOException {
    assertLayers(layers, nodes, numbers());
  }

  /** What stands between are the ways to x + 0.044715 x³, called r. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GELU(tanh) | Pow x three -> p; Mul p cubic -> q; Add x q -> r
          GELU(tanh) | Pow x three -> p; Mul cubic p -> q; Add q x -> r
          GELU(tanh) | Mul x x -> a; Mul a x -> b; Mul b cubic -> q; Add x q -> r
          Tanh() | Pow n three -> p; Mul p cubic -> q; Add x q -> r
          Tanh() | Pow x root -> p; Mul p cubic -> q; Add x q -> r
          Tanh() | Mul x x -> a; Mul a x -> q; Add x q -> r
          Tanh() | Mul x x -> a; Mul a cubic -> q; Add x q -> r
          Tanh() | Mul x x -> a; Mul a a -> b; Mul b cubic -> q; Add x q -> r
          Tanh() | Mul x x -> a; Mul a n -> b; Mul b cubic -> q; Add x q -> r
          Tanh() | Mul x x -> a; Mul x cubic -> b; Mul a b -> c; Mul c cubic -> q; Add x q -> r
          Tanh() | Pow x three -> p; Mul p cubic -> q; Sub x q -> r
          Tanh() | Pow x three -> p; Mul p cubic -> q; Add n q -> r
          """)
  void gatesByTanh(String layers, String nodes) throws IOException {
    String gate = "; Mul r steep -> i; Tanh i -> t; Add one t -> s; Mul x s -> m; Mul m half -> y";
    assertLayers(layers, nodes + gate, numbers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LayerNorm(4, eps 0.001) | Add v small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          LayerNorm(4, eps 0.0) | Add v zero -> w; Sqrt w -> r; Div d r -> q; Mul g q -> p; Add b p -> y
          LayerNorm(4, eps 0.001) | Add v2 small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add v small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p small -> y
          none | Add v small -> w; Sqrt w -> r; Div d r -> q; Mul q small -> p; Add p small -> y
          none | Add v small -> w; Abs w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Abs d -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Abs d -> a; Add a small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add mean small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add first small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add vf small -> w; Sqrt w -> r; Div f r -> q; Mul q g -> p; Add p b -> y
          none | Add va small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add vs small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          none | Add vt small -> w; Sqrt w -> r; Div d r -> q; Mul q g -> p; Add p b -> y
          ReLU() | Add v small -> w; Sqrt w -> r; Div z r -> q; Mul q g -> p; Add p b -> y
          """)
  void norms(String layers, String nodes) throws IOException {
    OnnxBytes graph =
        graph(-1, 3, 4)
            .floats("g", Tensor.of(1, 2, 3, 4))
            .floats("b", Tensor.of(4, 3, 2, 1))
            .floats("small", Tensor.full(0.001))
            .floats("zero", Tensor.full(0))
            .floats("two", Tensor.full(2));
    OnnxBytes last = OnnxBytes.list("axes", -1);
    graph.node("ReduceMean x -> mean", last).node("Sub x mean -> d");
    graph.node("Mul d d -> square").node("ReduceMean square -> v", last);
    graph.node("Pow d two -> power").node("ReduceMean power -> v2", last);
    graph.node("ReduceMean square -> first", OnnxBytes.list("axes", 1));
    graph.node("ReduceMean x -> mf", OnnxBytes.list("axes", 1)).node("Sub x mf -> f");
    graph.node("Mul f f -> square2").node("ReduceMean square2 -> vf", last);
    graph.node("Abs d -> size").node("ReduceMean size -> va", last);
    graph.node("Add d d -> sum").node("ReduceMean sum -> vs", last);
    graph.node("Mul d two -> twice").node("ReduceMean twice -> vt", last);
    graph.node("Relu x -> positive").node("Sub x positive -> z");
    assertLayers(layers, nodes, graph);
  }

  private static OnnxBytes numbers() {
    return graph(-1, 4)
        .floats("root", Tensor.full(Math.sqrt(2)))
        .floats("part", Tensor.full(Math.sqrt(0.5)))
        .floats("one", Tensor.full(1))
        .floats("three", Tensor.full(3))
        .floats("half", Tensor.full(0.5))
        .floats("cubic", Tensor.full(0.044715))
        .floats("steep", Tensor.full(Math.sqrt(2 / Math.PI)))
        .node("Neg x -> n");
  }

  /** A bias is a number for each channel, whatever is added to a product or a convolution. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Linear(2 → 2) | 2 | -1,2 | MatMul x w -> m; Add m row -> y
          Linear(2 → 2) | 2 | -1,2 | MatMul x w -> m; Add m table -> y
          Linear(2 → 2, no bias) | 2 | 2 | MatMul x w -> m; Add m table -> y
          Linear(2 → 2, no bias); ReLU() | 1 | -1,2 | MatMul x w -> m; Relu x -> r; Add m r -> y
          Linear(2 → 2); Linear(2 → 2) | 2 | -1,2 | Gemm x w row -> m; Gemm m w row -> y
          Linear(2 → 2) | 2 | -1,2 | Gemm x w table -> y
          Linear(2 → 2) | 2 | -1,2 | Gemm x w single -> y
          Linear(2 → 2) | 2 | -1,2 | Gemm x w number -> y
          none | 2 | 2,2 | Gemm x w tall -> y
          none | 2 | 2,2 | Gemm x w w2 -> y
          none | 1 | -1,2 | MatMul x empty -> y
          none | 1 | -1,2 | MatMul x row -> y
          Linear(2 → 2, no bias) | 1 | -1,2 | MatMul w w -> v; MatMul x v -> y
          Conv1d(2 → 2, kernel 1) | 2 | -1,2,3 | Conv x k -> m; Add m column -> y
          Conv1d(2 → 2, kernel 1, no bias) | 2 | -1,2,2 | Conv x k -> m; Add m across -> y
          Conv1d(2 → 2, kernel 1, no bias) | 2 | -1,2,2 | Conv x k -> m; Add m row -> y
          Conv1d(2 → 2, kernel 1, no bias) | 2 | 1,2,3 | Conv x k -> m; Add m deep -> y
          Conv1d(2 → 2, kernel 1) | 3 | -1,2,3 | Conv x k row -> m; Add m column -> y
          Conv1d(2 → 1, kernel 1, no bias) | 2 | -1,2,3 | Conv x one -> m; Add m column -> y
          Conv2d(2 → 2, kernel 1 × 1) | 2 | -1,2,2,2 | Conv x k2 -> m; Add m deep -> y
          Conv2d(2 → 2, kernel 1 × 1, no bias) | 2 | -1,2,2,2 | Conv x k2 -> m; Add m column -> y
          Conv2d(2 → 2, kernel 1 × 1) | 3 | -1,2,2,2 | Conv x k2 row -> m; Add m deep -> y
          Conv2d(2 → 1, kernel 1 × 1, no bias) | 2 | -1,2,2,2 | Conv x one2 -> m; Add m deep -> y
          """)
  void biases(String layers, int parameters, String sizes, String nodes) throws IOException {
    long[] shape = Stream.of(sizes.split(",", -1)).mapToLong(Long::parseLong).toArray();
    Tensor w = Tensor.of(1, 2, 3, 4);
    OnnxBytes graph =
        graph(shape)
            .floats("w", w.reshape(2, 2))
            .floats("k", w.reshape(2, 2, 1))
            .floats("k2", w.reshape(2, 2, 1, 1))
            .floats("one", Tensor.of(1, 2).reshape(1, 2, 1))
            .floats("one2", Tensor.of(1, 2).reshape(1, 2, 1, 1))
            .floats("row", Tensor.of(5, 6))
            .floats("w2", w.reshape(2, 2))
            .floats("tall", Tensor.of(5, 6).reshape(2, 1))
            .floats("single", Tensor.full(5, 1))
            .floats("number", Tensor.full(5))
            .floats("empty", Tensor.zeros(2, 0))
            .floats("table", Tensor.of(5, 6).reshape(1, 2))
            .wholes("s1", 2, 1)
            .wholes("s2", 2, 1, 1)
            .wholes("s3", 1, 2)
            .node("Reshape row s1 -> column")
            .node("Reshape row s2 -> deep")
            .node("Reshape row s3 -> across");
    assertThat(assertLayers(layers, nodes, graph).parameters()).hasSize(parameters);
  }

  private static Module assertLayers(String layers, String nodes, OnnxBytes graph)
      throws IOException {
    for (String node : nodes.split("; ", -1)) {
      graph.node(node);
    }
    Module read = load(graph);
    String found =
        read.children().values().stream().map(Module::toString).collect(Collectors.joining("; "));
    assertThat(found.isEmpty() ? "none" : found).isEqualTo(layers);
    return read;
  }
}
