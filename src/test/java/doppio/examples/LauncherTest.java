package doppio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Command lines that are answered, not run. */
class LauncherTest {
  @TempDir private Path folder;

  static List<String> examples() {
    return Launcher.EXAMPLES;
  }

  private record Answer(int exit, String output, String errors) {}

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleAnswersHelpAndDoesNotRun(String example) throws Exception {
    Answer answer = answer(example, "--help");
    assertThat(answer.exit).isZero();
    assertThat(answer.errors).isEmpty();
    assertThat(answer.output).containsPattern("^[A-Z][^\n]*\\.\\R  (--|takes no arguments)");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleAnswersAnUnknownOptionWithOneLineAndExitCodeTwo(String example)
      throws Exception {
    assertRefused("unknown argument --sede; this example takes ", example, "--sede", "7");
  }

  @Test
  void helpSaysWhatEachOptionMeans() throws Exception {
    assertThat(answer("Circles", "--seed", "1", "--help").output.lines())
        .containsExactly(
            "Two circles, and the networks that can and cannot part them.",
            "  --seed  where the random numbers begin (66)",
            "  --out   the folder for pictures (target/examples)");
  }

  @Test
  void aNameThatIsNoExampleIsAnsweredWithThoseThatAre() throws Exception {
    assertRefused("no example Circle; the examples are Xor, Circles, ", "Circle");
    assertThat(answer().output).startsWith("the examples are Xor, ");
  }

  @Test
  void aWrongValueIsAnsweredWithWhatIsExpected() throws Exception {
    assertRefused("--seed needs a value", "Xor", "--seed");
    assertRefused("--seed is given twice", "Xor", "--seed", "1", "--seed", "2");
    assertRefused("--seed expects a whole number of at least 0, got -1", "Xor", "--seed", "-1");
    assertRefused("--seed expects a whole number of at least 0, got x", "Xor", "--seed", "x");
    assertRefused(
        "--loss expects cross-entropy or hinge, got mse",
        "DigitsClassifier",
        "--loss",
        "mse",
        "--out",
        folder.toString());
    assertRefused("--data expects a folder, got nowhere", "MnistBest", "--data", "nowhere");
    assertRefused("--data " + folder + ": ", "MnistBest", "--data", folder.toString());
    assertRefused("--folder expects a folder, got nowhere", "FromPyTorch", "--folder", "nowhere");
  }

  @Test
  void aFolderThatCannotBeWrittenToIsRefusedBeforeTheTraining() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    String expected = "--out expects a folder that can be written to, got ";
    assertRefused(expected + file, "Circles", "--out", file.toString());
    Path below = file.resolve("below");
    assertRefused(expected + below, "DigitsClassifier", "--out", below.toString());
  }

  @Test
  void theFileThatTheBuildWritesStartsTheLauncher() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(java.toString(), "@target/example", "Circle")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> errors = process.errorReader().lines().toList();
    // The JVM warns of the incubating module before.
    assertThat(errors.get(errors.size() - 1)).startsWith("no example Circle; the examples are ");
    assertThat(process.waitFor()).isEqualTo(2);
  }

  /** Nothing ran: nothing was printed but the one line. */
  private static void assertRefused(String start, String... arguments) throws Exception {
    Answer answer = answer(arguments);
    assertThat(answer.errors).startsWith(start);
    assertThat(answer.errors.lines()).hasSize(1);
    assertThat(answer.output).isEmpty();
    assertThat(answer.exit).isEqualTo(2);
  }

  private static Answer answer(String... arguments) throws Exception {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try (PrintStream toOutput = new PrintStream(output, true, StandardCharsets.UTF_8);
        PrintStream toErrors = new PrintStream(errors, true, StandardCharsets.UTF_8)) {
      System.setOut(toOutput);
      System.setErr(toErrors);
      int exit = Launcher.run(arguments);
      return new Answer(
          exit, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
