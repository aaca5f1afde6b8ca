package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Campaign;
import doppio.Tensor;
import doppio.internal.onnx.OnnxBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken are refused with a message, and cost no more than they hold. */
@Tag("once")
class OnnxMalformedTest {
  private static final int[] CHANGES = {1, 2, 8, 0x7f, 0x80, 0xff};

  private static byte[] file(String name) throws IOException {
    try (InputStream in = OnnxMalformedTest.class.getResourceAsStream("onnx/" + name + ".onnx")) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "view", "lstm", "bigru"})
  void aFileCutOffAnywhereIsReadOrRefused(String name) throws IOException {
    byte[] whole = file(name);
    for (int length = 0; length < whole.length; length++) {
      isReadOrRefused(Arrays.copyOf(whole, length));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "conv", "view", "gelu", "lstm", "bigru"})
  void aFileWithAnyByteChangedIsReadOrRefused(String name) throws IOException {
    byte[] whole = file(name);
    for (int i = 0; i < whole.length; i++) {
      // Others at the next byte, unless all at each.
      for (int j = Campaign.LONG ? 0 : i % 3; j < CHANGES.length; j += Campaign.LONG ? 1 : 3) {
        byte[] changed = whole.clone();
        changed[i] ^= (byte) CHANGES[j];
        isReadOrRefused(changed);
      }
    }
  }

  private static void isReadOrRefused(byte[] content) {
    try {
      Onnx.load(content);
    } catch (IOException | IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void aShapeThatNoTensorHasIsRefusedBeforeAnythingIsAllocated() {
    refuses(
        OnnxBytes.graph(-1, 1 << 20, 1 << 20).node("Relu x -> y"),
        "no tensor has the shape [3, 1048576, 1048576]");
    refuses(
        OnnxBytes.graph(1)
            .part(5, new OnnxBytes().number(1, 1L << 40).number(2, 1).text(8, "w"))
            .node("Add x w -> y"),
        "tensor \"w\": a shape has a dimension of 1099511627776");
    refuses(
        OnnxBytes.graph(1)
            .part(5, new OnnxBytes().number(1, 1 << 30).number(2, 1).text(8, "w"))
            .node("Add x w -> y"),
        "tensor \"w\" of shape [1073741824] has 0 numbers");
  }

  @Test
  void constantsThatGrowAreNotComputedInAdvance() {
    OnnxBytes graph = OnnxBytes.graph(1).floats("c0", Tensor.zeros(1000));
    for (int i = 0; i < 30; i++) {
      graph.node("Concat c" + i + " c" + i + " -> c" + (i + 1), OnnxBytes.attribute("axis", 0L));
    }
    graph.node("ReduceSum c30 -> s").node("Add x s -> y");
    assertThatCode(() -> Onnx.load(OnnxBytes.file(13, graph)))
        .isInstanceOfAny(IllegalArgumentException.class);
  }

  @Test
  void aTextThatIsNoneIsRefused() {
    byte[] bad =
        new OnnxBytes().bytes(7, new OnnxBytes().bytes(2, new byte[0]).toBytes()).toBytes();
    assertThatThrownBy(() -> Onnx.load(bad)).isInstanceOf(IllegalArgumentException.class);
    OnnxBytes node = new OnnxBytes().bytes(4, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> Onnx.load(OnnxBytes.file(13, OnnxBytes.graph(1).part(1, node))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("a text is not in UTF-8, at byte ");
  }

  private static void refuses(OnnxBytes graph, String message) {
    assertThatThrownBy(() -> Onnx.load(OnnxBytes.file(13, graph)))
        .isInstanceOfAny(IOException.class, IllegalArgumentException.class)
        .hasMessage(message);
  }
}
