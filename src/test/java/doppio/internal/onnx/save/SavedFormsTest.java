package doppio.internal.onnx.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.MemoryChannel;
import doppio.internal.onnx.OnnxAttribute;
import doppio.internal.onnx.OnnxList;
import doppio.internal.onnx.OnnxModel;
import doppio.internal.onnx.OnnxNode;
import doppio.io.Dtype;
import doppio.model.Onnx;
import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.CausalConv1d;
import doppio.nn.ColumnEmbeddings;
import doppio.nn.Concat;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Embedding;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LSTM;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import doppio.nn.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operators that a layer is written as: those that ONNX Runtime has for its numbers. */
class SavedFormsTest {
  private static final Generator G = new Generator(1);

  /** A layer, a sample for it, and its operators with their attributes and whole numbers. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Form(Module layer, Dtype dtype, String operators, int... sample) {
    @Override
    public String toString() {
      return layer + " as " + dtype;
    }
  }

  static Stream<Form> forms() {
    Window three = Window.of(3).padding(1);
    String swap = "Transpose(perm [1, 0, 2])";
    return Stream.of(
        floats(new SiLU(), "Sigmoid Mul", 3),
        doubles(new SiLU(), "Neg Exp Add Div", 3),
        floats(new Softplus(), "Softplus", 3),
        floats(new GELU(), "Div Erf Add Mul Mul", 3),
        floats(new LayerNorm(3), "LayerNormalization(axis -1, epsilon 9.999999747378752E-6)", 3),
        doubles(new Linear(3, 2, G), "Gemm(transB 1)", 3),
        doubles(new Linear(3, 2, false, G), "Gemm(transB 1)", 3),
        doubles(new Linear(3, 2, G), "Transpose(perm [1, 0]) MatMul Add", 4, 3),
        doubles(new Linear(3, 2, false, G), "Transpose(perm [1, 0]) MatMul", 4, 3),
        doubles(new Residual(new Tanh()), "Tanh Add", 3),
        doubles(new Residual(new Tanh(), new ReLU()), "Relu Tanh Add", 3),
        doubles(new Concat(new Tanh(), new ReLU()), "Tanh Relu Concat(axis -1)", 3),
        doubles(new Concat(new Tanh(), new ReLU()), "Tanh Relu Concat(axis 1)", 2, 3, 3),
        doubles(Concat.along(1, new Tanh(), new ReLU()), "Tanh Relu Concat(axis 1)", 3),
        floats(new LSTM(2, 3, G), swap + " LSTM(hidden_size 3) Squeeze " + swap, 4, 2),
        floats(
            new GRU(2, 3, G),
            swap + " GRU(hidden_size 3, linear_before_reset 1) Squeeze " + swap,
            4,
            2),
        doubles(
            new ColumnEmbeddings(2, new int[] {0}, new Embedding(3, 2, G)),
            "Slice Cast(to 7) Gather Squeeze Slice Concat(axis -1)",
            2),
        floats(
            new AvgPool2d(three),
            "AveragePool(kernel_shape [3, 3], strides [3, 3], pads [1, 1, 1, 1],"
                + " count_include_pad 1)",
            1,
            3,
            3),
        floats(new GlobalAvgPool2d(), "GlobalAveragePool Flatten(axis 1)", 1, 3, 3),
        doubles(new GlobalAvgPool2d(), "ReduceMean(axes [2, 3], keepdims 0)", 1, 3, 3),
        floats(
            new Conv1d(2, 4, three, G),
            "Conv(kernel_shape [3], strides [1], pads [1, 1], dilations [1], group 1)",
            2,
            5),
        doubles(
            new Conv1d(2, 4, Window.of(3), G),
            "Reshape Gather(axis 2) Reshape Reshape MatMul Reshape Reshape Add",
            2,
            5),
        doubles(
            new Conv2d(2, 4, three, 2, false, G),
            "Pad Reshape Gather(axis 2) Reshape Reshape MatMul Reshape",
            2,
            3,
            5));
  }

  private static Form floats(Module layer, String operators, int... sample) {
    return new Form(layer, Dtype.F32, operators, sample);
  }

  private static Form doubles(Module layer, String operators, int... sample) {
    return new Form(layer, Dtype.F64, operators, sample);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void operators(Form form) throws IOException {
    OnnxModel model = model(form.layer, form.dtype, form.sample);
    List<String> operators = new ArrayList<>();
    for (OnnxNode node : model.nodes()) {
      if (!node.operator().equals("Constant")) {
        operators.add(text(node));
      }
    }
    operators.remove(operators.size() - 1);
    assertThat(String.join(" ", operators)).isEqualTo(form.operators);
  }

  private static String text(OnnxNode node) throws IOException {
    List<String> settings = new ArrayList<>();
    for (OnnxAttribute a : node.attributes().values()) {
      boolean list = a.value() instanceof OnnxList;
      settings.add(
          a.name() + " " + (list ? text(((OnnxList) a.value()).numbers()) : a.value().toString()));
    }
    return node.operator() + (settings.isEmpty() ? "" : "(" + String.join(", ", settings) + ")");
  }

  private static String text(double... numbers) {
    return Arrays.toString(numbers).replace(".0", "");
  }

  /** For doubles ONNX Runtime lacks some operators. */
  @Test
  void doublesAreNoOperatorThatOnnxRuntimeLacks() throws IOException {
    Module net =
        new Sequential(
            new Conv2d(1, 2, Window.of(2), G),
            new AvgPool2d(2),
            new Softplus(),
            new GELU(),
            new LayerNorm(2));
    List<String> operators =
        model(net, Dtype.F64, 1, 5, 5).nodes().stream().map(OnnxNode::operator).toList();
    assertThat(operators)
        .contains("MatMul", "ReduceSum", "Log", "Exp", "Sqrt")
        .doesNotContain("Conv", "AveragePool", "Softplus", "Erf", "LayerNormalization");
  }

