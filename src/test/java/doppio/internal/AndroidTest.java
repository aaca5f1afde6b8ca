package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm.Result;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library where classes are absent that Android has not: its class files name others in their
 * place, which are nowhere. That it calls nothing else that Android lacks is checked by the lint
 * profile, against Android's signatures.
 */
@Tag("jvm")
class AndroidTest {
  /** As class files name them. */
  private static final String ABSENT =
      "\\bjava/lang/(Module|ModuleLayer|System\\$Logger|System\\$Logger\\$Level)(?![\\w$])";

  private static final List<String> NOT_THERE = List.of("table", "train", "internal/vector");

  @TempDir static Path folder;

  private static String classPath;

  @BeforeAll
  static void copyWithout() throws IOException, URISyntaxException {
    Path classes = folderOf(Kernels.class);
    for (String part : NOT_THERE) {
      assertThat(classes.resolve("doppio").resolve(part)).isDirectory();
    }
    Renamed.copy(classes, folder, text -> text.replaceAll(ABSENT, "absent/$1"));
    for (String part : NOT_THERE) {
      delete(folder.resolve("doppio").resolve(part));
    }
    classPath = folder + File.pathSeparator + folderOf(AndroidTest.class);
  }

  @Test
  void aTrainingEndsInTheSameBitsThereWithPlainKernels() {
    String[] small = {"17", "20", "50"};
    Result there = run(TrainingProgram.class, small);
    assertThat(there.exit()).as("%s", there).isZero();
    assertThat(there.output()).startsWith("ScalarKernels", "learned");
    Result here = ChildJvm.run(TrainingProgram.class, List.of(), small);
    assertThat(there.output()).isEqualTo(here.output());
  }

  @Test
  void theLineAboutTheKernelsGoesToJavaUtilLogging() {
    Result result = run(ShortProgram.class, "enough");
    assertThat(result.errors()).hasSize(2);
    assertThat(result.errors().get(0)).endsWith("doppio.internal.AndroidLog log");
    assertThat(result.errors().get(1))
        .startsWith("INFO: scalar kernels; ")
        .contains("the faster vector kernels need classes that cannot be loaded: ")
        .contains("absent");
  }

  @Test
  void modelsAndDataAreReadAndWrittenThere() {
    Result result = run(AndroidProgram.class, folder.toString());
    assertThat(result.output()).as("%s", result).containsExactly("all the same");
  }

  private static Result run(Class<?> main, String... arguments) {
    List<String> english = List.of("-Duser.language=en");
    return ChildJvm.run(classPath, main.getName(), english, arguments);
  }

  private static Path folderOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static void delete(Path part) throws IOException {
    try (Stream<Path> files = Files.walk(part)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
