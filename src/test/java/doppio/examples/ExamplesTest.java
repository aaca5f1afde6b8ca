package doppio.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every example in a short form. Examples print to standard output, so it is put aside. */
@Tag("once")
class ExamplesTest {
  /** Stands for the folder of the test's pictures. */
  private static final String OUT = "OUT";

  /** The arguments of each example, for a run of a few seconds, and the pictures that it draws. */
  private static final Map<String, List<Run>> RUNS =
      Map.ofEntries(
          entry("BackpropByHand", run("")),
          entry("Circles", run("--out OUT", "circles")),
          entry(
              "DigitsClassifier",
              run(
                  "--epochs 1 --seeds 2 --progress silent --out OUT",
                  "digits-learning-curve",
                  "digits-samples",
                  "digits-row"),
              run("--loss hinge --epochs 2 --seeds 2 --out OUT", "digits-hinge-samples")),
          entry("FromPyTorch", run("")),
          entry("GradientChecking", run("")),
          entry("ImageBlocks", run("--out OUT", "image-blocks")),
          entry("MnistBest", run("--epochs 1 --samples 200")),
          entry("MnistConv", run("--epochs 1 --samples 200 --seeds 2 --out OUT", "mnist-conv")),
          entry("MnistOnline", run("--epochs 1 --samples 100 --out OUT", "mnist-online")),
          entry(
              "ServeConcurrently",
              run("--threads 4 --requests 500 --out OUT", "serve-concurrently")),
          entry("ServeTable", run("--threads 4 --rows 500 --epochs 2")),
          entry("Sensor", run("--channels 60 --steps 40 --epochs 1 --out OUT", "sensor")),
          entry("Sunspots", run("--epochs 2 --seeds 1 --out OUT", "sunspots")),
          entry("Words", run("--epochs 1 --words 20")),
          entry("Titanic", run("--epochs 2")),
          entry("SgdVersusMomentum", run("--steps 20 --out OUT", "sgd-versus-momentum")),
          entry("ToEverywhere", run("--epochs 1 --out OUT")),
          entry(
              "VanishingGradients",
              run("--epochs 1 --samples 128 --out OUT", "vanishing-gradients")),
          entry("Xor", run("")));

  @TempDir Path folder;

  private record Run(String arguments, List<String> pictures) {}

  private static Run run(String arguments, String... pictures) {
    return new Run(arguments, List.of(pictures));
  }

  private static Map.Entry<String, List<Run>> entry(String example, Run... runs) {
    return Map.entry(example, List.of(runs));
  }

  static List<String> examples() throws IOException, URISyntaxException {
    Path classes =
        Path.of(Options.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve("doppio/examples"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .filter(name -> hasMain(name) && !name.equals("Launcher"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static boolean hasMain(String name) {
    return Arrays.stream(load(name).getDeclaredMethods())
        .anyMatch(m -> m.getName().equals("main") && Modifier.isStatic(m.getModifiers()));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName("doppio.examples." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyExampleHasARowAndEveryRowAnExample() throws IOException, URISyntaxException {
    assertThat(new TreeSet<>(examples())).isEqualTo(new TreeSet<>(RUNS.keySet()));
  }

  @Test
  void theLauncherKnowsEveryExample() throws IOException, URISyntaxException {
    assertThat(Launcher.EXAMPLES).containsExactlyInAnyOrderElementsOf(examples());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void runsInItsShortForm(String example) throws Exception {
    for (Run run : RUNS.getOrDefault(example, List.of())) {
      String[] arguments =
          Arrays.stream(run.arguments().split(" "))
              .filter(word -> !word.isEmpty())
              .map(word -> word.equals(OUT) ? folder.toString() : word)
              .toArray(String[]::new);

      assertThat(output(example, arguments)).isNotBlank();

      for (String picture : run.pictures()) {
        Drawn.check(folder, picture);
      }
    }
  }

  @Test
  void aPictureOfNothingIsSeenToBeEmpty() throws IOException {
    Picture.save(folder.resolve("empty.png"), 400, 300, graphics -> {});
    assertThatThrownBy(() -> Drawn.check(folder, "empty"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("per cent that are drawn on");
  }

  @Test
  void everyFormatGivesTheOutputsOfTheNetworkThatLeft() throws Exception {
    assertThat(output("ToEverywhere", "--epochs", "1", "--out", folder.toString()))
        .containsPattern("ModelFile .*: the same")
        .containsPattern("SafeTensors .*: the same")
        .containsPattern("Onnx .*: the same")
        .containsPattern("JavaSource .*: the same");
  }

  @Test
  void everyBlockOfImagesAgreesWithTheCalculationByHand() throws Exception {
    for (String digit : List.of("0", "1", "1796")) {
      assertThat(output("ImageBlocks", "--digit", digit, "--out", folder.toString()))
          .contains("208 numbers compared", ": all agree.");
    }
  }

  private static String output(String example, String... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      List<String> line = new ArrayList<>(List.of(arguments));
      line.add(0, example);
      assertThat(Launcher.run(line.toArray(String[]::new))).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
