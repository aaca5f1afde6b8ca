package doppio.attack;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls every public method with hostile arguments: what comes back is a result or an exception
 * that the method may throw, and then nothing has changed.
 *
 * <p>One round by default; {@code -Ddoppio.attack=600} goes on with other random numbers for so
 * many seconds.
 */
@Tag("jvm")
class ApiAttackTest {
  /** So many JVMs, one after the other, share a round. */
  private static final int PARTS = 4;

  /** Beginnings of findings that are known and not mended yet. */
  private static final List<String> KNOWN = List.of();

  @TempDir private Path folder;

  @Test
  void hostileArgumentsAreRefusedAsTheMethodSaysAndChangeNothing() throws IOException {
    long end = System.nanoTime() + Long.getLong("doppio.attack", 0) * 1_000_000_000L;
    Set<String> found = new TreeSet<>();
    long[] counts = new long[5];
    int seed = 1;
    do {
      for (int part = 0; part < PARTS; part++) {
        List<String> lines = attacked(seed, part);
        found.addAll(after("finding: ", lines));
        List<String> counted = after("counted: ", lines);
        assertThat(counted).hasSize(1);
        long[] more = Stream.of(counted.get(0).split(" ")).mapToLong(Long::parseLong).toArray();
        Arrays.setAll(counts, i -> counts[i] + more[i]);
      }
      seed++;
    } while (System.nanoTime() < end);
    int rounds = seed - 1;
    System.out.printf(
        "Attack on the public API: %d methods of %d types, %d calls in %d rounds, %d refused,"
            + " %d not made for want of an object%n",
        counts[0] / rounds, counts[1] / rounds, counts[2], rounds, counts[3], counts[4]);
    List<String> unknown = new ArrayList<>(found);
    unknown.removeIf(line -> KNOWN.stream().anyMatch(line::startsWith));
    assertThat(unknown).as(String.join("\n", unknown)).isEmpty();
    assertThat(KNOWN).allMatch(known -> found.stream().anyMatch(l -> l.startsWith(known)));
  }

  /** What a part of a round says, in a JVM of its own that only a call without an end ends. */
  private List<String> attacked(int seed, int part) throws IOException {
    ChildJvm.Result result =
        ChildJvm.runIn(
            Files.createDirectory(folder.resolve(seed + "-" + part)),
            AttackProgram.class,
            List.of("-Xmx96m", "-Xss512k", "-XX:-OmitStackTraceInFastThrow", "-ea"),
            Path.of("").toAbsolutePath().toString(),
            Integer.toString(seed),
            Integer.toString(part),
            Integer.toString(PARTS));
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
