package doppio.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.internal.ChildJvm;
import doppio.internal.Jvm;
import doppio.internal.source.Compiled;
import doppio.nn.AvgPool2d;
import doppio.nn.BatchNorm1d;
import doppio.nn.BatchNorm2d;
import doppio.nn.CausalConv1d;
import doppio.nn.Concat;
import doppio.nn.Conv1d;
import doppio.nn.Conv2d;
import doppio.nn.Dropout;
import doppio.nn.ELU;
import doppio.nn.Flatten;
import doppio.nn.GELU;
import doppio.nn.GRU;
import doppio.nn.GlobalAvgPool2d;
import doppio.nn.LSTM;
import doppio.nn.LastStep;
import doppio.nn.LayerNorm;
import doppio.nn.Linear;
import doppio.nn.LogSoftmax;
import doppio.nn.MaxPool2d;
import doppio.nn.MeanOverSteps;
import doppio.nn.Module;
import doppio.nn.PositionalEncoding;
import doppio.nn.RNN;
import doppio.nn.ReLU;
import doppio.nn.Residual;
import doppio.nn.SelfAttention;
import doppio.nn.Sequential;
import doppio.nn.SiLU;
import doppio.nn.Sigmoid;
import doppio.nn.Softmax;
import doppio.nn.Softplus;
import doppio.nn.Tanh;
import doppio.nn.TransformerEncoderLayer;
import doppio.nn.Window;
import doppio.own.Skip;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
class JavaSourceTest {
  private final Generator generator = new Generator(3);

  @TempDir private Path folder;

  @Test
  void aNetworkForDigitsGivesItsBitsInAJvmWithoutTheLibrary() throws IOException {
    Module net = trained(digits(), 64);
    Tensor x = RandomTensors.normal(5, 64);
    JavaSource.write(folder, "com.acme.Digits", net, 64);
    Path main = folder.resolve("Main.java");
    Files.writeString(
        main,
        """
        final class Main {
          private Main() {}

          public static void main(String[] arguments) {
            double[] x = {%s};
            for (double y : com.acme.Digits.infer(x)) {
              System.out.println(Double.toHexString(y));
            }
          }
        }
        """
            .formatted(numbers(x)));
    Compiled.of(folder, List.of(folder.resolve("com/acme/Digits.java"), main)).close();
    ChildJvm.Result child = ChildJvm.runIn(folder, folder.toString(), "Main");
    assertThat(child.errors()).isEmpty();
    assertThat(child.output())
        .isEqualTo(Arrays.stream(net.infer(x).data()).mapToObj(Double::toHexString).toList());
  }

  @Test
  void aSourceAddsAsTheLibraryDoesWhereThereIsNoFusedMultiplyAdd() {
    assumeTrue("true".equals(Jvm.option("UseFMA")), "a JVM that can leave it out");
    ChildJvm.Result child =
        ChildJvm.run(SourceProgram.class, List.of("-XX:-UseFMA"), folder.toString());
    assertThat(child.output()).as("%s", child).containsExactly("false, as the JVM says, same bits");
  }

