package doppio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
          "doppio.table",
          "doppio.train",
          "doppio.model",
          "doppio.internal.onnx.load",
          "doppio.internal.onnx.save",
          "doppio.internal.source",
          "doppio.check",
          "doppio.metric",
          "doppio.data",
          "doppio.optim",
          "doppio.loss",
          "doppio.nn",
          "doppio.io",
          "doppio.internal.onnx",
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

  /**
   * The arrows within a package that point up: a base class that hands on to a helper or to its
   * other half, a thing that a callback is handed, a sealed class.
   */
  private static final String[][] UPWARDS = {
    {"train/BlockSource", "train/BlockGradients"},
    {"train/Callback", "train/Training"},
    {"train/StepInHand", "train/Training"},
    {"train/TrainingState", "train/Training"},
    {"nn/Maker", "nn/Parts"},
    {"nn/Module", "nn/ModuleCopies"},
    {"nn/Module", "nn/Stepper"},
    {"nn/Module", "nn/Steps"},
    {"optim/Adam", "optim/AdamW"},
    {"optim/OwnRuleStep", "optim/Optimizer"},
    {"optim/PlainStep", "optim/Optimizer"},
    {"optim/Optimizer", "optim/Access"},
    {"optim/Schedule", "optim/NamedSchedule"},
    {"metric/Metric", "metric/NamedMetric"},
    {"table/Cells", "table/Rows"},
    {"table/Estimator", "table/Classifier"},
    {"table/Estimator", "table/Regressor"},
    {"data/Dataset", "data/Standardizer"},
    {"io/SafeTensorsReader", "io/SafeTensors"},
    {"internal/ZipEntryStream", "internal/ZipArchive"},
    {"internal/threads/Worker", "internal/threads/Workers"},
    {"internal/threads/Parallel", "internal/threads/Workers"},
  };

  /** A name of a class, without its package. */
  private static final Pattern WORD = Pattern.compile("(?<![.\\w])[A-Z]\\w*");

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
  void noFileIsLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > MOST_LINES) {
        tooLong.add(file + " has " + lines + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  /**
   * Without the arrows that are listed no file leads back to itself, and each of them is needed.
   */
  @Test
  void withinAPackageFewArrowsPointUp() throws IOException {
    Map<String, Set<String>> named = namesWithinPackages();
    for (String[] arrow : UPWARDS) {
      assertThat(named.get(arrow[0])).as(arrow[0]).contains(arrow[1]);
      named.get(arrow[0]).remove(arrow[1]);
    }
    assertThat(circle(named)).isEmpty();
    for (String[] arrow : UPWARDS) {
      named.get(arrow[0]).add(arrow[1]);
      assertThat(circle(named)).as("what %s closes", String.join(" to ", arrow)).isNotEmpty();
      named.get(arrow[0]).remove(arrow[1]);
    }
  }

  /** For each file, {@code train/Loop} say, the files of its package that it names. */
  private static Map<String, Set<String>> namesWithinPackages() throws IOException {
    Map<String, Set<String>> named = new TreeMap<>();
    for (Path file : sources()) {
      Set<String> found = new TreeSet<>();
      Matcher words = WORD.matcher(code(Files.readString(file)));
      while (words.find()) {
        Path other = file.resolveSibling(words.group() + ".java");
        if (!other.equals(file) && Files.exists(other)) {
          found.add(name(other));
        }
      }
      named.put(name(file), found);
    }
    return named;
  }

  private static String name(Path file) {
    String path = SOURCES.resolve("doppio").relativize(file).toString();
    return path.substring(0, path.length() - ".java".length()).replace('\\', '/');
  }

  /** What is left when the files that name none of the others are taken away, again and again. */
  private static Set<String> circle(Map<String, Set<String>> named) {
    Set<String> left = new TreeSet<>(named.keySet());
    boolean fewer = true;
    while (fewer) {
      fewer = left.removeIf(file -> named.get(file).stream().noneMatch(left::contains));
    }
    return left;
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
