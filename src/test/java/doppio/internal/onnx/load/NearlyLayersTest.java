package doppio.internal.onnx.load;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.ElementType;
import doppio.internal.onnx.OnnxAttribute;
import doppio.internal.onnx.OnnxBytes;
import doppio.internal.onnx.OnnxList;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxNode;
import doppio.internal.onnx.OnnxTensor;
import doppio.io.Dtype;
import doppio.model.Onnx;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.ELU;
import doppio.nn.GELU;
import doppio.nn.LayerNorm;
import doppio.nn.LeakyReLU;
import doppio.nn.Module;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Softplus;
import doppio.nn.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer that is written as several operators is found again, and where one differs it is not. */
class NearlyLayersTest {
  /** A layer, and a sample for it. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Spelled(Module layer, int... sample) {
    OnnxModel written() throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Onnx.save(out, new Sequential(layer).eval(), Dtype.F64, sample);
      return OnnxModel.read(MemoryChannel.of(out.toByteArray()));
    }

    @Override
    public String toString() {
      return layer.toString();
    }
  }

  static Stream<Spelled> layers() {
    Generator g = new Generator(1);
    return Stream.of(
        new Spelled(new LeakyReLU(0.25), 5),
        new Spelled(new ELU(0.7), 5),
        new Spelled(new Softplus(), 5),
        new Spelled(new SiLU(), 5),
        new Spelled(new GELU(), 5),
        new Spelled(GELU.tanh(), 5),
        new Spelled(new LayerNorm(5), 5),
        new Spelled(new LayerNorm(2, 5), 2, 5),
        new Spelled(new Conv1d(2, 4, Window.of(3).padding(1).dilation(2), g), 2, 9),
        new Spelled(new Conv2d(2, 4, Window.of(2, 3).stride(2, 1), 2, false, g), 2, 5, 6));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void theLayerIsFoundInItsOperators(Spelled spelled) throws IOException {
    OnnxModel model = spelled.written();
    Module read = read(model, model.nodes(), 1);
    assertThat(read).hasToString(new Sequential(spelled.layer).toString());
  }

  /** Every argument of every operator is another value once. */
  @ParameterizedTest
  @MethodSource("layers")
  void aGraphWithAnotherArgumentIsNotTheLayer(Spelled spelled) throws IOException {
    OnnxModel model = spelled.written();
    String input = model.inputs().get(0).name();
    for (int n = 0; n < model.nodes().size(); n++) {
      OnnxNode node = model.nodes().get(n);
      for (int k = 0; k < node.inputs().size(); k++) {
        List<String> others = new ArrayList<>(List.of(input));
        if (n > 0) {
          others.add(model.nodes().get(n - 1).outputs().get(0));
        }
        for (String other : others) {
          if (!other.equals(node.inputs().get(k))) {
            List<String> inputs = new ArrayList<>(node.inputs());
            inputs.set(k, other);
            List<OnnxNode> nodes = new ArrayList<>(model.nodes());
            nodes.set(n, with(node, node.operator(), inputs));
            isOther(spelled, model, nodes, 1, node.title() + " of " + inputs);
          }
        }
      }
    }
  }

