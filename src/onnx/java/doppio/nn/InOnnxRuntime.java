package doppio.nn;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import doppio.Generator;
import doppio.Tensor;
import doppio.io.Dtype;
import doppio.model.Onnx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written as ONNX gives the same numbers in ONNX Runtime: mvn -Ponnx test. */
class InOnnxRuntime {
  private static final OrtEnvironment RUNTIME = OrtEnvironment.getEnvironment();

  static Stream<ModuleCase> all() {
    return Stream.concat(
        OnnxLawsTest.ofTheLibrary().filter(c -> c.create(1).infer(c.batch(1, 1)) != null),
        networks());
  }

  private static Stream<ModuleCase> networks() {
    return Stream.of(
        new ModuleCase("digits", InOnnxRuntime::digits, 64),
        new ModuleCase("convolutional", InOnnxRuntime::convolutional, 1, 8, 8),
        new ModuleCase("residual", InOnnxRuntime::residual, 1, 8, 8));
  }

  private static Module digits(Generator g) {
    return trained(
        new Sequential(
            new Linear(64, 32, g),
            new BatchNorm1d(32),
            new ReLU(),
            new Dropout(0.2, g),
            new Linear(32, 10, g),
            new Softmax()),
        64);
  }

  private static Module convolutional(Generator g) {
    return trained(
        new Sequential(
            new Conv2d(1, 6, Window.of(3).padding(1), g),
            new BatchNorm2d(6),
            new ReLU(),
            new MaxPool2d(2),
            new Conv2d(6, 8, Window.of(3).padding(1), g),
            new GELU(),
            new AvgPool2d(2),
            new Flatten(),
            new Linear(32, 10, g)),
        1,
        8,
        8);
  }

  private static Module residual(Generator g) {
    Window same = Window.of(3).padding(1);
    return trained(
        new Sequential(
            new Conv2d(1, 4, same, g),
            new Residual(
                new Sequential(
                    new Conv2d(4, 4, same, g),
                    new BatchNorm2d(4),
                    new SiLU(),
                    new Conv2d(4, 4, same, g))),
            new GlobalAvgPool2d(),
            new Linear(4, 10, g)),
        1,
        8,
        8);
  }

  /** With running values of a few batches. */
  private static Module trained(Module module, int... sample) {
    ModuleCase c = new ModuleCase("", g -> module, sample);
    for (int step = 0; step < 5; step++) {
      module.forward(c.batch(step, 16));
    }
    return module;
  }

  /** ONNX Runtime has recurrent operators for floats alone. */
  static Stream<ModuleCase> ofDoubles() {
    return all()
        .filter(
            c ->
                c.create(1).namedModules().values().stream()
                    .noneMatch(m -> m instanceof RNN || m instanceof GRU || m instanceof LSTM));
  }

  @ParameterizedTest
  @MethodSource("ofDoubles")
  void doublesAgree(ModuleCase c) throws IOException, OrtException {
    agrees(c, Dtype.F64, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("all")
  void floatsAgree(ModuleCase c) throws IOException, OrtException {
    agrees(c, Dtype.F32, 1e-5);
  }

  private static void agrees(ModuleCase c, Dtype dtype, double tolerance)
      throws IOException, OrtException {
    Module module = c.create(1).eval();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Onnx.save(file, module, dtype, c.single(1).shape());
    keep(c, dtype, file.toByteArray());
    try (OrtSession session = RUNTIME.createSession(file.toByteArray())) {
      for (int n : new int[] {1, 4}) {
        Tensor x = c.batch(2, n);
        OnnxLawsTest.assertClose(module.infer(x), run(session, x, dtype), tolerance);
      }
    }
  }

  private static Tensor run(OrtSession session, Tensor x, Dtype dtype) throws OrtException {
    long[] shape = Arrays.stream(x.shape()).asLongStream().toArray();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(x.size() * Double.BYTES).order(ByteOrder.nativeOrder());
    boolean isDouble = dtype == Dtype.F64;
    for (double value : x.data()) {
      if (isDouble) {
        bytes.putDouble(value);
      } else {
        bytes.putFloat((float) value);
      }
    }
    bytes.flip();
    try (OnnxTensor input =
            isDouble
                ? OnnxTensor.createTensor(RUNTIME, bytes.asDoubleBuffer(), shape)
                : OnnxTensor.createTensor(RUNTIME, bytes.asFloatBuffer(), shape);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      int[] sizes = Arrays.stream(output.getInfo().getShape()).mapToInt(n -> (int) n).toArray();
      Tensor y = Tensor.zeros(sizes);
      for (int i = 0; i < y.size(); i++) {
        y.data()[i] = isDouble ? output.getDoubleBuffer().get(i) : output.getFloatBuffer().get(i);
      }
      return y;
    }
  }

  /** Leaves the files for the checker of Python's onnx, see src/onnx/check.py. */
  private static void keep(ModuleCase c, Dtype dtype, byte[] file) throws IOException {
    Path folder = Files.createDirectories(Path.of("target/onnx"));
    Files.write(folder.resolve(c.toString().replaceAll("\\W+", "-") + "-" + dtype + ".onnx"), file);
  }
}
