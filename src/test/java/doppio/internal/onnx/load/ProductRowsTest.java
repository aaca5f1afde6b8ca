package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static doppio.internal.onnx.load.Graphs.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which products of matrices are layers, and which only give the same numbers as one. */
class ProductRowsTest {
  private static final Tensor X = Tensor.of(new double[][] {{1, -1}, {2, 3}});
  private static final Tensor W = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});

  private static OnnxBytes products() {
    return graph(-1, 2).floats("w", W).floats("square", X).floats("line", Tensor.of(1, 2));
  }

  private static String layers(OnnxBytes graph) throws IOException {
    return load(graph).children().values().toString();
  }

  /** Each c is 1, 2, 3, … of a shape. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3 | 1 2 3 | true
          1 3 | 1 2 3 | true
          '' | 1 1 1 | true
          1 | 1 1 1 | true
          1 1 | 1 1 1 | true
          2 3 | 1 2 3 4 5 6 | false
          2 1 | 1 1 1 2 2 2 | false
          """)
  void whatIsAddedIsABiasWhereItIsTheSameForAllSamples(String shape, String sum, boolean layer)
      throws IOException {
    Tensor c = Tensor.zeros(sizes(shape));
    for (int i = 0; i < c.size(); i++) {
      c.data()[i] = i + 1;
    }
    int[] added = sizes(sum);
    for (float beta : new float[] {1, -2}) {
      Module net =
          load(
              graph(2, 2)
                  .floats("w", W)
                  .floats("c", c)
                  .node("Gemm x w c -> y", attribute("alpha", 2f), attribute("beta", beta)));
      double[] expected = {-6, -6, -6, 28, 38, 48};
      for (int i = 0; i < expected.length; i++) {
        expected[i] += beta * added[i % added.length];
      }
      assertThat(net.infer(X).data()).containsExactly(expected, Offset.offset(1e-12));
      assertThat(net.children().values().toString()).isEqualTo(layer ? "[Linear(2 → 3)]" : "[]");
    }
  }

  @Test
  void aBiasHasOneNumberOrOneForEachOutput() {
    assertThat(ProductRows.isBias(Tensor.zeros(2), 3)).isFalse();
    assertThat(ProductRows.isBias(Tensor.zeros(1, 2), 3)).isFalse();
    assertThat(ProductRows.isBias(Tensor.zeros(3, 1), 3)).isFalse();
    assertThat(ProductRows.isBias(Tensor.zeros(1, 1, 3), 3)).isFalse();
    assertThat(ProductRows.isBias(Tensor.zeros(1, 1, 1), 3)).isFalse();
    assertThat(ProductRows.isBias(Tensor.zeros(1, 1, 1), 1)).isFalse();
  }

  @Test
  void aBiasThatTwoProductsReadIsOneParameter() throws IOException {
    OnnxBytes graph = graph(-1, 2).floats("w", X).floats("v", X).floats("b", Tensor.of(1, 2));
    Module net = load(graph.node("Gemm x w b -> z").node("Gemm z v b -> y"));
    assertThat(net.parameters()).hasSize(3);
  }

  @Test
  void aProductOfTwoTensorsOfTheFileIsNoLayer() throws IOException {
    for (String operator : new String[] {"MatMul", "Gemm"}) {
      OnnxBytes graph = products().floats("tall", W.reshape(3, 2)).node(operator + " w tall -> m");
      assertThat(layers(graph.node("MatMul x m -> y"))).isEqualTo("[Linear(2 → 2, no bias)]");
    }
    OnnxBytes graph = products().wholes("shape", 2, -1).node("Reshape w shape -> m");
    assertThat(layers(graph.node("MatMul x m -> y"))).isEqualTo("[Linear(2 → 3, no bias)]");
    Module squares = load(graph(2, 2).node("Gemm x x -> y"));
    assertThat(squares.infer(X).data()).containsExactly(-1, -4, 8, 7);
  }

  @Test
  void aProductByWholeNumbersOrAVectorIsNoLayer() throws IOException {
    OnnxBytes whole = products().wholes("n", 1, 2, 3, 4).wholes("shape", 2, 2);
    assertThat(layers(whole.node("Reshape n shape -> m").node("MatMul x m -> y"))).isEqualTo("[]");
    whole = products().wholes("n", 1, 2, 3, 4).wholes("shape", 2, 2);
    whole.node("Reshape n shape -> m").node("Cast m -> c", attribute("to", 1L));
    assertThat(layers(whole.node("MatMul x c -> y"))).isEqualTo("[Linear(2 → 2, no bias)]");
    assertThat(layers(products().node("MatMul x line -> y"))).isEqualTo("[]");
  }

  @Test
  void aProductByAMatrixWithoutColumnsIsEmpty() throws IOException {
    OnnxBytes graph = products().floats("e", Tensor.zeros(2, 0)).node("MatMul x e -> y");
    assertThat(load(graph).infer(X).shape()).containsExactly(2, 0);
  }

  @Test
  void rowsAndColumnsOfBothFactorsMayBeExchanged() throws IOException {
    OnnxBytes first = attribute("transA", 1L);
    Module net = load(graph(2, 2).floats("square", X).node("Gemm x square -> y", first));
    assertThat(net.infer(X).data()).containsExactly(5, 5, 5, 10);
    OnnxBytes both = graph(2, 2).floats("square", X);
    net = load(both.node("Gemm x square -> y", first, attribute("transB", 1L)));
    assertThat(net.infer(X).data()).containsExactly(-1, 8, -4, 7);
  }
}
