package doppio.model;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.ChildJvm;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.Layer;
import doppio.nn.Linear;
import doppio.nn.MaxPool2d;
import doppio.nn.Module;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.Sequential;
import doppio.nn.Tanh;
import doppio.nn.Window;
import doppio.own.Product;
import doppio.own.Skip;
import doppio.own.Square;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final Registry SQUARE = Registry.of("Square", Square.class, parts -> new Square());

  @TempDir private Path folder;
  private final Generator generator = new Generator(1);

  @Test
  void theArchitectureStandsAsJsonInTheMetadata() throws IOException {
    Linear first = new Linear(2, 2, generator);
    first.weight().frozen(true);
    Module model =
        new Sequential(first, new Dropout(0.5, generator), new Square(), new Tanh().eval());
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, SQUARE);
    assertThat(SafeTensors.read(file).metadata())
        .containsExactly(
            Map.entry(
                "doppio.model",
                "{\"version\":1,\"model\":{\"type\":\"Sequential\",\"children\":{"
                    + "\"0\":{\"type\":\"Linear\",\"settings\":{\"inFeatures\":2,\"outFeatures\":2,"
                    + "\"bias\":true},\"parameters\":{\"weight\":\"0.weight\",\"bias\":\"0.bias\"}},"
                    + "\"1\":{\"type\":\"Dropout\",\"settings\":{\"p\":0.5},"
                    + "\"generators\":{\"generator\":{\"stream\":1}}},"
                    + "\"2\":{\"own\":\"Square\"},"
                    + "\"3\":{\"type\":\"Tanh\",\"training\":false}}},"
                    + "\"frozen\":[\"0.weight\"]}"));
    assertThat(SafeTensors.load(file)).containsOnlyKeys("0.weight", "0.bias");
  }

  @Test
  void buffersStandInTheMetadataAndAFrozenTensorOfTwoNamesOnce() {
    Linear first = new Linear(2, 2, generator);
    first.weight().frozen(true);
    Module model = new Sequential(first, new Linear(first.weight(), null), new BatchNorm1d(2));
    assertThat(ModelFile.metadata(model, Registry.none()).get("doppio.model"))
        .contains("\"buffers\":{\"running_mean\":\"2.running_mean\"")
        .endsWith(",\"frozen\":[\"0.weight\"]}");
  }

  @Test
  void aFreshJvmComputesTheSameBits() throws IOException {
    assertSameInAFreshJvm(
        new Sequential(
            new Linear(3, 8, generator),
            new Residual(new Sequential(new Linear(8, 8, generator), new ReLU())),
            new Dropout(0.2, generator),
            new Linear(8, 2, generator)),
        3);
    assertSameInAFreshJvm(
        new Sequential(
            new Linear(64, 16, generator),
            new BatchNorm1d(16),
            new ReLU(),
            new Dropout(0.5, generator),
            new Linear(16, 10, generator)),
        64);
    Window three = Window.of(3).padding(1);
    assertSameInAFreshJvm(
        new Sequential(
            new Conv2d(1, 4, three, generator),
            new BatchNorm2d(4),
            new Residual(new Sequential(new Conv2d(4, 4, three, generator), new GELU())),
            new MaxPool2d(2),
            new Flatten(),
            new Linear(36, 3, generator)),
        1,
        6,
        6);
  }

  private void assertSameInAFreshJvm(Module model, int... sample) throws IOException {
    model.forward(InferProgram.input(sample));
    model.eval();
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model);
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    Arrays.stream(sample).mapToObj(Integer::toString).forEach(arguments::add);
    ChildJvm.Result result =
        ChildJvm.run(InferProgram.class, List.of(), arguments.toArray(new String[0]));
    assertThat(result.exit()).as("%s", result).isZero();
    double[] expected = model.infer(InferProgram.input(sample)).data();
    assertThat(result.output())
        .containsExactlyElementsOf(Arrays.stream(expected).mapToObj(Double::toHexString).toList());
  }

  @Test
  void settingsOfEveryTypeComeBack() throws IOException {
    Registry own = Registry.of("Settings", Settings.class, Settings::new);
    for (double number :
        new double[] {
          0.1,
          -0.0,
          3,
          1e300,
          Double.MIN_VALUE,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY
        }) {
      Settings original =
          new Settings(
              Integer.MIN_VALUE,
              number,
              true,
              "quote \" backslash \\ line \n control \u0001 größe 😀",
              new int[] {1, -2},
              new double[] {number, 2});
      Module loaded = ModelFile.load(saved(original, own), own);
      assertThat(loaded.describe().settings()).isEqualTo(original.describe().settings());
    }
    Settings empty = new Settings(0, 1, false, "", new int[0], new double[0]);
    assertThat(ModelFile.load(saved(empty, own), own).describe().settings())
        .isEqualTo(empty.describe().settings());
  }

  @Test
  void whatIsSharedStaysShared() throws IOException {
    Linear first = new Linear(3, 3, generator);
    Sequential inner = new Sequential(first, new Linear(first.weight(), null));
    Registry own =
        Registry.of(
            "Product",
            Product.class,
            parts -> new Product(parts.child("left"), parts.child("right")));
    Module model = new Product(inner, inner);
    byte[] file = saved(model, own);
    Module loaded = ModelFile.load(file, own);
    assertThat(loaded.parameters()).hasSize(2);
    assertThat(loaded.get("left")).isSameAs(loaded.get("right"));
    assertThat(loaded.stateDict().get("left.1.weight"))
        .isSameAs(loaded.stateDict().get("left.0.weight"));
    assertThat(SafeTensors.load(file).keySet()).isEqualTo(model.stateDict().keySet());
  }

  @Test
  void generatorsAreSharedAsTheyWere() throws IOException {
    Generator single = new Generator(5).singlePrecision();
    Module model =
        new Sequential(
            new Dropout(0.5),
            new Dropout(0.5, generator),
            new Dropout(0.5, single),
            new Dropout(0.5, generator));
    Module loaded = ModelFile.load(saved(model, Registry.none()));
    Map<String, Generator> generators = loaded.namedGenerators();
    assertThat(generators.keySet()).isEqualTo(model.namedGenerators().keySet()).hasSize(3);
    assertThat(generators.get("0.generator")).isSameAs(Generator.defaultGenerator());
    assertThat(generators.get("1.generator").state()).isEqualTo(new Generator(1).state());
    assertThat(generators.get("1.generator").isSinglePrecision()).isFalse();
    assertThat(generators.get("2.generator").state()).isEqualTo(new Generator(2).state());
    assertThat(generators.get("2.generator").isSinglePrecision()).isTrue();
  }

  @Test
  void everyWayInAndOutGivesTheSame() throws IOException {
    Module model = new Sequential(new Linear(2, 3, generator), new Square());
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, SQUARE);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(saved(model, SQUARE)).isEqualTo(bytes);
    Tensor x = RandomTensors.normal(2, 4, 2);
    Tensor expected = model.infer(x);
    ByteArrayInputStream in =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    assertSame(ModelFile.load(file, SQUARE).infer(x), expected);
    assertSame(ModelFile.load(in, SQUARE).infer(x), expected);
    assertSame(ModelFile.load(bytes, SQUARE).infer(x), expected);
    assertSame(ModelFile.load(SafeTensors.read(bytes), SQUARE).infer(x), expected);
    Module plain = new Linear(2, 3, generator);
    ModelFile.save(file, plain);
    assertThat(ModelFile.load(file)).hasToString(plain.toString());
    assertThat(ModelFile.load(Files.readAllBytes(file))).hasToString(plain.toString());
    assertThat(ModelFile.load(Files.newInputStream(file))).hasToString(plain.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.save(out, plain);
    assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void aFileInSinglePrecisionIsAModelFileToo() throws IOException {
    Module model = new Linear(2, 3, generator);
    Path file = folder.resolve("single.safetensors");
    SafeTensors.save(
        file, model.stateDict(), Dtype.F32, ModelFile.metadata(model, Registry.none()));
    Module loaded = ModelFile.load(file);
    assertThat(loaded.stateDict().get("bias").data()[0])
        .isEqualTo((float) model.stateDict().get("bias").data()[0]);
  }

  @Test
  void aModuleThatIsNotRegisteredIsNamedAndNothingIsWritten() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(file, "before");
    Module model = new Sequential(new Tanh(), new Sequential(new Square()));
    assertThatThrownBy(() -> ModelFile.save(file, model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "module 1.0 is of the class doppio.own.Square, which has no name in files: add"
                + " Registry.of(\"Square\", Square.class, the function of its description)");
    assertThat(file).hasContent("before");
    byte[] bytes = saved(model, SQUARE);
    Files.write(file, bytes);
    assertThatThrownBy(() -> ModelFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": module 1.0: \"Square\" is not among the names of Registry[]: give the loader"
                + " Registry.of(\"Square\", its class, the function of its description)");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> ModelFile.save(out, model))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.size()).isZero();
  }

  @Test
  void aModuleWithoutDescriptionIsNamed() {
    Module model = new Sequential(new Tanh(), new Nameless());
    Registry own = Registry.of("Nameless", Nameless.class, parts -> new Nameless());
    assertThatThrownBy(() -> ModelFile.metadata(model, own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("module 1: Nameless does not say how it is made again; add: ");
  }

  @Test
  void aRegisteredFunctionThatMakesAnotherModuleIsRefusedAtSaving() {
    Module model = new Sequential(new Skip(new Tanh()));
    Registry wrong = Registry.of("Skip", Skip.class, parts -> new Skip(new Tanh()));
    assertThatThrownBy(() -> ModelFile.metadata(model, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("module 0: Skip cannot be made of its parts: ")
        .hasMessageEndingWith(
            "the registered function of Skip makes one whose child body is not"
                + " parts.child(\"body\")");
  }

  @Test
  void aLibrarysNameIsFreeForAnOwnModule() throws IOException {
    Registry own = Registry.of("Linear", Square.class, parts -> new Square());
    Module model = new Sequential(new Linear(1, 1, generator), new Square());
    assertThat(ModelFile.load(saved(model, own), own)).hasToString(model.toString());
  }

  @Test
  void registriesTravelAndRefuseANameTwice() throws Exception {
    Registry both = SQUARE.and("Skip", Skip.class, parts -> new Skip(parts.child("body")));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(both);
    }
    Registry copy;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      copy = (Registry) in.readObject();
    }
    assertThat(copy).hasToString("Registry[Square, Skip]");
    assertThat(SQUARE).hasToString("Registry[Square]");
    Module model = new Skip(new Square());
    assertThat(ModelFile.load(saved(model, both), copy)).hasToString(model.toString());
    assertThatThrownBy(() -> both.and("Square", Nameless.class, parts -> new Nameless()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Square for doppio.model.ModelFileTest$Nameless: Registry[Square, Skip] has the name or"
                + " the class already");
    assertThatThrownBy(() -> both.and("Other", Square.class, parts -> new Square()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> both.and("", Nameless.class, parts -> new Nameless()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a name in files must not be empty");
  }

  @Test
  void weightsAloneAreNoModelFile() throws IOException {
    Path file = folder.resolve("weights.safetensors");
    SafeTensors.save(file, new Linear(1, 1, generator).stateDict());
    assertThatThrownBy(() -> ModelFile.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            file
                + ": expected metadata doppio.model but there is none: if it holds weights alone,"
                + " make the model and use model.loadStateDict(SafeTensors.load(file))");
    assertThatThrownBy(() -> ModelFile.load(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
    Files.writeString(file, "x");
    assertThatThrownBy(() -> ModelFile.load(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": ");
  }

  @Test
  void tooManyModulesWithinEachOtherAreRefusedAtSaving() {
    Module model = new Tanh();
    for (int i = 0; i < Architecture.MAX_DEPTH - 1; i++) {
      model = new Sequential(model);
    }
    assertThat(ModelFile.metadata(model, Registry.none())).hasSize(1);
    Module deeper = new Sequential(model);
    assertThatThrownBy(() -> ModelFile.metadata(deeper, Registry.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("stands in more than 100 modules within each other");
  }

  static byte[] saved(Module module, Registry own) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelFile.save(out, module, own);
    return out.toByteArray();
  }

  /** A layer that does not say what it is. */
  private static final class Nameless extends Layer {
    @Override
    protected void compute(Tensor x, Tensor y) {}

    @Override
    protected void inputGradient(Tensor x, Tensor y, Tensor gy, Tensor gx) {}
  }
}
