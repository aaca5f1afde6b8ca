package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages' commands name is there: examples, benchmarks, tests, profiles, properties. */
class CommandsTest {
  private static final Path EXAMPLES = Path.of("src/examples/java/doppio/examples");
  private static final Path BENCHMARKS = Path.of("src/jmh/java/doppio/bench");
  private static final Path POM = Path.of("pom.xml");

  @Test
  void everyExampleThatIsNamedIsAProgram() throws IOException {
    assertNamed(
        "(?:-Dexample=|@target/example )(\\w+)",
        8,
        name -> isProgram(EXAMPLES.resolve(name + ".java")));
  }

  @Test
  void everyExampleStandsInTheReadme() throws IOException {
    String readme = Files.readString(Page.README);
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<String> programs =
          files
              .filter(CommandsTest::isProgram)
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .toList();
      assertThat(programs).hasSizeGreaterThan(8).contains("Launcher");
      assertThat(programs)
          .filteredOn(name -> !name.equals("Launcher"))
          .allSatisfy(name -> assertThat(readme.contains("`" + name + "`")).as(name).isTrue());
    }
  }

  @Test
  void everyBenchmarkThatIsNamedIsThere() throws IOException {
    assertNamed(
        "exec@jmh -Dargs=\"(\\w+)", 1, name -> Files.exists(BENCHMARKS.resolve(name + ".java")));
  }

  @Test
  void everyProfileAndExecutionThatIsNamedIsThere() throws IOException {
    String pom = Files.readString(POM);
    assertNamed("mvn[^`\n]* -P([a-z]+)", 1, name -> pom.contains("<id>" + name + "</id>"));
    assertNamed("exec:exec@([a-z]+)", 1, name -> pom.contains("<id>" + name + "</id>"));
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    List<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      tests = files.map(f -> f.getFileName().toString().replace(".java", "")).toList();
    }
    assertNamed(" -Dtest=(\\w+)", 1, tests::contains);
  }

  @Test
  void everyPropertyThatIsNamedIsRead() throws IOException {
    StringBuilder sources = new StringBuilder(Files.readString(POM));
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        sources.append(Files.readString(file));
      }
    }
    assertNamed(
        "-Ddoppio\\.(\\w+)",
        3,
        name ->
            sources.indexOf("\"doppio." + name + "\"") >= 0
                || sources.indexOf("Keys.of(\"" + name + "\")") >= 0);
  }

  @Test
  void everyVersionOfTheLibraryIsTheOneThatIsBuilt() throws IOException {
    String version =
        Pattern.compile("<artifactId>doppio</artifactId>\\s*<version>([^<]+)<")
            .matcher(Files.readString(POM))
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    assertNamed(
        "(?:doppio[:-]|<artifactId>doppio</artifactId>\\s*<version>)([0-9][0-9.]+[0-9])",
        3,
        version::equals);
  }

  /** Whether the class itself has the method, and no program that stands in it as a text. */
  private static boolean isProgram(Path file) {
    try {
      return Files.exists(file)
          && Files.readString(file).contains("\n  public static void main(String[] args)");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Checks every name that the pattern's group finds, at least so many in all. */
  private static void assertNamed(String pattern, int atLeast, Predicate<String> isThere)
      throws IOException {
    Pattern compiled = Pattern.compile(pattern);
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Page page : Page.all()) {
      for (MatchResult match : compiled.matcher(page.text()).results().toList()) {
        found++;
        if (!isThere.test(match.group(1))) {
          wrong.add(page + ": " + match.group());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(found).isGreaterThanOrEqualTo(atLeast);
  }
}
