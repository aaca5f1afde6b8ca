package doppio.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import doppio.internal.MemoryChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file says is what is read, in every form that the format has for it. */
class OnnxModelTest {
  private static OnnxModel model(OnnxBytes graph) throws IOException {
    return OnnxModel.read(MemoryChannel.of(OnnxBytes.file(13, graph)));
  }

  private static Tensor tensor(OnnxBytes tensor) throws IOException {
    OnnxModel model = model(new OnnxBytes().part(5, tensor.text(8, "w")));
    return model.initializers().get("w").toTensor(model.allowance());
  }

  private static Object attribute(OnnxBytes attribute) throws IOException {
    OnnxModel model =
        model(new OnnxBytes().node("Relu x -> y", attribute.text(1, "a").number(99, 1)));
    return model.nodes().get(0).attributes().get("a").value();
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void rawNumbersOfEveryTypeAreRead(ElementType type) throws IOException {
    ByteBuffer raw = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : new int[] {-3, 200, 0}) {
      switch (type) {
        case FLOAT -> raw.putFloat(value);
        case DOUBLE -> raw.putDouble(value);
        case INT32 -> raw.putInt(value);
        case INT64 -> raw.putLong(value);
        default -> raw.put((byte) value);
      }
    }
    byte[] bytes = new byte[raw.position()];
    raw.flip().get(bytes);
    double[] expected =
        switch (type) {
          case UINT8 -> new double[] {253, 200, 0};
          case INT8 -> new double[] {-3, -56, 0};
          case BOOL -> new double[] {1, 1, 0};
          default -> new double[] {-3, 200, 0};
        };
    Tensor read = tensor(new OnnxBytes().number(1, 3).number(2, type.code()).bytes(9, bytes));
    assertThat(read.data()).containsExactly(expected);
    assertThat(read.shape()).containsExactly(3);
    assertThat(type.isWhole()).isEqualTo(type != ElementType.FLOAT && type != ElementType.DOUBLE);
  }

  /** Lists of typed numbers, packed as one field or each a field of its own. */
  @Test
  void typedNumbersAreReadPackedOrNot() throws IOException {
    double[] expected = {1, 300, 0};
    byte[] varints = {1, (byte) 0xac, 2, 0};
    for (int field : new int[] {5, 7}) {
      for (long type : new long[] {6, 7}) {
        OnnxBytes head = new OnnxBytes().number(1, 3).number(2, type);
        assertThat(tensor(head.bytes(field, varints)).data()).containsExactly(expected);
        OnnxBytes apart = new OnnxBytes().number(1, 3).number(2, type);
        apart.number(field, 1).number(field, 300).number(field, 0);
        assertThat(tensor(apart).data()).containsExactly(expected);
      }
    }
    OnnxBytes truth = new OnnxBytes().number(1, 5).number(2, 9).bytes(5, varints);
    assertThat(tensor(truth.number(5, 7).number(5, 0)).data()).containsExactly(1, 1, 0, 1, 0);
    ByteBuffer packed = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    packed.putFloat(0.5f).putFloat(-2);
    OnnxBytes floats = new OnnxBytes().bytes(1, new byte[] {1, 3}).number(2, 1);
    floats.bytes(4, java.util.Arrays.copyOf(packed.array(), 8)).number(4, 7f);
    assertThat(tensor(floats).data()).containsExactly(0.5, -2, 7);
    assertThat(tensor(floats).shape()).containsExactly(1, 3);
    packed.clear();
    packed.putDouble(0.1).putDouble(-0.2);
    OnnxBytes doubles = new OnnxBytes().number(1, 2).number(1, 1).number(2, 11);
    assertThat(tensor(doubles.bytes(10, packed.array())).data()).containsExactly(0.1, -0.2);
    assertThat(constant(ElementType.DOUBLE)).containsExactly(0.3);
    assertThat(constant(ElementType.FLOAT)).containsExactly(0.3f);
  }

  /** What comes back of a constant of 0.3 that is written as numbers of a type. */
  private static double[] constant(ElementType type) throws IOException {
    OnnxWriter writer = new OnnxWriter(type);
    writer.constant("k", Tensor.full(0.3, 1));
    OnnxModel written = written(writer);
    OnnxTensor value = (OnnxTensor) written.nodes().get(0).attributes().get("value").value();
    assertThat(value.type()).isEqualTo(type);
    return value.toTensor(written.allowance()).data();
  }

