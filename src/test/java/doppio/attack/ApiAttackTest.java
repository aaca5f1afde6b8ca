package doppio.attack;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls every public method with hostile arguments: what comes back is a result or an exception
 * that the method may throw, and then nothing has changed.
 *
 * <p>One round by default; {@code -Ddoppio.attack=600} goes on with other random numbers for so
 * many seconds.
 */
class ApiAttackTest {
  private static final String REPORT = "report: ";
  private static final String FINDING = "finding: ";

  /** Beginnings of findings that are known and not mended yet. */
  private static final List<String> KNOWN = List.of();

  @TempDir private Path folder;

  @Test
  void hostileArgumentsAreRefusedAsTheMethodSaysAndChangeNothing() throws IOException {
    long end = System.nanoTime() + Long.getLong("doppio.attack", 0) * 1_000_000_000L;
    Set<String> found = new TreeSet<>();
    int seed = 1;
    do {
      List<String> lines = attacked(seed++);
      found.addAll(after(FINDING, lines));
      assertThat(after(REPORT, lines)).hasSize(1);
      System.out.println(after(REPORT, lines).get(0));
    } while (System.nanoTime() < end);
    List<String> unknown = new ArrayList<>(found);
    unknown.removeIf(line -> KNOWN.stream().anyMatch(line::startsWith));
    assertThat(unknown).as(String.join("\n", unknown)).isEmpty();
    assertThat(KNOWN).allMatch(known -> found.stream().anyMatch(l -> l.startsWith(known)));
  }

  /** What a round says, in a JVM of its own that dies of nothing but a call without an end. */
  private List<String> attacked(int seed) throws IOException {
    ChildJvm.Result result =
        ChildJvm.runIn(
            Files.createDirectory(folder.resolve(Integer.toString(seed))),
            AttackProgram.class,
            List.of("-Xmx96m", "-Xss512k", "-XX:-OmitStackTraceInFastThrow", "-ea"),
            Path.of("").toAbsolutePath().toString(),
            Integer.toString(seed));
    assertThat(result.exit())
        .as(() -> String.join("\n", result.output()) + String.join("\n", result.errors()))
        .isZero();
    return result.output();
  }

  private static List<String> after(String start, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }
}
