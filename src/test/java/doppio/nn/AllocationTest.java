package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of training, and an answer, allocate what they return and next to nothing else. */
@Tag("jvm")
class AllocationTest {
  private static final String MODULE = "jdk.incubator.vector";
  private static final int CASES = 6 * 2 * 4;

  /** A few small objects for each parameter: settings of the step and what hands parts on. */
  private static final long ALLOWED = 1280;

  /** More layers, more parameters: as many small objects, whatever their sizes. */
  private static final long ALLOWED_IN_LARGER_NETWORKS = 2560;

  /** In a JVM of its own, where nothing else has shaped what is compiled. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAndAnAnswerAllocateWhatTheyReturn(String kernels) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
        "this JVM does not count what it allocates");
    assumeTrue(
        kernels.equals("scalar") || ModuleLayer.boot().findModule(MODULE).isPresent(),
        "the vector kernels need --add-modules " + MODULE);
    List<String> options =
        List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + kernels, "-Ddoppio.threads=1");
    Result result = ChildJvm.run(AllocationProgram.class, options);
    assertThat(result.exit()).as("%s", result).isZero();
    Map<String, Long> bytes =
        result.output().stream()
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> Long.valueOf(parts[1])));
    assertThat(bytes).hasSize(CASES);
    assertThat(bytes.entrySet())
        .as("bytes beyond the tensors returned")
        .allMatch(
            entry ->
                entry.getValue()
                    <= (Character.isDigit(entry.getKey().charAt(0))
                        ? ALLOWED
                        : ALLOWED_IN_LARGER_NETWORKS));
  }
}