  private static OnnxModel written(OnnxWriter writer) throws IOException {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    writer.writeTo(out, "in", new int[] {1, 2}, "out", new int[] {1, 3});
    return OnnxModel.read(MemoryChannel.of(out.toByteArray()));
  }

  /** More numbers than are written at a time, of which the last are fewer. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"FLOAT", "DOUBLE", "INT64"})
  void whatIsWrittenComesBack(ElementType type) throws IOException {
    Tensor large = Tensor.zeros(3, 8000);
    for (int i = 0; i < large.size(); i++) {
      large.data()[i] = 5 - i;
    }
    OnnxWriter writer = new OnnxWriter(ElementType.DOUBLE);
    writer.node(
        "n",
        "Op",
        List.of("in", "w"),
        "out",
        List.of(
            new OnnxAttribute("whole", -4L),
            new OnnxAttribute("number", 0.5),
            new OnnxAttribute("text", "größe"),
            new OnnxAttribute("list", new long[] {3, -1, 1L << 40})));
    writer.tensor("w", large, type);
    writer.tensor("own", Tensor.of(0.1, 0.2));
    OnnxModel model = written(writer);
    OnnxNode node = model.nodes().get(0);
    assertThat(node.name() + node.operator() + node.domain()).isEqualTo("nOp");
    assertThat(node.inputs()).containsExactly("in", "w");
    assertThat(node.outputs()).containsExactly("out");
    assertThat(node.attributes().get("whole").value()).isEqualTo(-4L);
    assertThat(node.attributes().get("number").value()).isEqualTo(0.5);
    assertThat(node.attributes().get("text").value()).isEqualTo("größe");
    OnnxList list = (OnnxList) node.attributes().get("list").value();
    assertThat(list.numbers()).containsExactly(3, -1, 1L << 40);
    OnnxTensor w = model.initializers().get("w");
    assertThat(w.type()).isEqualTo(type);
    assertThat(w.toTensor(model.allowance()).data()).isEqualTo(large.data());
    assertThat(model.initializers().get("own").toTensor(model.allowance()).data())
        .containsExactly(0.1, 0.2);
    assertThat(model.opset()).isEqualTo(17);
    OnnxValue in = model.inputs().get(0);
    assertThat(in.name()).isEqualTo("in");
    assertThat(in.type()).isEqualTo(ElementType.DOUBLE.code());
    assertThat(in.shape()).containsExactly(-1, 2);
    assertThat(model.outputs().get(0).shape()).containsExactly(-1, 3);
  }

  @ParameterizedTest
  @CsvSource({"0, UNDEFINED", "4, UINT16", "10, FLOAT16", "16, BFLOAT16", "17, 17", "-1, -1"})
  void numbersOfAnotherTypeAreRefusedByItsName(long code, String name) throws IOException {
    String types = "[FLOAT, UINT8, INT8, INT32, INT64, BOOL, DOUBLE]";
    OnnxModel model = model(new OnnxBytes().part(5, new OnnxBytes().number(2, code)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.initializers().get("").type())
        .withMessage(
            "a tensor: expected numbers of one of the types " + types + " but got " + name);
  }

  @Test
  void tensorsThatAreNotWholeInTheFileAreRefused() {
    OnnxBytes texts = new OnnxBytes().number(1, 1).number(2, 1).text(6, "a");
    refuses(texts, "tensor \"w\" has texts, which are not supported");
    OnnxBytes segment = new OnnxBytes().number(1, 1).number(2, 1).part(3, new OnnxBytes());
    refuses(segment, "tensor \"w\" comes in segments, which is not supported");
    String outside =
        "tensor \"w\" has its data in another file; save the model in one:"
            + " onnx.save_model(model, file, save_as_external_data=False)";
    refuses(new OnnxBytes().number(1, 1).number(2, 1).number(14, 1), outside);
    refuses(new OnnxBytes().number(1, 1).number(2, 1).part(13, new OnnxBytes()), outside);
    OnnxBytes inside = new OnnxBytes().number(2, 1).number(14, 0).number(4, 5f);
    assertThat(assertRead(inside).data()).containsExactly(5);
  }

  private static Tensor assertRead(OnnxBytes bytes) {
    try {
      return tensor(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refuses(OnnxBytes tensor, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> tensor(tensor)).withMessage(message);
  }

  @Test
  void aTensorHasAsManyNumbersAsItsShapeSays() {
    byte[] five = new byte[5];
    broken(
        () -> tensor(new OnnxBytes().number(1, 4).number(1, 1).number(2, 2).bytes(9, five)),
        "tensor \"w\" of shape [4, 1] has 5 numbers");
    broken(
        () -> tensor(new OnnxBytes().number(1, 3).number(2, 6).bytes(9, new byte[10])),
        "tensor \"w\" of shape [3] has 2 numbers");
    broken(
        () -> tensor(new OnnxBytes().number(1, 1 << 16).number(1, 1 << 15).number(2, 2)),
        "tensor \"w\" of shape [65536, 32768] is too large");
    broken(
        () -> tensor(new OnnxBytes().number(1, -1).number(2, 2)),
        "tensor \"w\": a shape has a dimension of -1");
    broken(
        () -> tensor(new OnnxBytes().number(1, 1L << 31).number(2, 2)),
        "tensor \"w\": a shape has a dimension of 2147483648");
    broken(
        () -> tensor(new OnnxBytes().number(1, Integer.MAX_VALUE).number(2, 2).bytes(9, five)),
        "tensor \"w\" of shape [2147483647] has 5 numbers");
  }

  @Test
  void aShapeHasThirtyTwoDimensionsAtMost() throws IOException {
    OnnxBytes most = new OnnxBytes();
    for (int d = 0; d < OnnxModel.MOST_DIMENSIONS; d++) {
      most.number(1, 1);
    }
    most.number(2, 2).bytes(9, new byte[] {7});
    assertThat(tensor(most).rank()).isEqualTo(32);
    broken(() -> tensor(most.number(1, 1)), "a shape has more than 32 dimensions");
  }

  @Test
  void attributesOfEveryKindAreRead() throws IOException {
    assertThat(attribute(new OnnxBytes().number(3, 7))).isEqualTo(7L);
    assertThat(attribute(new OnnxBytes().number(2, 0.25f))).isEqualTo(0.25);
    assertThat(attribute(new OnnxBytes().text(4, "text"))).isEqualTo("text");
    assertThat(attribute(new OnnxBytes().text(9, "a").text(9, "b"))).isEqualTo(List.of("a", "b"));
    Object tensor = attribute(new OnnxBytes().part(5, OnnxBytes.raw("t", Tensor.of(3))));
    assertThat(((OnnxTensor) tensor).name()).isEqualTo("t");
    assertThat(((OnnxTensor) tensor).type()).isEqualTo(ElementType.FLOAT);
    // What is usual is left out of a file.
    assertThat(attribute(new OnnxBytes().number(20, 1))).isEqualTo(0.0);
    assertThat(attribute(new OnnxBytes().number(20, 2))).isEqualTo(0L);
    assertThat(attribute(new OnnxBytes().number(20, 3))).isEqualTo("");
    assertThat(attribute(new OnnxBytes().number(20, 8))).isEqualTo(List.of());
    assertThat(attribute(new OnnxBytes().number(20, 5))).isNull();
    assertThat(attribute(new OnnxBytes())).isNull();
    assertThat(((OnnxList) attribute(new OnnxBytes().number(20, 6))).isWhole()).isFalse();
    assertThat(((OnnxList) attribute(new OnnxBytes().number(20, 7))).numbers()).isEmpty();
  }

  @Test
  void listsAreReadPackedOrNot() throws IOException {
    OnnxBytes whole = new OnnxBytes().number(8, 3).bytes(8, new byte[] {1, (byte) 0x80, 1});
    OnnxList list = (OnnxList) attribute(whole.number(8, -1));
    assertThat(list.isWhole()).isTrue();
    assertThat(list.size()).isEqualTo(4);
    assertThat(list.numbers()).containsExactly(3, 1, 128, -1);
    byte[] packed =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(2).putFloat(3).array();
    OnnxList floats =
        (OnnxList) attribute(new OnnxBytes().number(7, 0.5f).bytes(7, packed).number(20, 6));
    assertThat(floats.isWhole()).isFalse();
    assertThat(floats.size()).isEqualTo(3);
    assertThat(floats.numbers()).containsExactly(0.5, 2, 3);
  }

  @Test
  void aListHasSixtyFourTextsAtMost() throws IOException {
    OnnxBytes texts = new OnnxBytes();
    for (int i = 0; i < 64; i++) {
      texts.text(9, "t" + i);
    }
    assertThat((List<?>) attribute(texts)).hasSize(64);
    broken(() -> attribute(texts.text(9, "more")), "a list of more than 64 texts");
  }

  @Test
  void aNodeIsNamedByItselfOrByWhatItGives() throws IOException {
    OnnxBytes plain = new OnnxBytes().text(2, "y").text(4, "Relu").text(7, "ai.onnx").number(98, 5);
    OnnxNode node = model(new OnnxBytes().part(1, plain)).nodes().get(0);
    assertThat(node.title()).isEqualTo("the node that gives \"y\" (Relu)");
    assertThat(node.domain()).isEmpty();
    assertThat(node.inputs()).isEmpty();
    assertThat(node.attributes()).isEmpty();
    OnnxBytes own = new OnnxBytes().text(2, "y").text(3, "n").text(4, "Op").text(7, "com.acme");
    assertThat(model(new OnnxBytes().part(1, own)).nodes().get(0).title())
        .isEqualTo("node \"n\" (com.acme.Op)");
    String expected = "expected a node with an operator and an output but got ";
    broken(() -> model(new OnnxBytes().part(1, new OnnxBytes().text(2, "y"))), expected);
    broken(() -> model(new OnnxBytes().part(1, new OnnxBytes().text(4, "Op"))), expected + "Op");
  }

  @Test
  void theVersionIsThatOfTheStandardOperators() throws IOException {
    OnnxBytes graph = new OnnxBytes();
    OnnxBytes file = new OnnxBytes().part(7, graph);
    assertThat(OnnxModel.read(MemoryChannel.of(file.toBytes())).opset()).isEqualTo(1);
    file.part(8, new OnnxBytes().text(1, "ai.onnx").number(2, 12).number(9, 9));
    file.part(8, new OnnxBytes().text(1, "com.acme").number(2, 3));
    OnnxModel model = OnnxModel.read(MemoryChannel.of(file.toBytes()));
    assertThat(model.opset()).isEqualTo(12);
    assertThat(model.bytes()).isEqualTo(file.toBytes().length);
    assertThat(model(new OnnxBytes()).opset()).isEqualTo(13);
  }

  @Test
  void aTensorThatIsThereTwiceAndOneThatIsSparseAreRefused() {
    OnnxBytes one = OnnxBytes.raw("w", Tensor.of(1));
    broken(() -> model(new OnnxBytes().part(5, one).part(5, one)), "tensor \"w\" is there twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model(new OnnxBytes().part(15, one)))
        .withMessage("sparse initializers are not supported");
  }

  @Test
  void whatIsNotSaidOfAShapeIsUnknown() throws IOException {
    OnnxModel model =
        model(
            new OnnxBytes()
                .part(11, OnnxBytes.value("a", 11, 3, -1, 0, 1L << 40))
                .part(11, OnnxBytes.value("b"))
                .part(11, new OnnxBytes().text(1, "c").number(9, 1))
                .part(11, negative()));
    OnnxValue a = model.inputs().get(0);
    assertThat(a.name()).isEqualTo("a");
    assertThat(a.type()).isEqualTo(11);
    assertThat(a.shape()).containsExactly(3, -1, 0, Integer.MAX_VALUE - 1);
    assertThat(model.inputs().get(1).type()).isEqualTo(1);
    assertThat(model.inputs().get(1).shape()).isNull();
    assertThat(model.inputs().get(2).type()).isZero();
    assertThat(model.inputs().get(2).shape()).isNull();
    assertThat(model.inputs().get(3).shape()).containsExactly(-1, -1);
  }

  /** Sizes of −5 and of none, among fields that nobody knows. */
  private static OnnxBytes negative() {
    OnnxBytes sizes = new OnnxBytes().number(5, 1);
    sizes.part(1, new OnnxBytes().number(1, -5).number(7, 1)).part(1, new OnnxBytes());
    OnnxBytes tensor = new OnnxBytes().number(1, 1).part(2, sizes).number(6, 1);
    return new OnnxBytes().text(1, "d").part(2, new OnnxBytes().number(3, 1).part(1, tensor));
  }

  private static void broken(ThrowingCallable call, String message) {
    assertThatExceptionOfType(IOException.class).isThrownBy(call).withMessage(message);
  }
}
