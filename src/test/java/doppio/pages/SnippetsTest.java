package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java of the README and of the pages is what a reader copies: all of it compiles, what can run
 * runs, each snippet in a JVM and a folder of its own, and prints what the page says.
 *
 * <p>A snippet is a whole program, a class, or statements, which find the variables that they take
 * as given in {@link Surroundings}. What a program prints stands in a block of {@code text} right
 * behind it.
 */
@Tag("once")
class SnippetsTest {
  /** Java that is not compiled, by page and first line, with the reason. */
  private static final Map<String, String> NOT_COMPILED =
      Map.of("spark.md: public final class TrainOnSpark {", "SparkPageTest runs it with Spark");

  /**
   * Blocks of these languages are no Java; other tests look at the commands and at the POM's lines.
   */
  private static final Map<String, String> OTHER_LANGUAGES =
      Map.of(
          "sh", "CommandsTest reads the commands",
          "text", "what a program prints, or a drawing",
          "xml", "CommandsTest compares the coordinates",
          "groovy", "CommandsTest compares the coordinates",
          "json", "NativeImageTest compares it with a record",
          "python", "needs PyTorch; the parity profile has the same steps by libtorch");

  /** The file that a snippet finds in its folder. */
  private static final Path TABLE = Path.of("src/test/resources/doppio/table/penguins.csv");

  @TempDir private Path folder;

  static List<Page> pages() throws IOException {
    return Page.all().stream()
        .filter(page -> page.java().stream().anyMatch(SnippetsTest::isCompiled))
        .toList();
  }

  private static boolean isCompiled(Page.Block block) {
    return !NOT_COMPILED.containsKey(block.name());
  }

  @Test
  void theReadmeAndEveryPageAreRead() throws IOException {
    assertThat(pages()).extracting(Page::file).contains(Page.README);
    assertThat(Page.read(Page.README).java()).hasSizeGreaterThan(5);
  }

  @Test
  void everyBlockIsJavaOrOfALanguageThatIsListed() throws IOException {
    for (Page page : Page.all()) {
      for (Page.Block block : page.blocks()) {
        assertThat(block.language()).as("%s", block).isNotEmpty();
        if (!block.language().equals("java")) {
          assertThat(OTHER_LANGUAGES).as("%s", block).containsKey(block.language());
        }
      }
    }
  }

  @Test
  void whatIsListedIsOnAPage() throws IOException {
    Set<String> names = new TreeSet<>();
    Set<String> headings = new TreeSet<>();
    for (Page page : Page.all()) {
      for (Page.Block block : page.java()) {
        names.add(block.name());
        headings.add(block.file().getFileName() + ": " + block.heading());
      }
    }
    assertThat(names).containsAll(NOT_COMPILED.keySet());
    assertThat(headings).containsAll(Surroundings.keys());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void snippetsCompileRunAndPrintWhatThePageSays(Page page) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Page.Block block : page.java()) {
      if (isCompiled(block)) {
        snippets.add(new Snippet(block, snippets.size() + 1));
      }
    }
    assertThat(Compiler.compile(snippets, folder)).as("%s", page).isEmpty();
    Files.copy(TABLE, folder.resolve(TABLE.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    String classPath = folder + File.pathSeparator + System.getProperty("java.class.path");
    for (Snippet snippet : snippets) {
      String expected = page.output(snippet.block());
      assertThat(expected == null || snippet.runs()).as("%s prints something", snippet).isTrue();
      if (snippet.runs()) {
        ChildJvm.Result result = ChildJvm.runIn(folder, classPath, snippet.className());
        assertThat(result.exit()).as("%s: %s", snippet, result.errors()).isZero();
        if (expected != null) {
          assertThat(result.output()).as("%s", snippet).isEqualTo(expected.lines().toList());
        }
      }
    }
  }
}