  /** Densely, because a digit of a coefficient shows in few results. */
  @Test
  void everyActivationGivesItsBitsEverywhere() throws IOException {
    List<Module> activations =
        List.of(
            new Sigmoid(),
            new Tanh(),
            new GELU(),
            GELU.tanh(),
            new SiLU(),
            new ELU(1.3),
            new Softplus(),
            new Residual(new Softmax()),
            new LogSoftmax());
    int points = 20_000;
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < activations.size(); i++) {
      files.add(JavaSource.write(folder, "Net" + i, activations.get(i), points));
    }
    double[] x = new double[points];
    for (int i = 0; i < points; i++) {
      double magnitude = Math.exp((i % 1000) / 40.0 - 18.4);
      x[i] = (i % 2 == 0 ? magnitude : -magnitude) * (1 + i * 1e-5);
    }
    try (Compiled compiled = Compiled.of(folder, files)) {
      for (int i = 0; i < activations.size(); i++) {
        assertThat(compiled.infer("Net" + i, x))
            .as("%s", activations.get(i))
            .containsExactly(activations.get(i).infer(Tensor.of(x)).data());
      }
    }
  }

  @Test
  void aConvolutionalNetworkGivesItsBits() throws IOException {
    Module net =
        new Sequential(
            new Conv2d(1, 5, Window.of(3).padding(1), generator),
            new BatchNorm2d(5),
            new ReLU(),
            new MaxPool2d(2),
            new Conv2d(5, 4, Window.of(3).stride(2).padding(1), generator),
            new SiLU(),
            new AvgPool2d(2),
            new Dropout(0.3, generator),
            new Flatten(),
            new Linear(4, 3, generator),
            new LogSoftmax());
    assertSameBits(trained(net, 1, 8, 8), 1, 1, 8, 8);
  }

  @Test
  void aNetworkWithResidualBlocksGivesItsBits() throws IOException {
    Module block =
        new Sequential(
            new Conv2d(3, 6, Window.of(3).padding(1).stride(2), generator),
            new BatchNorm2d(6),
            new GELU(),
            new Conv2d(6, 6, Window.of(3).padding(1), 2, false, generator));
    Module net =
        new Sequential(
            new Residual(block, new Conv2d(3, 6, Window.of(1).stride(2), generator)),
            Concat.along(-3, new Sequential(), new Residual(new Tanh()), new AvgPool2d(1)),
            new GlobalAvgPool2d(),
            new LayerNorm(18),
            new Residual(new Linear(18, 18, generator)),
            new Softmax());
    assertSameBits(trained(net, 3, 7, 9), 3, 7, 9);
  }

  @Test
  void whatIsJoinedAlongEachDimensionGivesItsBits() throws IOException {
    assertSameBits(new Concat(new Sequential(), new Tanh()), 2, 3, 2, 2);
    for (int dimension : new int[] {0, 1, 2, -3, -2}) {
      assertSameBits(Concat.along(dimension, new Sequential(), new Tanh()), 2, 3, 2);
    }
  }

  @Test
  void aNetworkForSequencesGivesItsBits() throws IOException {
    Module net =
        new Sequential(
            new Conv1d(2, 9, Window.of(3).dilation(2), generator),
            new BatchNorm1d(9),
            new Sigmoid(),
            new Flatten(),
            new Linear(54, 2, generator));
    assertSameBits(trained(net, 2, 10), 1, 2, 10);
  }

  /** More steps than a chain of a sum has terms. */
  @Test
  void aNetworkForLongSequencesGivesItsBits() throws IOException {
    Module net =
        new Sequential(
            new Linear(3, 4, generator),
            new PositionalEncoding(4),
            new TransformerEncoderLayer(4, 2, 5, 0.1, new GELU(), true, false, generator),
            new SelfAttention(4, 2, true, generator),
            new CausalConv1d(4, 6, 3, 100, generator),
            new GRU(6, 5, 2, true, generator),
            new LSTM(10, 3, generator),
            new MeanOverSteps());
    assertSameBits(net.eval(), 300, 3);
    assertSameBits(new Sequential(net.children().get("0"), new RNN(4, 2), new LastStep()), 1, 3);
  }

  @Test
  void whereInferTakesBatchesAloneTheirDimensionMayBeLeftOut() throws IOException {
    Module net = new Sequential(new Flatten(), new Linear(6, 2, generator));
    Path with = JavaSource.write(folder, "Net", net, 1, 2, 3);
    String source = Files.readString(with);
    Path without = JavaSource.write(folder, "Net", net, 2, 3);
    assertThat(without).isEqualTo(with).hasContent(source);
  }

  /** A text ends behind 6,003 numbers, a line of it behind 9. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 9, 10, 6002, 6003, 6004, 12006, 20000})
  void numbersThatFillSeveralTextsComeBackToTheBit(int size) throws IOException {
    Linear net = new Linear(size, 1, generator);
    double[] weight = net.weight().value().data();
    weight[size - 1] = -0.0;
    weight[size / 2] = Double.MIN_VALUE;
    weight[size / 3] = 1e300;
    JavaSource.write(folder, "Net", net, size);
    assertThat(Files.readAllLines(folder.resolve("Net.java")))
        .allMatch(line -> line.length() < 120)
        .noneMatch(line -> line.contains("\"\""));
    int texts = (size + 6002) / 6003;
    assertThat(Files.readString(folder.resolve("Net.java")).split(",\n +\""))
        .as("before, and one for each text, the bias's among them")
        .hasSize(1 + texts + 1);
    try (Compiled compiled = Compiled.of(folder, List.of(folder.resolve("Net.java")))) {
      for (int i : new int[] {0, size / 3, size / 2, size - 1}) {
        double[] x = new double[size];
        x[i] = 1;
        assertThat(compiled.infer("Net", x)).containsExactly(net.infer(Tensor.of(x)).data());
      }
      double[] x = RandomTensors.normal(2, size).data();
      assertThat(compiled.infer("Net", x)).containsExactly(net.infer(Tensor.of(x)).data());
    }
  }

  @Test
  void aSharedParameterIsWrittenOnce() throws IOException {
    Linear first = new Linear(40, 40, generator);
    Linear second = new Linear(first.weight(), first.bias());
    Path one = JavaSource.write(folder, "One", new Sequential(first), 40);
    Path two = JavaSource.write(folder, "Two", new Sequential(first, new Tanh(), second), 40);
    assertThat(occurrences(two, "numbers(\n")).isEqualTo(occurrences(one, "numbers(\n"));
    assertSameBits(new Sequential(first, new Tanh(), second), 40);
  }

  @Test
  void onlyTheFunctionsThatAreCalledAreWritten() throws IOException {
    Path file = JavaSource.write(folder, "Net", new Sequential(new Tanh(), new Flatten()), 1, 3);
    assertThat(file)
        .content()
        .contains("double tanh(double x)", "double expm1(", "double powerOfTwo(")
        .doesNotContain("double exp(", "linear(", "dot(", "numbers(", "Base64", "sigmoid");
  }

  @Test
  void theSourceOfASmallNetworkReadsAsItIsPrinted() throws IOException {
    Module net = new Sequential(new Linear(2, 1, generator), new Dropout(0.5), new ReLU());
    assertThat(JavaSource.write(folder, "com.acme.Net", net, 2))
        .isEqualTo(folder.resolve("com/acme/Net.java"))
        .content()
        .startsWith("package com.acme;\n\nimport java.nio.ByteBuffer;\n")
        .contains(
            """
             * Sequential(
             *   (0): Linear(2 to 1)
             *   (1): Dropout(0.5)
             *   (2): ReLU()
             * )
            """)
        .contains(
            """
              private static double[] network(double[] x) {
                double[] y = layer0(x);
                y = layer2(y);
                return y;
              }

              /** 0: Linear(2 to 1): [2] to [1]. */
              private static double[] layer0(double[] x) {
                return linear(x, 2, 1, Numbers0.WEIGHT, Numbers0.BIAS);
              }
            """)
        .matches("[\\x20-\\x7e\\n]*")
        .doesNotContain(" \n");
  }

  @Test
  void whatHasANameInItsModuleHasItInTheSource() throws IOException {
    Path file = JavaSource.write(folder, "Net", new Residual(new Linear(2, 2, generator)), 2);
    assertThat(file)
        .content()
        .contains("/** Residual: [2] to [2]. */", "/** body: Linear(2 to 2): [2] to [2]. */")
        .contains("layer_body(double[] x)", "Numbers_body.WEIGHT");
  }

  @Test
  void aClassMayHaveTheNameOfItsOwnConstants() throws IOException {
    Module net = new Sequential(new Linear(2, 2, generator));
    Path file = JavaSource.write(folder, "Numbers0", net, 2);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      Tensor x = RandomTensors.normal(1, 2);
      assertThat(compiled.infer("Numbers0", x.data())).containsExactly(net.infer(x).data());
    }
  }

  @Test
  void aNameMayHaveLettersBeyondAscii() throws IOException {
    Module net = new Linear(2, 2, generator);
    Path file = JavaSource.write(folder, "Gr\u00f6\u00dfe", net, 2);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      Tensor x = RandomTensors.normal(1, 2);
      assertThat(compiled.infer("Gr\u00f6\u00dfe", x.data())).containsExactly(net.infer(x).data());
    }
  }

  @Test
  void manyThreadsMayInferAtOnce() throws IOException {
    Module net = trained(digits(), 64);
    Path file = JavaSource.write(folder, "Net", net, 64);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      assertThat(IntStream.range(0, 200).parallel())
          .allSatisfy(
              seed -> {
                Tensor x = RandomTensors.normal(seed, 64);
                assertThat(compiled.infer("Net", x.data())).containsExactly(net.infer(x).data());
              });
    }
  }

  @Test
  void anInputOfAnotherLengthIsRefused() throws IOException {
    Path file = JavaSource.write(folder, "Net", new Conv2d(1, 1, 2, generator), 1, 2, 3);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> compiled.infer("Net", 1, 2, 3, 4, 5))
          .withMessage("expected 6 numbers, [1, 2, 3], but got 5");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', is no Java identifier",
    "my-net, is no Java identifier",
    "1Net, is no Java identifier",
    "com..Net, is no Java identifier",
    "com.acme., is no Java identifier",
    "a/b, is no Java identifier",
    "'Net ', is no Java identifier",
    "Ne\u00adt, is no Java identifier",
    "class, is a word of the language",
    "com.int.Net, is a word of the language",
    "com.acme.record, is a word of the language",
    "_, is a word of the language",
    "true, is a word of the language",
    "com.acme.Math, the source uses Java's own class Math",
    "String, the source uses Java's own class String",
  })
  void aNameThatIsNoneOfAClassIsRefused(String name, String why) throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, name, new Tanh(), 2))
        .withMessageStartingWith("className must be the name of a class, Net or com.acme.Net say,")
        .withMessageContaining("got \"" + name + "\"")
        .withMessageEndingWith(why);
    assertThat(files()).isEmpty();
  }

  @Test
  void aModuleOfOnesOwnIsRefusedByItsPlaceAndClass() throws IOException {
    Module net = new Sequential(new Tanh(), new Residual(new Skip(new Tanh())));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, "Net", net, 2))
        .withMessage(
            "the module 1.body is of the class doppio.own.Skip, which has no form as Java source:"
                + " build it of the library's modules, with Residual or Concat where it is no"
                + " chain, or write those before and behind it as classes of their own");
    assertThat(files()).isEmpty();
  }

  @Test
  void aShapeThatTheNetworkDoesNotTakeIsRefusedAsByInfer() throws IOException {
    Module net = new Sequential(new Tanh(), new Linear(5, 2, generator));
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> JavaSource.write(folder, "Net", net, 4))
        .withMessage("Linear(5 → 2) expects input [n, 5] but got [4] (layer 1 of Sequential)")
        .satisfies(alone -> assertThat(alone.getSuppressed()[0]).hasMessageContaining("[1, 4]"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, "Net", net, 0, 5))
        .withMessage("the shape of one sample must have sizes from 1, got [0, 5]");
    assertThat(files()).isEmpty();
  }

  @Test
  void aNetworkOfTooManyModulesIsRefused() throws IOException {
    Module[] most = IntStream.range(0, 1999).mapToObj(i -> new Tanh()).toArray(Module[]::new);
    assertSameBits(new Sequential(most), 1);
    Module more = new Sequential(new Sequential(most), new Tanh());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, "More", more, 1))
        .withMessageStartingWith("the network has 2002 modules, more than the 2000 that one class");
  }

  @Test
  void anOldFileIsReplacedAsAWholeOrStays() throws IOException {
    Path file = JavaSource.write(folder, "Net", new Tanh(), 2);
    String before = Files.readString(file);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaSource.write(folder, "Net", new Skip(new Tanh()), 2))
        .withMessageStartingWith("the module is of the class doppio.own.Skip,");
    assertThat(file).hasContent(before);
    JavaSource.write(folder, "Net", new Sigmoid(), 2);
    assertThat(file).content().contains("sigmoid").isNotEqualTo(before);
    assertThat(files()).containsExactly(file);
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Path none = folder.resolve("none");
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> JavaSource.write(none, "com.acme.Net", new Tanh(), 2))
        .withMessageContaining("no such folder: " + none);
    assertThat(none).doesNotExist();
  }

  private Module digits() {
    return new Sequential(
        new Linear(64, 24, generator),
        new BatchNorm1d(24),
        new ReLU(),
        new Dropout(0.2, generator),
        new Linear(24, 10, generator));
  }

  /** With running statistics of its own; in training mode, for infer does not care. */
  private static Module trained(Module net, int... sample) {
    int[] batch = new int[sample.length + 1];
    batch[0] = 8;
    System.arraycopy(sample, 0, batch, 1, sample.length);
    net.forward(RandomTensors.normal(1, batch));
    return net;
  }

  private void assertSameBits(Module net, int... shape) throws IOException {
    Path file = JavaSource.write(folder, "Net", net, shape);
    try (Compiled compiled = Compiled.of(folder, List.of(file))) {
      for (int seed = 0; seed < 10; seed++) {
        Tensor x = RandomTensors.normal(seed, shape);
        assertThat(compiled.infer("Net", x.data())).containsExactly(net.infer(x).data());
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private static int occurrences(Path file, String text) throws IOException {
    return Files.readString(file).split(Pattern.quote(text), -1).length;
  }

  private static String numbers(Tensor x) {
    return Arrays.stream(x.data()).mapToObj(Double::toString).reduce((a, b) -> a + ", " + b).get();
  }
}
