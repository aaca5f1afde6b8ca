package doppio.pages;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the greeting in jshell says to try works with what the file imports. */
@Tag("once")
class JshellTest {
  private static final Path FILE = Path.of("src/main/jshell/doppio.jsh");
  private static final Pattern LINE = Pattern.compile("println\\(\" *(?:Doppio. Try: )?(.*)\"\\);");

  @TempDir private Path folder;

  @Test
  void theGreetingsLinesCompileAndRun() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    String imports =
        lines.stream().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
    String statements =
        lines.stream()
            .flatMap(line -> LINE.matcher(line).results())
            .map(match -> "    " + match.group(1) + ";\n")
            .collect(Collectors.joining());
    assertThat(statements.lines()).hasSize(4);
    String program =
        imports
            + "\npublic final class Greeting {\n  public static void main(String[] args) {\n"
            + statements
            + "  }\n}\n";
    Page.Block block = new Page.Block(FILE, 1, "greeting", "java", program);
    assertThat(Compiler.compile(List.of(new Snippet(block, 1)), folder)).isEmpty();
    String classPath = folder + File.pathSeparator + System.getProperty("java.class.path");
    ChildJvm.Result result = ChildJvm.runIn(folder, classPath, "Greeting");
    assertThat(result.exit()).as("%s", result.errors()).isZero();
    assertThat(result.output()).isNotEmpty();
  }
}