  /** Every operator is another one of as many arguments once. */
  @ParameterizedTest
  @MethodSource("layers")
  void aGraphWithAnotherOperatorIsNotTheLayer(Spelled spelled) throws IOException {
    OnnxModel model = spelled.written();
    for (int n = 0; n < model.nodes().size(); n++) {
      OnnxNode node = model.nodes().get(n);
      for (String other : List.of("Sub", "Max", "Sigmoid", "Softsign")) {
        boolean two = other.length() == 3;
        boolean fits = node.inputs().size() == (two ? 2 : 1) && !node.operator().equals(other);
        if (fits && !node.operator().equals("Identity")) {
          List<OnnxNode> nodes = new ArrayList<>(model.nodes());
          nodes.set(n, with(node, other, node.inputs()));
          isOther(spelled, model, nodes, 1, node.title() + " as " + other);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aGraphWithAnotherNumberIsNotTheLayer(Spelled spelled) throws IOException {
    OnnxModel model = spelled.written();
    List<String> settings = List.of("LeakyReLU", "ELU", "LayerNorm");
    for (OnnxNode node : model.nodes()) {
      if (node.operator().equals("Constant")) {
        List<OnnxNode> nodes = new ArrayList<>(model.nodes());
        nodes.set(nodes.indexOf(node), with(node, "Changed", node.inputs()));
        Module read = read(model, nodes, 1.25);
        boolean isSetting = settings.stream().anyMatch(spelled.toString()::startsWith);
        assertThat(read.toString())
            .as(node.title())
            .isNotEqualTo(new Sequential(spelled.layer).toString());
        assertThat(isSetting || !read.toString().contains(spelled.toString())).isTrue();
      }
    }
  }

  private static OnnxNode with(OnnxNode node, String operator, List<String> inputs) {
    return new OnnxNode(
        node.name(), operator, node.domain(), inputs, node.outputs(), node.attributes());
  }

  /** A graph that makes no sense any more may be refused. */
  private static void isOther(
      Spelled spelled, OnnxModel model, List<OnnxNode> nodes, double factor, String what)
      throws IOException {
    Module read;
    try {
      read = read(model, nodes, factor);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(read.toString()).as(what).doesNotContain(spelled.toString());
  }

  /** A constant that is "Changed" is multiplied by the factor. */
  private static Module read(OnnxModel model, List<OnnxNode> nodes, double factor)
      throws IOException {
    OnnxBytes graph = new OnnxBytes();
    int[] shape = model.inputs().get(0).shape();
    long[] sizes = new long[shape.length];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = shape[d];
    }
    graph.part(11, OnnxBytes.value(model.inputs().get(0).name(), 11, sizes));
    graph.part(12, OnnxBytes.value(model.outputs().get(0).name(), 11));
    for (OnnxTensor tensor : model.initializers().values()) {
      graph.part(5, tensor(model, tensor, 1));
    }
    for (OnnxNode node : nodes) {
      boolean changed = node.operator().equals("Changed");
      OnnxBytes bytes = new OnnxBytes();
      node.inputs().forEach(input -> bytes.text(1, input));
      bytes.text(2, node.outputs().get(0)).text(3, node.name());
      bytes.text(4, changed ? "Constant" : node.operator());
      for (OnnxAttribute attribute : node.attributes().values()) {
        bytes.part(5, attribute(model, attribute, changed ? factor : 1));
      }
      graph.part(1, bytes);
    }
    return OnnxReader.read(MemoryChannel.of(OnnxBytes.file(17, graph)));
  }

  private static OnnxBytes attribute(OnnxModel model, OnnxAttribute attribute, double factor)
      throws IOException {
    String name = attribute.name();
    if (attribute.value() instanceof OnnxTensor tensor) {
      return OnnxBytes.attribute(name, tensor(model, tensor, factor));
    }
    if (attribute.value() instanceof OnnxList list) {
      double[] numbers = list.numbers();
      long[] whole = new long[numbers.length];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = (long) numbers[i];
      }
      return OnnxBytes.list(name, whole);
    }
    return attribute.value() instanceof Long whole
        ? OnnxBytes.attribute(name, whole)
        : OnnxBytes.attribute(name, ((Double) attribute.value()).floatValue());
  }

  private static OnnxBytes tensor(OnnxModel model, OnnxTensor tensor, double factor)
      throws IOException {
    Tensor values = tensor.toTensor(model.allowance());
    boolean whole = tensor.type() == ElementType.INT64;
    ByteBuffer raw = ByteBuffer.allocate(8 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values.data()) {
      if (whole) {
        raw.putLong((long) value);
      } else {
        raw.putDouble(factor * value + (factor - 1));
      }
    }
    return OnnxBytes.head(values, tensor.type().code())
        .bytes(9, raw.array())
        .text(8, tensor.name());
  }
}
