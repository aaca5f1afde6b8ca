package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Generator;
import doppio.Tensor;
import doppio.io.Dtype;
import doppio.model.Onnx;
import doppio.own.Centre;
import doppio.own.Product;
import doppio.own.Skip;
import doppio.own.Square;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer of the library has its row in the table of what is written as ONNX. */
class OnnxLawsTest {
  private static final Set<Class<?>> OWN =
      Set.of(
          Square.class, Scale.class, Centre.class, Skip.class, Product.class, ResidualBlock.class);

  /** Layers of the library that are refused. */
  private static final Set<Class<?>> UNWRITTEN = Set.of(CausalConv1d.class);

  static Stream<ModuleCase> ofTheLibrary() {
    return ModuleCases.all().filter(c -> !hasOwn(c.create(1)) && c.keeps(ModuleCase.Law.ONNX));
  }

  static Stream<ModuleCase> withoutForm() {
    return ModuleCases.all().filter(c -> !c.keeps(ModuleCase.Law.ONNX));
  }

  static Stream<ModuleCase> withOwn() {
    return ModuleCases.all().filter(c -> hasOwn(c.create(1)));
  }

  private static boolean hasOwn(Module module) {
    return module.namedModules().values().stream().anyMatch(OnnxLawsTest::isRefused);
  }

  private static boolean isRefused(Module module) {
    return OWN.contains(module.getClass()) || UNWRITTEN.contains(module.getClass());
  }

  @ParameterizedTest
  @MethodSource("ofTheLibrary")
  void comesBackComputingTheSame(ModuleCase c) throws IOException {
    for (Dtype dtype : new Dtype[] {Dtype.F64, Dtype.F32}) {
      Module module = c.create(1).eval();
      Module back = Onnx.load(saved(module, dtype, c));
      for (int n : new int[] {0, 1, 4}) {
        assertClose(module.infer(c.batch(2, n)), back.infer(c.batch(2, n)), tolerance(dtype));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofTheLibrary")
  void goesBackToTheInputAsTheOriginalDoes(ModuleCase c) throws IOException {
    Module module = c.create(1).eval();
    Module back = Onnx.load(saved(module, Dtype.F64, c));
    Tensor x = c.batch(3, 4);
    Tensor y = module.forward(x);
    Tensor gy = doppio.RandomTensors.normal(4, y.shape());
    Tensor gx = module.backward(gy);
    assertClose(y, back.forward(x), 1e-12);
    assertClose(gx, back.backward(gy), 1e-11);
    assertThat(count(back)).isEqualTo(count(module));
  }

  /** Activations that are written as several operators for doubles come back as layers, too. */
  @Test
  void aChainOfDenseLayersComesBackAsItWas() throws IOException {
    Generator g = new Generator(1);
    Module net =
        new Sequential(
                new Linear(4, 5, g),
                new LeakyReLU(0.1),
                new Linear(5, 5, g),
                new ELU(0.7),
                new Linear(5, 5, g),
                new Softplus(),
                new BatchNorm1d(5, 0.125, 0.25),
                new SiLU(),
                new LayerNorm(5),
                new GELU(),
                new Linear(5, 5, g),
                GELU.tanh(),
                new Dropout(0.3, g),
                new Linear(5, 2, g),
                new LogSoftmax())
            .eval();
    for (Dtype dtype : new Dtype[] {Dtype.F64, Dtype.F32}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Onnx.save(out, net, dtype, 4);
      assertThat(Onnx.load(out.toByteArray())).hasToString(net.toString());
    }
  }

  /** Convolutions are products of gathered windows in files of doubles. */
  @Test
  void aChainOfConvolutionsComesBackAsItWas() throws IOException {
    Generator g = new Generator(2);
    Window uneven = Window.of(3, 2).stride(2, 1).padding(1, 0).dilation(1, 2);
    Module images =
        new Sequential(
                new Conv2d(2, 4, uneven, g),
                new ReLU(),
                new MaxPool2d(2),
                new Conv2d(4, 6, Window.of(2).padding(1), 2, false, g),
                new BatchNorm2d(6),
                new GlobalAvgPool2d(),
                new Linear(6, 3, g))
            .eval();
    Module sequences =
        new Sequential(
                new Conv1d(2, 4, Window.of(3).padding(2).dilation(2), g),
                new Tanh(),
                new Conv1d(4, 4, Window.of(3).stride(2), 4, true, g),
                new Flatten())
            .eval();
    for (Dtype dtype : new Dtype[] {Dtype.F64, Dtype.F32}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Onnx.save(out, images, dtype, 2, 9, 8);
      assertThat(Onnx.load(out.toByteArray())).hasToString(images.toString());
      out.reset();
      Onnx.save(out, sequences, dtype, 2, 11);
      assertThat(Onnx.load(out.toByteArray())).hasToString(sequences.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("withOwn")
  void aModuleOfOnesOwnIsRefusedByName(ModuleCase c) {
    Module module = c.create(1);
    Module first =
        module.namedModules().values().stream()
            .filter(OnnxLawsTest::isRefused)
            .findFirst()
            .orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saved(module, Dtype.F64, c))
        .withMessageContaining(first.title());
  }

  @ParameterizedTest
  @MethodSource("withoutForm")
  void aLayerThatOnnxDoesNotCarryIsRefusedByName(ModuleCase c) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saved(c.create(1), Dtype.F64, c))
        .withMessageMatching(
            "(?s)(SelfAttention|TransformerEncoderLayer|PositionalEncoding)\\(.*\\)( at \\d)? cannot be"
                + " written as ONNX: .*");
  }

  private static int count(Module module) {
    return module.parameters().stream().mapToInt(p -> p.value().size()).sum();
  }

  private static double tolerance(Dtype dtype) {
    return dtype == Dtype.F64 ? 1e-12 : 1e-5;
  }

  static byte[] saved(Module module, Dtype dtype, ModuleCase c) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Onnx.save(out, module, dtype, c.single(1).shape());
    return out.toByteArray();
  }

  static void assertClose(Tensor expected, Tensor given, double tolerance) {
    assertThat(given.shape()).containsExactly(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      double e = expected.data()[i];
      assertThat(Math.abs(e - given.data()[i]))
          .as("element %s of %s and %s", i, expected, given)
          .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(e)));
    }
  }
}