  static Stream<Form> windows() {
    return Stream.of(
        doubles(new AvgPool2d(Window.of(2).ceilMode(true)), "", 1, 5, 5),
        doubles(new AvgPool2d(Window.of(2, 3).stride(2).ceilMode(true)), "", 2, 5, 6),
        doubles(new Conv2d(1, 2, Window.of(3, 2).dilation(2, 3), G), "", 1, 7, 6),
        doubles(new Conv2d(2, 4, Window.of(2).stride(2, 1), 2, true, G), "", 2, 5, 4));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void gatheredWindowsGiveTheLayersNumbers(Form form) throws IOException {
    int[] batch = Stream.of(new int[] {3}, form.sample).flatMapToInt(Arrays::stream).toArray();
    Tensor x = RandomTensors.normal(1, batch);
    Tensor expected = form.layer.infer(x);
    Tensor y = Onnx.load(saved(form.layer, form.dtype, form.sample)).infer(x);
    assertThat(y.shape()).containsExactly(expected.shape());
    for (int i = 0; i < y.size(); i++) {
      assertThat(Math.abs(y.data()[i] - expected.data()[i])).isLessThan(1e-12);
    }
  }

  @Test
  void nodesAndTensorsHaveThePathsOfTheirModules() throws IOException {
    OnnxModel one = model(new Linear(2, 2, G), Dtype.F64, 2);
    assertThat(one.initializers()).containsOnlyKeys("weight", "bias");
    assertThat(one.nodes()).extracting(OnnxNode::name).containsExactly("gemm_0", "output");
    Module nested = new Sequential(new Tanh(), new Sequential(new Linear(2, 2, G), new Tanh()));
    OnnxModel two = model(nested, Dtype.F64, 2);
    assertThat(two.initializers()).containsOnlyKeys("1.0.weight", "1.0.bias");
    assertThat(two.nodes())
        .extracting(OnnxNode::name)
        .containsExactly("0.tanh_0", "1.0.gemm_1", "1.1.tanh_2", "output");
  }

  @Test
  void aVarianceOfZeroStaysOneWhateverAFloatMakesOfEpsilon() throws IOException {
    for (double eps : new double[] {0.1, 0.7, 1e-5, 0.25}) {
      BatchNorm1d norm = new BatchNorm1d(1, eps, 0.1);
      norm.namedBuffers().get("running_var").data()[0] = 0;
      for (Dtype dtype : new Dtype[] {Dtype.F32, Dtype.F64}) {
        OnnxModel model = model(norm, dtype, 1);
        double variance =
            model.initializers().get("running_var").toTensor(model.allowance()).data()[0];
        double written = (double) model.nodes().get(0).attributes().get("epsilon").value();
        assertThat(variance).isBetween(0.0, dtype == Dtype.F32 ? 0.0 : 1e-7);
        assertThat(written + variance).isEqualTo(dtype == Dtype.F32 ? (float) eps : eps);
      }
    }
  }

  @Test
  void whatIsNotWrittenIsRefusedWithItsPlace() {
    String why = " cannot be written as ONNX";
    Module causal = new CausalConv1d(2, 2, 3);
    refused(causal, "CausalConv1d(2 → 2, kernel 3)" + why);
    refused(new Sequential(new Tanh(), causal), "CausalConv1d(2 → 2, kernel 3) at 1" + why);
    String batch = "joins along the batch, which a file cannot say";
    refused(Concat.along(0, new Tanh(), new ReLU()), batch);
    refused(Concat.along(-3, new Tanh(), new ReLU()), batch);
  }

  private static void refused(Module module, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saved(module, Dtype.F64, 4, 2))
        .withMessageContaining(why);
  }

  private static OnnxModel model(Module module, Dtype dtype, int... sample) throws IOException {
    return OnnxModel.read(MemoryChannel.of(saved(module, dtype, sample)));
  }

  private static byte[] saved(Module module, Dtype dtype, int... sample) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx.save(out, module.eval(), dtype, sample);
    return out.toByteArray();
  }
}
