package doppio.internal;

import static doppio.internal.Implementations.MODULE;
import static doppio.internal.Implementations.SCALAR;
import static doppio.internal.Implementations.VECTOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.ChildJvm.Result;
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

/**
 * Training ends in the same bits from both kernels, on every installed JDK, at every width of the
 * vectors and with any number of threads.
 */
@Tag("jvm")
class SameBitsTest {
  private static final String[] WIDE = {"301", "200", "50"};
  private static final int[] VECTOR_BYTES = {16, 32, 64};
  private static final int AT_ONCE = Math.min(2, Runtime.getRuntime().availableProcessors());
  private static final int[] THREADS = {1, 2, 4};

  @Test
  void aTrainingHasTheSameBitsOnEveryJdkAndWithAllKernels()
      throws InterruptedException, ExecutionException {
    assumeTrue(
        System.getProperty("doppio.bits") != null || isTheOneLeg(),
        "once in a build: with the default kernels, on JDK 17 or the only JDK, or -Ddoppio.bits");
    Map<String, Future<Result>> children = new LinkedHashMap<>();
    ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Path home : ChildJvm.installed()) {
        for (String kernels : List.of(SCALAR, VECTOR)) {
          for (int bytes : VECTOR_BYTES) {
            for (int threads : THREADS) {
              List<String> options = options(kernels, bytes, threads);
              children.put(home + " " + options, executor.submit(() -> train(home, options)));
            }
          }
        }
      }
      List<String> digests = new ArrayList<>();
      for (Map.Entry<String, Future<Result>> child : children.entrySet()) {
        Result result = child.getValue().get();
        String wanted = child.getKey().contains("=vector") ? "VectorKernels" : "ScalarKernels";
        assertThat(result.exit()).as("%s: %s", child.getKey(), result).isZero();
        assertThat(result.output()).as(child.getKey()).hasSize(3).startsWith(wanted, "learned");
        digests.add(result.output().get(2));
        assertThat(result.output().get(2)).as(child.getKey()).isEqualTo(digests.get(0));
      }
      assertThat(digests).hasSize(ChildJvm.installed().size() * 2 * 3 * 3);
    } finally {
      executor.shutdownNow();
    }
  }

  private static boolean isTheOneLeg() {
    boolean byDefault = System.getProperty("doppio.kernels", "auto").equals("auto");
    return byDefault && (Runtime.version().feature() == 17 || ChildJvm.installed().size() == 1);
  }

  private static Result train(Path home, List<String> options) {
    return ChildJvm.run(home, TrainingProgram.class, options, WIDE);
  }

  private static List<String> options(String kernels, int bytes, int threads) {
    List<String> options = new ArrayList<>();
    if (kernels.equals(VECTOR)) {
      options.addAll(List.of("--add-modules", MODULE));
    }
    options.add("-XX:MaxVectorSize=" + bytes);
    options.add("-Ddoppio.kernels=" + kernels);
    options.add("-Ddoppio.threads=" + threads);
    return options;
  }
}
