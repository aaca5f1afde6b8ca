package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;
import static doppio.internal.onnx.load.Graphs.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import doppio.nn.Module;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators where a dimension is empty, a pad as large as it can be, a shape as long. */
class EdgesTest {
  /** Of the input 1, 2, 3, … of a shape. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          3,0 | Constant[value_ints=1 0 0 0] -> p; Pad[mode=edge] x p -> y | 4,0 | ''
          3,0 | Constant[value_ints=1 0 0 0] -> p; Pad[mode=reflect] x p -> y | 4,0 | ''
          2,0 | Constant[value_ints=0 1 0 0] -> p; Pad x p -> y | 2,1 | 0 0
          1,2 | Constant[value_ints=0 3 0 0] -> p; Pad[mode=edge] x p -> y | 1,5 | 1 1 1 1 2
          1,3 | Constant[value_ints=0 2 0 0] -> p; Pad[mode=reflect] x p -> y | 1,5 | 3 2 1 2 3
          2,2 | Constant[value_ints=0 -1 0 -1] -> p; Pad x p -> y | 2,0 | ''
          1,2,2 | Constant[value_ints=1 0 0 0 0 0] -> p; Pad x p -> y | 2,2,2 | 0 0 0 0 1 2 3 4
          2,2,2 | AveragePool[kernel_shape=2 strides=2] x -> y | 2,2,1 | 1.5 3.5 5.5 7.5
          1,1,5 | AveragePool[kernel_shape=2 strides=2 ceil_mode=1 count_include_pad=1] x -> y\
           | 1,1,3 | 1.5 3.5 5
          1,1,5 | AveragePool[kernel_shape=2 strides=2 pads=0 1 count_include_pad=1] x -> y\
           | 1,1,3 | 1.5 3.5 2.5
          1,1,1,5 | AveragePool[kernel_shape=1 2 dilations=1 2] x -> y | 1,1,1,3 | 2 3 4
          1,1,1,3 | MaxPool[kernel_shape=1 3 pads=0 2 0 2] x -> y | 1,1,1,5 | 1 2 3 3 3
          1,1,3,3 | MaxPool[kernel_shape=2 2 auto_pad=VALID] x -> y | 1,1,2,2 | 5 6 8 9
          1,0 | Softmax x -> y | 1,0 | ''
          1,0,2 | Softmax[axis=1] x -> y | 1,0,2 | ''
          2,2,2 | Softmax[axis=1] x -> y | 2,2,2 | .1192029 .1192029 .8807971 .8807971\
           .1192029 .1192029 .8807971 .8807971
          1 | Sub x x -> z; Cast[to=7] z -> i; ReduceSum x i -> y | 1 | 1
          1,1 | Squeeze x -> y | '' | 1
          2,1,3 | Squeeze x -> y | 2,3 | 1 2 3 4 5 6
          5 | Flatten x -> y | 5,1 | 1 2 3 4 5
          5 | Constant[value_ints=1] -> a; Unsqueeze x a -> y | 5,1 | 1 2 3 4 5
          2,3 | Constant[value_ints=2] -> a; Constant[value_ints=1] -> b;\
           Constant[value_ints=2] -> c; Slice x a a b c -> y | 2,0 | ''
          2,3 | Constant[value_ints=2] -> a; Constant[value_ints=0] -> z;\
           Constant[value_ints=1] -> b; Slice x a z b -> y | 2,0 | ''
          2,3 | Constant[value_ints=1] -> a; Constant[value_ints=-9] -> e; Slice x a e a a -> y\
           | 2,0 | ''
          2,3 | Constant[value_ints=2] -> a; Constant[value_ints=-9] -> e;\
           Constant[value_ints=1] -> b; Constant[value_ints=-2] -> c; Slice x a e b c -> y\
           | 2,2 | 3 1 6 4
          2,0 | Constant[value_ints=0] -> a; Constant[value_ints=-9] -> e;\
           Constant[value_ints=1] -> b; Constant[value_ints=-1] -> c; Slice x a e b c -> y\
           | 2,0 | ''
          4 | Constant[value_ints=0] -> a; Cast[to=7] x -> i; Gather i a -> e; Slice x a e -> y\
           | 1 | 1
          2,2,3 | GlobalAveragePool x -> g; Flatten g -> y | 2,2 | 2 5 8 11
          2,3 | Constant[value_ints=2] -> s; Constant -> unread; Identity x -> y | 2,3 | 1 2 3 4 5 6
          1,1,5 | MaxPool[kernel_shape=3 strides=2147483647] x -> y | 1,1,1 | 3
          2,0 | Constant[value_ints=0 5] -> s; Reshape[allowzero=1] x s -> y | 0,5 | ''
          """)
  void gives(String shape, String nodes, String outShape, String values) throws IOException {
    int[] sizes = Stream.of(shape.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    Tensor x = Tensor.zeros(sizes);
    Arrays.setAll(x.data(), i -> i + 1);
    Tensor y = load(graphOf(shape, nodes)).infer(x);
    assertThat(Arrays.toString(y.shape()).replaceAll("[\\[\\] ]", "")).isEqualTo(outShape);
    String[] expected = values.isEmpty() ? new String[0] : values.split(" +", -1);
    assertThat(y.data()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.data()[i]).isCloseTo(Double.parseDouble(expected[i]), within(1e-7));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2,0 | Constant[value_ints=0 1 0 0] -> p; Pad[mode=edge] x p -> y | a dimension of 0 is too\
           small for its padding
          2,4 | Constant[value_ints=0 0 0 4] -> p; Pad[mode=reflect] x p -> y | a dimension of 4 is\
           too small for its padding
          2,4 | Constant[value_ints=0 2147483646 0 0] -> p; Pad x p -> y | a dimension of 4 with pads\
           2147483646 and 0 is none
          2,4 | Constant[value_ints=0 9223372036854775807 0 9223372036854775807] -> p; Pad x p -> y\
           | with pads 9223372036854775807 and 9223372036854775807 is none
          2,0 | Constant[value_ints=0 -1] -> s; Reshape[allowzero=1] x s -> y | cannot reshape [2, 0]\
           to [0, -1]
          3,4 | Constant[value_ints=-2 -1] -> s; Reshape x s -> y | cannot reshape [3, 4] to [-2, -1]
          2,2,2,2 | GlobalAveragePool x -> g; Flatten g -> f; MatMul f w -> y | expected an input\
           [.., 3] but got [2, 2]
          2,3 | BatchNormalization x three three three three -> b; Constant[value_ints=3 -1] -> s;\
           Reshape b s -> r; MatMul r w -> y | expected an input [.., 3] but got [3, 2]
          2,2,5,5 | Conv[pads=2 0] x k -> y | expected an input of 3 dimensions but got [2, 2, 5, 5]
          2,2,5,5 | Conv x k -> y | expected an input of 3 dimensions but got [2, 2, 5, 5]
          """)
  void refuses(String shape, String nodes, String why) {
    OnnxBytes graph =
        graphOf(shape, nodes)
            .floats("w", Tensor.full(1, 3, 2))
            .floats("three", Tensor.full(1, 3))
            .floats("k", Tensor.full(1, 2, 2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> load(graph)).withMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2,6 | Constant[value_ints=0 -1] -> s; Reshape x s -> y | Flatten()
          2,2,3,4 | ReduceMean[axes=2 3] x -> m; Flatten m -> y | GlobalAvgPool2d()
          2,2,3,4 | ReduceMean[axes=1 2] x -> m; Flatten m -> y | Flatten()
          2,2,3,4 | ReduceSum[axes=2 3] x -> m; Flatten m -> y | Flatten()
          2,2,3,4 | GlobalAveragePool x -> m; Flatten m -> y | GlobalAvgPool2d()
          2,2,3,4 | GlobalMaxPool x -> m; Flatten m -> y | Flatten()
          """)
  void flattens(String shape, String nodes, String layer) throws IOException {
    assertThat(load(graphOf(shape, nodes)).children().values())
        .extracting(Module::toString)
        .containsExactly(layer);
  }

  @Test
  void aFlattenOfWholeNumbersIsNoLayer() throws IOException {
    String nodes = "Cast[to=7] x -> i; Flatten i -> j; Reshape j s -> k; Cast[to=1] k -> y";
    Module net = load(graphOf("2,2,2", nodes).wholes("s", 0, -1));
    assertThat(net.infer(Tensor.full(1.5, 2, 2, 2)).data()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1);
    OnnxBytes graph = graphOf("2,2,2", "Cast[to=7] x -> i; Reshape i s -> k; Cast[to=1] k -> y");
    assertThat(load(graph.wholes("s", 0, -1)).children()).isEmpty();
  }

  @Test
  void aTypeIsANumberFromVersion6On() throws IOException {
    byte[] file = OnnxBytes.file(6, graph(1).node("Cast x -> y", attribute("to", 1L)));
    assertThat(OnnxReader.read(MemoryChannel.of(file)).infer(Tensor.of(0.5)).data())
        .containsExactly(0.5);
  }

  @Test
  void whatAConstantOfShapeIsFilledWithSaysWhetherItIsWhole() throws IOException {
    OnnxBytes filled = attribute("value", OnnxBytes.raw("", Tensor.of(1.5)));
    OnnxBytes graph = graph(1).wholes("one", 1).node("ConstantOfShape one -> c", filled);
    graph.node("Cast c -> i", attribute("to", 7L)).node("Cast i -> f", attribute("to", 1L));
    assertThat(load(graph.node("Mul x f -> y")).infer(Tensor.of(3)).data()).containsExactly(3);
  }

  @Test
  void onlyAConstantOfOneNumberIsOne() {
    assertThat(Fact.of(Tensor.of(7), false, 1).scalar()).isEqualTo(7);
    assertThat(Fact.of(Tensor.of(7, 8), false, 1).scalar()).isNaN();
    Fact unknown = new Fact(false, null, new int[1][], new double[1][]);
    assertThat(unknown.scalar()).isNaN();
    assertThat(unknown.rank()).isEqualTo(-1);
  }

  @Test
  void aFloatIsTheShortestDecimalThatItMayHaveBeen() {
    assertThat(Site.decimal(0.1f)).isEqualTo(0.1);
    assertThat(Site.decimal(1 / 3.0)).isEqualTo(1 / 3.0);
  }

  @Test
  void aShapeHasUpTo32Dimensions() throws IOException {
    OnnxBytes graph = graph(1).wholes("s", LongStream.generate(() -> 1).limit(32).toArray());
    assertThat(load(graph.node("Reshape x s -> y")).infer(Tensor.of(7)).rank()).isEqualTo(32);
    long[] axes = new long[31];
    Arrays.setAll(axes, d -> d + 1);
    graph = graph(1).wholes("a", axes).node("Unsqueeze x a -> y");
    assertThat(load(graph).infer(Tensor.of(7)).rank()).isEqualTo(32);
  }

  /** Attributes stand behind an operator; those of some names are lists. */
  private static OnnxBytes graphOf(String shape, String nodes) {
    OnnxBytes graph = graph(Stream.of(shape.split(",", -1)).mapToLong(Long::parseLong).toArray());
    for (String node : nodes.split("; *", -1)) {
      int open = node.indexOf('[');
      int close = node.indexOf(']');
      if (open < 0) {
        graph.node(node);
      } else {
        OnnxBytes[] attributes =
            Stream.of(node.substring(open + 1, close).split(" (?=[a-z])", -1))
                .map(EdgesTest::setting)
                .toArray(OnnxBytes[]::new);
        graph.node(node.substring(0, open) + node.substring(close + 1), attributes);
      }
    }
    return graph;
  }

  private static OnnxBytes setting(String text) {
    String name = text.substring(0, text.indexOf('='));
    String value = text.substring(name.length() + 1);
    if (name.equals("kernel_shape") || (name.endsWith("s") && !name.equals("axis"))) {
      return list(name, Stream.of(value.split(" ", -1)).mapToLong(Long::parseLong).toArray());
    }
    return name.equals("mode") || name.equals("auto_pad")
        ? attribute(name, value)
        : attribute(name, Long.parseLong(value));
  }
}
