package doppio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the public signatures with those that {@code api.txt} keeps, so that a break shows in a
 * change's diff.
 *
 * <p>{@code mvn -q test -Dtest=ApiTest -Ddoppio.api=write} writes the file anew.
 */
class ApiTest {
  private static final Path FILE = Path.of("src/test/resources/doppio/api.txt");

  @Test
  void publicSignaturesAreThoseThatTheFileKeeps() throws IOException {
    List<String> now = PublicSignatures.of(ExportedTypes.visible());
    if ("write".equals(System.getProperty("doppio.api"))) {
      Files.writeString(FILE, String.join("\n", now) + "\n");
    }
    List<String> kept = Files.readAllLines(FILE);
    Stream<String> gone = kept.stream().filter(line -> !now.contains(line)).map("- "::concat);
    Stream<String> added = now.stream().filter(line -> !kept.contains(line)).map("+ "::concat);
    assertThat(now)
        .withFailMessage(
            "the public signatures have changed:%n%s%nIf that is meant, renew %s by%n"
                + "  mvn -q test -Dtest=ApiTest -Ddoppio.api=write%n"
                + "and say in src/site/markdown/changes.md what to write in place of what went",
            String.join("\n", Stream.concat(gone, added).toList()), FILE)
        .isEqualTo(kept);
  }
}
