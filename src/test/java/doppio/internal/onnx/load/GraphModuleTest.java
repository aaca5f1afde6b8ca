package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.BatchNorm1d;
import doppio.nn.Module;
import doppio.nn.Parameter;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What of a graph is trained, and what of it goes back. */
class GraphModuleTest {
  @Test
  void aNormalisationIsTrainedWithTheMomentumOfTheFile() throws IOException {
    OnnxBytes graph = graph(-1, 1).floats("one", Tensor.full(1, 1)).floats("zero", Tensor.zeros(1));
    Module net =
        load(
            graph.node(
                "BatchNormalization x one zero zero one -> y", attribute("momentum", 0.75f)));
    net.train();
    net.forward(Tensor.of(3, 5).reshape(2, 1));
    assertThat(net.stateDict().get("0.running_mean").data()).containsExactly(1);
  }

  @Test
  void tensorsAreTrainedAndSingleNumbersAreNot() throws IOException {
    Module net =
        load(
            graph(-1, 2)
                .floats("c", Tensor.full(3))
                .floats("v", Tensor.of(1, 2))
                .node("Mul x c -> a")
                .node("Add a v -> y"));
    assertThat(net.parameters()).hasSize(1);
    assertThat(net.parameters().get(0).value().data()).containsExactly(1, 2);
  }

  @Test
  void aFrozenTensorGetsNoGradient() throws IOException {
    Module net =
        load(
            graph(-1, 2)
                .floats("v", Tensor.of(1, 2))
                .floats("w", Tensor.of(3, 4))
                .node("Mul x v -> a")
                .node("Add a w -> y"));
    Parameter frozen = net.parameters().get(0);
    frozen.frozen(true);
    net.forward(Tensor.of(new double[][] {{5, 6}}));
    assertThat(net.backward(Tensor.of(new double[][] {{1, 10}})).data()).containsExactly(1, 20);
    assertThat(frozen.hasGradient()).isFalse();
    assertThat(net.parameters().get(1).grad().data()).containsExactly(1, 10);
    net.backward(Tensor.of(new double[][] {{1, 10}}));
    assertThat(net.parameters().get(1).grad().data()).containsExactly(2, 20);
  }

  @Test
  void whatHasNoGradientInfersAlone() throws IOException {
    Module net = load(graph(-1, 2).node("Cast x -> y", attribute("to", 7L)));
    Tensor x = Tensor.of(new double[][] {{1.5, -2.5}});
    assertThat(net.forward(x).data()).containsExactly(1, -2);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> net.backward(x))
        .withMessage("node \"node-y\" (Cast) has no gradient: it only infers");
  }

  /** It goes through numbers that are none of the input's, and so there is none. */
  @Test
  void theGradientOfAnInputWhoseNumbersDoNotCountIsZero() throws IOException {
    Module net =
        load(
            graph(-1, 2)
                .node("Cast x -> i", attribute("to", 7L))
                .node("Cast i -> f", attribute("to", 1L))
                .floats("v", Tensor.of(1, 2))
                .node("Add f v -> y"));
    Tensor x = Tensor.of(new double[][] {{1.5, -2.5}});
    assertThat(net.forward(x).data()).containsExactly(2, 0);
    assertThat(net.backward(x).data()).containsExactly(0, 0);
    assertThat(net.parameters().get(0).grad().data()).containsExactly(1.5, -2.5);
  }

  /** Whole numbers have no gradient, and what fills a padding is no parameter. */
  @Test
  void whatHasNoGradientIsNotTrained() throws IOException {
    OnnxBytes whole =
        new OnnxBytes().part(11, OnnxBytes.value("x", 7, -1, 2)).part(12, OnnxBytes.value("y"));
    Module net = load(whole.node("Cast x -> f", attribute("to", 1L)).node("Neg f -> y"));
    Tensor x = Tensor.of(new double[][] {{1, 2}});
    assertThat(net.forward(x).data()).containsExactly(-1, -2);
    assertThat(net.backward(x).data()).containsExactly(0, 0);
    OnnxBytes padded = graph(-1, 1).wholes("p", 0, 1, 0, 0).floats("v", Tensor.of(3));
    assertThat(load(padded.node("Pad x p v -> y")).parameters()).isEmpty();
  }

  @Test
  void aMatrixThatTwoProductsReadIsOneParameter() throws IOException {
    OnnxBytes graph = graph(-1, 2).floats("w", Tensor.of(new double[][] {{1, 2}, {3, 4}}));
    Module net = load(graph.node("MatMul x w -> a").node("MatMul a w -> y"));
    assertThat(net.parameters()).hasSize(1);
    assertThat(net.infer(Tensor.of(new double[][] {{1, 0}})).data()).containsExactly(7, 10);
  }

  @Test
  void aNameThatATensorHasIsGivenToNoResult() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> load(graph(-1).floats("z", Tensor.of(1)).node("Relu x -> z").node("Abs z -> y")))
        .withMessage("node \"node-z\" (Relu) gives \"z\", which is there already");
  }

  @Test
  void stepsOfASliceNeedAxesWhereItsStartsAreComputed() {
    OnnxBytes graph = graph(-1, 2).wholes("t", 1).node("Cast x -> i", attribute("to", 7L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(graph.node("Slice x i i _ t -> y")))
        .withMessage(
            "node \"node-y\" (Slice): it has steps and no axes for starts that are computed");
  }

  /** In a file of doubles the variance takes what a float cannot hold of 1e-5, if it can. */
  @Test
  void theSumOfVarianceAndEpsilonIsThatOfTheFile() throws IOException {
    double eps = 1e-5f;
    String norm = "BatchNormalization x s z z v -> y";
    for (double variance : new double[] {0, 2}) {
      OnnxBytes graph =
          new OnnxBytes()
              .part(11, OnnxBytes.value("x", 11, -1, 1))
              .part(12, OnnxBytes.value("y", 11))
              .floats("s", Tensor.full(1, 1))
              .floats("z", Tensor.full(0, 1))
              .floats("v", Tensor.full(variance, 1));
      Module net = load(graph.node(norm, attribute("epsilon", 1e-5f))).get("0");
      assertThat(((BatchNorm1d) net).eps()).isEqualTo(variance == 0 ? eps : 1e-5);
      double expected = 1 / Math.sqrt(variance + eps);
      assertThat(net.infer(Tensor.of(new double[][] {{1}})).get(0, 0))
          .isCloseTo(expected, within(1e-15 * expected));
    }
  }
}
