package doppio.internal;

import static doppio.internal.Implementations.MODULE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.Tensor;
import doppio.internal.ChildJvm.Result;
import doppio.nn.Linear;
import doppio.train.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library inside another jar: under another name, or with what seems unused left out. */
@Tag("jvm")
class RenamedTest {
  private static final String PREFIX = "hidden.";

  @TempDir static Path folder;

  private static Path classes;
  private static Path tests;

  @BeforeAll
  static void copies() throws IOException, URISyntaxException {
    classes = folderOf(Kernels.class);
    tests = folderOf(RenamedTest.class);
    Renamed.copy(classes, folder.resolve("renamed"));
    Renamed.copy(tests, folder.resolve("renamed"));
  }

  @Test
  void settingsKeepTheirNames() {
    Result result = train("-Ddoppio.kernels=scalar", "-Ddoppio.threads=1", "-Ddoppio.fma=true");
    assertThat(result.output()).as("%s", result).hasSize(3).startsWith("ScalarKernels", "learned");
    for (String setting : List.of("kernels", "threads", "fma", "tiles")) {
      Result refused = train("-Ddoppio." + setting + "=nonsense");
      assertThat(refused.errors()).as(setting).anyMatch(line -> line.contains("got nonsense"));
    }
  }

  @Test
  void theVectorKernelsAreFound() {
    assumeTrue(Fma.FAST, "the vector kernels need fused multiply-add");
    Result result = train("--add-modules", MODULE);
    assertThat(result.output()).as("%s", result).hasSize(3).startsWith("VectorKernels", "learned");
  }

  @Test
  void aRenamedLibraryReadsOurCheckpoints() throws IOException {
    Path file = folder.resolve("checkpoint");
    new Checkpoint(new Linear(2, 3)).save(file, Map.of("epoch", Tensor.full(7)));
    Result result =
        ChildJvm.run(
            renamed(), PREFIX + CheckpointProgram.class.getName(), List.of(), file.toString());
    assertThat(result.output()).as("%s", result).containsExactly("7.0");
  }

  @Test
  void plainKernelsAndOneLineWhereTheVectorKernelsWereLeftOut() throws IOException {
    assumeTrue(Fma.FAST, "the vector kernels need fused multiply-add");
    Path fewer = folder.resolve("fewer");
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path name = classes.relativize(file);
        if (!name.toString().contains("VectorKernels")) {
          Path target = fewer.resolve(name.toString());
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
    String path = fewer + File.pathSeparator + tests;
    String main = TrainingProgram.class.getName();
    Result result = ChildJvm.run(path, main, List.of("--add-modules", MODULE), "17", "20", "50");
    assertThat(result.output()).as("%s", result).hasSize(3).startsWith("ScalarKernels", "learned");
    assertThat(result.errors().stream().filter(line -> line.contains("kernels")))
        .singleElement()
        .asString()
        .contains("ClassNotFoundException: doppio.internal.vector.VectorKernels");
    Result refused =
        ChildJvm.run(
            path,
            main,
            List.of("--add-modules", MODULE, "-Ddoppio.kernels=vector"),
            "17",
            "20",
            "50");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors()).anyMatch(line -> line.contains("the vector kernels cannot be"));
  }

  private static Result train(String... options) {
    String main = PREFIX + TrainingProgram.class.getName();
    return ChildJvm.run(renamed(), main, List.of(options), "17", "20", "50");
  }

  private static String renamed() {
    return folder.resolve("renamed").toString();
  }

  private static Path folderOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
