package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Classes and packages that the pages name are there, and the packages that are there are named.
 */
class NamesTest {
  private static final Path LIBRARY = Path.of("src/main/java/doppio");
  private static final Path ARCHITECTURE = Page.SITE.resolve("architecture.md");

  /** A class at the beginning of a piece of code, with what follows it up to a point. */
  private static final Pattern CLASS = Pattern.compile("`(?:new )?([A-Z][a-z]\\w+)\\b");

  /** The page of changes names what is gone too. */
  private static final Path CHANGES = Page.SITE.resolve("changes.md");

  /** Of the JDK. */
  private static final Set<String> OTHERS =
      Set.of("IllegalArgumentException", "Math", "Serializable", "StrictMath", "System");

  @Test
  void everyClassThatAPageNamesIsThere() throws IOException {
    Set<String> classes = classes();
    for (Page page : Page.all()) {
      page.java().forEach(block -> classes.add(new Snippet(block, 0).className()));
    }
    List<String> unknown = new ArrayList<>();
    int names = 0;
    for (Page page : Page.all()) {
      if (page.file().equals(CHANGES)) {
        continue;
      }
      for (MatchResult match : CLASS.matcher(withoutBlocks(page)).results().toList()) {
        names++;
        if (!classes.contains(match.group(1)) && !OTHERS.contains(match.group(1))) {
          unknown.add(page + ": " + match.group(1));
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(names).isGreaterThan(100);
  }

  @Test
  void everyPackageHasItsLineInTheReadmeAndAmongTheFloors() throws IOException {
    String readme = Files.readString(Page.README);
    String architecture = Files.readString(ARCHITECTURE);
    List<Path> packages;
    try (Stream<Path> files = Files.list(LIBRARY)) {
      packages = files.filter(Files::isDirectory).toList();
    }
    assertThat(packages).hasSizeGreaterThan(7);
    for (Path folder : packages) {
      String name = folder.getFileName().toString();
      assertThat(architecture).as("the floors").containsPattern("(?m)^" + name + " +[A-Z]");
      if (!name.equals("internal")) {
        assertThat(readme.contains("| `doppio." + name + "`")).as("doppio.%s", name).isTrue();
      }
    }
  }

  private static String withoutBlocks(Page page) throws IOException {
    return page.text().replaceAll("(?s)```.*?```", "");
  }

  private static Set<String> classes() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
