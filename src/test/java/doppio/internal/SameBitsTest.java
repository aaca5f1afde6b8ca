package doppio.internal;

import static doppio.internal.Implementations.MODULE;
import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Campaign;
import doppio.internal.ChildJvm.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training ends in the same bits from both kernels, on every installed JDK, at every width of the
 * vectors, with all tiles and any number of threads: each two of way, width and threads together on
 * this JDK, and each way on the others, of which a build tests more by itself. {@code
 * -Ddoppio.long} runs all of them on all. Where bits differ, both trainings run once more and tell
 * where.
 */
@Tag("jvm")
class SameBitsTest {
  private static final String[] WIDE = {"301", "200", "50"};
  private static final int[] VECTOR_BYTES = {16, 32, 64};
  private static final int[] THREADS = {1, 2, 4};

  /** The plain kernels, and the vector kernels with each of their tiles. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("-Ddoppio.kernels=" + SCALAR),
          List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + VECTOR, "-Ddoppio.tiles=5x2"),
          List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + VECTOR, "-Ddoppio.tiles=8x3"));

  private static final int AT_ONCE = Math.min(2, Runtime.getRuntime().availableProcessors());

  @TempDir private Path folder;

  private record Child(Path home, List<String> options) {
    Result train(String... arguments) {
      return ChildJvm.run(home, TrainingProgram.class, options, arguments);
    }

    @Override
    public String toString() {
      return home + " " + String.join(" ", options);
    }
  }

  @Test
  void aTrainingHasTheSameBitsOnEveryJdkAndWithAllKernels()
      throws InterruptedException, ExecutionException, IOException {
    List<String> wrong = new ArrayList<>();
    Child first = null;
    String expected = null;
    Map<Child, Result> all = trained(children());
    assertThat(all).hasSizeGreaterThanOrEqualTo(VECTOR_BYTES.length * THREADS.length);
    for (List<String> way : WAYS) {
      assertThat(all.keySet()).anyMatch(child -> child.options().containsAll(way));
    }
    for (Map.Entry<Child, Result> trained : all.entrySet()) {
      Child child = trained.getKey();
      List<String> output = trained.getValue().output();
      String kernels = child.options().contains(MODULE) ? "VectorKernels" : "ScalarKernels";
      if (trained.getValue().exit() != 0
          || output.size() != 3
          || !output.subList(0, 2).equals(List.of(kernels, "learned"))) {
        wrong.add(child + ": " + trained.getValue());
      } else if (first == null) {
        first = child;
        expected = output.get(2);
      } else if (!output.get(2).equals(expected)) {
        wrong.add(child + " beside " + first + ": " + difference(first, child));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<Child> children() {
    List<Child> children = new ArrayList<>();
    for (Path home : ChildJvm.installed()) {
      boolean here = home.equals(ChildJvm.running());
      for (int i = 0; i < VECTOR_BYTES.length; i++) {
        for (int j = 0; j < THREADS.length; j++) {
          for (int k = 0; k < WAYS.size(); k++) {
            boolean pair = (i + j + k) % 3 == 0 && (here || i == 2);
            if (Campaign.LONG || pair) {
              List<String> options = new ArrayList<>(WAYS.get(k));
              options.add("-XX:MaxVectorSize=" + VECTOR_BYTES[i]);
              options.add("-Ddoppio.threads=" + THREADS[j]);
              children.add(new Child(home, options));
            }
          }
        }
      }
    }
    return children;
  }

  private static Map<Child, Result> trained(List<Child> children)
      throws InterruptedException, ExecutionException {
    Map<Child, Future<Result>> running = new LinkedHashMap<>();
    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Child child : children) {
        running.put(child, executor.submit(() -> child.train(WIDE)));
      }
      Map<Child, Result> results = new LinkedHashMap<>();
      for (Map.Entry<Child, Future<Result>> child : running.entrySet()) {
        results.put(child.getKey(), child.getValue().get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  private String difference(Child one, Child other) throws IOException {
    Path expected = traced(one, "one");
    return BitTrace.difference(expected, traced(other, "other"));
  }

  private Path traced(Child child, String name) {
    Path file = folder.resolve(name);
    Result result = child.train(WIDE[0], WIDE[1], WIDE[2], file.toString());
    assertThat(result.exit()).as("%s: %s", child, result).isZero();
    return file;
  }
}
