package doppio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports point down: no package knows one above it, and so there is no circle. */
class ImportsTest {
  private static final Path SOURCES = Path.of("src/main/java");

  private static final int MOST_LINES = 300;

  /** The floors of the house, from the top; a package may import what stands below it. */
  private static final List<String> FLOORS =
      List.of(
          "doppio.train",
          "doppio.check",
          "doppio.metric",
          "doppio.data",
          "doppio.optim",
          "doppio.loss",
          "doppio.nn",
          "doppio.io",
          "doppio.internal.layer",
          "doppio.internal.choice",
          "doppio.internal.vector",
          "doppio.internal.scalar",
          "doppio.internal.threads",
          "doppio.internal.state",
          "doppio.internal",
          "doppio");

  /**
   * A name of the library's in an import, or where it is written in full: packages are in small
   * letters.
   */
  private static final Pattern NAME = Pattern.compile("\\b(doppio(?:\\.[a-z]+)*)\\.[A-Z]");

  @Test
  void importsPointDown() throws IOException {
    List<String> upwards = new ArrayList<>();
    int names = 0;
    for (Path file : sources()) {
      String own = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
      assertThat(FLOORS).as("the floor of %s", file).contains(own);
      Matcher found = NAME.matcher(code(Files.readString(file)));
      while (found.find()) {
        names++;
        String other = found.group(1);
        if (!FLOORS.contains(other) || FLOORS.indexOf(other) < FLOORS.indexOf(own)) {
          upwards.add(file + " names " + found.group() + "…");
        }
      }
    }
    assertThat(upwards).isEmpty();
    assertThat(names).isGreaterThan(100);
  }

  /** The plain kernels stand alone: nothing but a name leads to the vector kernels. */
  @Test
  void nothingImportsTheVectorKernels() throws IOException {
    List<Path> importers = new ArrayList<>();
    for (Path file : sources()) {
      if (!file.getParent().endsWith("vector")
          && code(Files.readString(file)).contains("doppio.internal.vector.")) {
        importers.add(file);
      }
    }
    assertThat(importers).isEmpty();
  }

  @Test
  void noFileOfTheKernelsIsLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (file.startsWith(SOURCES.resolve("doppio/internal")) && lines > MOST_LINES) {
        tooLong.add(file + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  /** Without comments, whose links may point up, and without texts. */
  private static String code(String source) {
    return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*|\"[^\"\n]*\"", "");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java"))
          .toList();
    }
  }
}
