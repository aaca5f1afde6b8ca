package doppio.internal.onnx.load;

import static doppio.internal.onnx.OnnxBytes.attribute;
import static doppio.internal.onnx.OnnxBytes.graph;
import static doppio.internal.onnx.OnnxBytes.list;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxBytes;
import org.junit.jupiter.api.Test;

/** What a node must not be is refused when the file is read, by the node's name and the reason. */
class RefusedOperatorsTest {
  private static final long[] IMAGE = {-1, 2, 5};

  @Test
  void slicesAndPads() {
    refused(9, "Slice x -> y", "it has no starts and ends", list("starts", 1));
    refused(9, "Slice x -> y", "it has no starts and ends", list("ends", 1));
    refused(13, "Slice x one two zero zero -> y", "a step must not be 0");
    refused(
        13,
        "Slice x one three2 -> y",
        "there must be as many starts as ends, axes and steps, got 1");
    refused(
        13,
        "Slice x one two three2 -> y",
        "there must be as many starts as ends, axes and steps, got 1");
    refused(
        13,
        "Slice x one two zero three2 -> y",
        "there must be as many starts as ends, axes and steps, got 1");
    refused(13, "Slice x one two two -> y", "there is no axis 2 among 2 dimensions");
    refused(9, "Pad x -> y", "it has no pads");
    refused(13, "Pad x three2 -> y", "its mode is WRAP", attribute("mode", "wrap"));
    refused(13, "Pad x three2 -> y", "expected two pads for each of 2 dimensions, got 2");
    refused(18, "Pad x one _ one -> y", "its pads for some axes cannot be placed");
    refused(18, "Pad x three2 _ two -> y", "there is no axis 2 among 2 dimensions");
    refused(
        13,
        "Pad x -> y",
        "a dimension of 4 is too small for its padding",
        list("pads", 0, 4, 0, 0),
        attribute("mode", "reflect"));
    refused(
        13,
        "Pad x -> y",
        "a dimension of 4 with pads -3 and -2 is none",
        list("pads", 0, -3, 0, -2));
    refused(
        13,
        "Pad x -> y",
        "a dimension of 4 with pads 2147483647 and 0 is none",
        list("pads", 0, Integer.MAX_VALUE, 0, 0));
  }

  @Test
  void dropoutsAndNormalisations() {
    refused(13, "Dropout x x -> y", "its ratio must be a number of the file");
    String training = "it is in training mode; export the model after model.eval()";
    refused(13, "Dropout x _ one -> y", training);
    refused(6, "BatchNormalization x f f f f -> y", training, attribute("is_test", 0L));
    refused(
        6,
        "BatchNormalization x f f f f -> y",
        "statistics of each place (spatial = 0) are not supported",
        attribute("is_test", 1L),
        attribute("spatial", 0L));
    refused(9, "BatchNormalization x f f f g -> y", "it has 3 numbers for 4 channels");
    refused(9, "BatchNormalization x f g f f -> y", "it has 3 numbers for 4 channels");
    refused(9, "BatchNormalization x m f f f -> y", "its scale must have rank 1, got [2, 4]");
    refused(
        17,
        "LayerNormalization x f -> y",
        "axis 0 does not fit a scale [4]",
        attribute("axis", 0L));
    refused(17, "LayerNormalization x f g -> y", "a scale [4] and a bias [3] do not fit");
    refused(17, "LayerNormalization x x -> y", "its scale must be a tensor of the file");
    refused(17, "LayerNormalization x two -> y", "its scale must have rank 1, got [1]");
    refused(17, "LayerNormalization x e -> y", "its scale must have rank 1, got [0]");
  }

