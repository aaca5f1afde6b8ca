package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignsTest {
  /** A string in the code, not in a comment. */
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Linear(4 → 3) | Linear(4 to 3)",
        "R² | R^2",
        "below 2³² | below 2^32",
        "call validation(…) | call validation(...)",
        "w ← w − ηdw | w = w - etadw",
        "3 × 5 | 3 x 5",
        "größe | größe",
        "plain | plain",
      })
  void signsThatAreNotShownAreWords(String text, String ascii) {
    assertThat(Signs.text(text, StandardCharsets.US_ASCII)).isEqualTo(ascii);
    assertThat(Signs.text(text, StandardCharsets.UTF_8)).isEqualTo(text);
  }

  @Test
  void asciiIsWordsWhateverIsShown() {
    assertThat(Signs.ascii("Linear(4 → 3), R²")).isEqualTo("Linear(4 to 3), R^2");
    assertThat(Signs.text("Linear(4 → 3)")).isIn("Linear(4 → 3)", "Linear(4 to 3)");
  }

  @Test
  void signsThatAreShownStay() {
    assertThat(Signs.text("R² → …", StandardCharsets.ISO_8859_1)).isEqualTo("R² to ...");
  }

  @Test
  void aTerminalOfAsciiAloneReadsWords() {
    assertThat(printed("US-ASCII")).containsExactly("Linear(4 to 3)", "R^2");
    assertThat(printed("ANSI_X3.4-1968")).containsExactly("Linear(4 to 3)", "R^2");
  }

  @Test
  void anUnknownEncodingStopsNothing() {
    assertThat(printed("no such encoding")).hasSize(2);
  }

  private static List<String> printed(String encoding) {
    return ChildJvm.run(PrintsSigns.class, List.of("-Dstdout.encoding=" + encoding)).output();
  }

  /** So that a new sign gets its words here. */
  @Test
  void everySignInTheLibrarysTextsHasWords() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(p -> p.toString().endsWith(".java")).toList()) {
        if (source.endsWith("Signs.java")) {
          continue;
        }
        for (String line : Files.readAllLines(source)) {
          if (line.strip().startsWith("*") || line.strip().startsWith("/")) {
            continue;
          }
          Matcher string = STRING.matcher(line);
          while (string.find()) {
            String shown = Signs.text(string.group(1), StandardCharsets.US_ASCII);
            assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(shown))
                .as("%s: %s", source, line)
                .isTrue();
          }
        }
      }
    }
  }
}
