package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of training, and an answer, allocate what they return and next to nothing else. */
@Tag("jvm")
class AllocationTest {
  private static final String MODULE = "jdk.incubator.vector";
  private static final Pattern NUMBERS = Pattern.compile(": (-?\\d+) of (\\d+)$");
  private static final int CASES = AllocationProgram.NETWORKS.length * 2 * 4;

  /** In a JVM of its own, where nothing else has shaped what is compiled. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAndAnAnswerAllocateWhatTheyReturn(String kernels) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
        "this JVM does not count what it allocates");
    assumeTrue(
        kernels.equals("scalar") || ModuleFinder.ofSystem().find(MODULE).isPresent(),
        "this JDK has no " + MODULE);
    assumeTrue(
        kernels.equals("scalar") || Runtime.version().feature() > 17,
        "the JIT of Java 17 leaves some vectors objects in one JVM or another");
    List<String> options =
        List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + kernels, "-Ddoppio.threads=1");
    Result result = ChildJvm.run(AllocationProgram.class, options);
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).hasSize(CASES);
    assertThat(result.output())
        .as("bytes beyond the tensors returned, and allowed")
        .allSatisfy(
            line -> {
              Matcher found = NUMBERS.matcher(line);
              assertThat(found.find()).isTrue();
              assertThat(Long.parseLong(found.group(1)))
                  .isLessThanOrEqualTo(Long.parseLong(found.group(2)));
            });
  }
}