  @Test
  void convolutionsAndPools() {
    refused(11, "Conv x m -> y", dimensions("[2, 4]"));
    refused(11, "Conv x v5 -> y", dimensions("[1, 1, 1, 1, 1]"));
    refusedOf(IMAGE, 11, "Conv x w -> y", "3 groups do not fit a weight [4, 1, 3]", group(3));
    refusedOf(IMAGE, 11, "Conv x w -> y", "0 groups do not fit a weight [4, 1, 3]", group(0));
    refusedOf(IMAGE, 11, "Conv x w g -> y", "its bias has 3 numbers for 4 channels", group(2));
    refusedOf(IMAGE, 11, "Conv x w -> y", "expected an input of 1 channels but got [3, 2, 5]");
    refusedOf(
        IMAGE,
        11,
        "Conv x w -> y",
        "its kernel_shape is not that of its weight",
        list("kernel_shape", 2));
    refusedOf(
        IMAGE,
        11,
        "Conv x w -> y",
        "attribute strides has 2 numbers, not 1",
        list("strides", 1, 1));
    refusedOf(IMAGE, 11, "Conv x w -> y", "attribute strides is [0]", list("strides", 0));
    refusedOf(
        IMAGE,
        11,
        "MaxPool x -> y",
        "attribute strides is [2147483648]",
        list("kernel_shape", 3),
        list("strides", 1L << 31));
    refusedOf(IMAGE, 11, "Conv x w -> y", "attribute pads is [-1, 0]", list("pads", -1, 0));
    refusedOf(IMAGE, 11, "Conv x w -> y", "its auto_pad is OTHER", attribute("auto_pad", "other"));
    refusedOf(IMAGE, 11, "MaxPool x -> y", "it has no kernel_shape that can be");
    refusedOf(
        new long[] {-1, 2, 5, 5},
        11,
        "MaxPool x -> y",
        "it has no kernel_shape that can be",
        list("kernel_shape", 40_000, 40_000));
    refusedOf(
        IMAGE,
        11,
        "MaxPool x -> y",
        "expected an input of 4 dimensions but got [3, 2, 5]",
        list("kernel_shape", 2, 2));
    refusedOf(
        IMAGE,
        11,
        "AveragePool x -> y",
        "a window over 7 does not fit a dimension of 5 with its pads",
        list("kernel_shape", 7));
    refusedOf(
        new long[] {-1}, 11, "GlobalMaxPool x -> y", "expected an input [n, c, ..] but got [3]");
  }

  @Test
  void statisticsOfAnyNumberOfDimensions() {
    String four = "expected an input [n, 4, ..] but got ";
    refusedOf(new long[] {-1}, 9, "BatchNormalization x f f f f -> y", four + "[3]");
    refusedOf(
        new long[] {-1, 3, 1, 1, 1},
        9,
        "BatchNormalization x f f f f -> y",
        four + "[3, 3, 1, 1, 1]");
    refusedOf(IMAGE, 9, "BatchNormalization x f f f f -> y", four + "[3, 2, 5]");
  }

  private static String dimensions(String shape) {
    return "convolutions of one and two dimensions are supported, not with a weight of shape "
        + shape;
  }

  private static OnnxBytes group(long groups) {
    return attribute("group", groups);
  }

  @Test
  void shapes() {
    refused(13, "Squeeze x -> y", "axis 1 of [3, 4] is not 1", list("axes", 1));
    refused(11, "Unsqueeze x -> y", "it has no axes");
    refused(11, "Unsqueeze x -> y", "axis 1 stands twice in [1, -3]", list("axes", 1, -3));
    refused(11, "Unsqueeze x -> y", "a shape of 34 dimensions", list("axes", new long[32]));
    refused(4, "Reshape x -> y", "it has no shape");
    refused(13, "Reshape x three2 -> y", "cannot reshape [3, 4] to [3, 3]");
    refused(4, "Reshape x -> y", "cannot reshape [3, 4] to [5, -1]", list("shape", 5, -1));
    refused(4, "Reshape x -> y", "cannot reshape [3, 4] to [-1, -1]", list("shape", -1, -1));
    refused(4, "Reshape x -> y", "there is no axis 2 among 2 dimensions", list("shape", 3, 4, 0));
    refused(4, "Reshape x -> y", "a shape of 1024 dimensions", list("shape", new long[1024]));
    refused(4, "Reshape x -> y", "a shape of 33 dimensions", list("shape", new long[33]));
    refused(
        4,
        "Reshape x -> y",
        "attribute \"shape\" must be a list of a few whole numbers",
        list("shape", new long[1025]));
    refused(13, "Reshape x many -> y", "expected at most 1024 numbers for dimensions but got 1025");
    refused(13, "Flatten x -> y", "there is no axis 3 among 2 dimensions", attribute("axis", 3L));
    refused(13, "Constant -> y", "it has no value");
    refused(
        13,
        "ConstantOfShape two -> y",
        "its value must be one number, got [4]",
        attribute("value", OnnxBytes.raw("", Tensor.zeros(4))));
    refused(13, "ConstantOfShape minus -> y", "no tensor has the shape [-5]");
    refused(13, "Expand x large -> y", "no tensor has the shape [65536, 32768]");
    String types = "expected a cast to one of [FLOAT, UINT8, INT8, INT32, INT64, BOOL, DOUBLE]";
    refused(13, "Cast x -> y", types);
    refused(5, "Cast x -> y", types, attribute("to", "STRING"));
    refused(13, "Expand x three2 -> y", "shapes [3, 4] and [3, 3] do not go together");
    refused(13, "Transpose x -> y", "axis 0 stands twice in [0, 0]", list("perm", 0, 0));
    refused(
        13,
        "Transpose x -> y",
        "an order of 3 dimensions does not fit one of 2",
        list("perm", 0, 1, 2));
    refused(13, "Concat x f -> y", "cannot join [3, 4] and [4] along 1", attribute("axis", 1L));
    refused(13, "Concat x m -> y", "cannot join [3, 4] and [2, 4] along 1", attribute("axis", 1L));
    refused(
        13, "Gather x four -> y", "there is no place 4.0 along axis 1 of 4", attribute("axis", 1L));
    refused(
        13,
        "Gather x minus -> y",
        "there is no place -5.0 along axis 1 of 4",
        attribute("axis", 1L));
  }

  @Test
  void productsAndBroadcasts() {
    refused(13, "MatMul x m -> y", "expected an input [.., 2] but got [3, 4]");
    refused(13, "MatMul m x -> y", "cannot multiply [2, 4] by [3, 4]");
    refused(13, "MatMul one x -> y", "cannot multiply [1] by [3, 4]");
    refused(13, "MatMul s x -> y", "a single number is no matrix");
    refused(13, "Add x g -> y", "shapes [3, 4] and [3] do not go together");
    refused(
        6,
        "Add x m -> y",
        "axis 1 does not place [2, 4] in [3, 4]",
        attribute("broadcast", 1L),
        attribute("axis", 1L));
    refused(13, "Softmax x -> y", "there is no axis 5 among 2 dimensions", attribute("axis", 5L));
    refused(13, "Softmax x -> y", "attribute axis is 4294967296", attribute("axis", 1L << 32));
  }

  @Test
  void inputsAndAttributesThatAnOperatorDoesNotHave() {
    refused(13, "Add x -> y", "expected 2 inputs, got 1");
    refused(13, "Clip x s s s -> y", "expected 1 to 3 inputs, got 4");
    refused(13, "Add _ x -> y", "its input 0 is left out");
    refused(13, "Concat x _ -> y", "its input 1 is left out", attribute("axis", 1L));
    refused(13, "Elu x -> y", "attribute \"alpha\" must be a number", attribute("alpha", 1L));
    refused(
        13, "Concat x x -> y", "attribute \"axis\" must be a whole number", attribute("axis", 1f));
    refused(
        9,
        "Pad x -> y",
        "attribute \"mode\" must be a text",
        list("pads", 0, 0, 0, 1),
        attribute("mode", 1L));
    refused(
        9,
        "Pad x -> y",
        "attribute \"pads\" must be a list of whole numbers",
        attribute("pads", 1L));
    refused(
        9,
        "Pad x -> y",
        "attribute \"pads\" must be a list of a few whole numbers",
        new OnnxBytes().text(1, "pads").number(7, 1f).number(20, 6));
  }

  private static void refused(int opset, String node, String why, OnnxBytes... attributes) {
    refusedOf(new long[] {3, 4}, opset, node, why, attributes);
  }

  /** The graph gets tensors of some shapes: f [4], g [3], e [0], m [2, 4], s [] and w, v5. */
  private static void refusedOf(
      long[] shape, int opset, String node, String why, OnnxBytes... attributes) {
    OnnxBytes graph =
        graph(shape)
            .floats("f", Tensor.full(1, 4))
            .floats("g", Tensor.full(1, 3))
            .floats("e", Tensor.zeros(0))
            .floats("m", RandomTensors.normal(1, 2, 4))
            .floats("s", Tensor.full(2))
            .floats("w", RandomTensors.normal(1, 4, 1, 3))
            .floats("v5", Tensor.full(1, 1, 1, 1, 1, 1))
            .wholes("many", new long[1025])
            .wholes("large", 1 << 16, 1 << 15)
            .wholes("zero", 0)
            .wholes("one", 1)
            .wholes("two", 2)
            .wholes("four", 4)
            .wholes("minus", -5)
            .wholes("three2", 3, 3)
            .node(node, attributes);
    String operator = node.substring(0, node.indexOf(' '));
    assertThatIllegalArgumentException()
        .as(node)
        .isThrownBy(() -> OnnxReader.read(MemoryChannel.of(OnnxBytes.file(opset, graph))))
        .withMessage("node \"node-y\" (" + operator + "): " + why);
  }
}
