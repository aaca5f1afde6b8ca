package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.internal.ChildJvm;
import doppio.internal.ChildJvm.Result;
import java.lang.module.ModuleFinder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jvm")
class StepAllocationTest {
  private static final String MODULE = "jdk.incubator.vector";

  /** In a JVM of its own, where nothing else has shaped what is compiled. */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAllocatesNothing(String kernels) {
    assumeTrue(
        kernels.equals("scalar") || ModuleFinder.ofSystem().find(MODULE).isPresent(),
        "this JDK has no " + MODULE);
    assumeTrue(
        kernels.equals("scalar") || Runtime.version().feature() > 17,
        "the JIT of Java 17 leaves some vectors objects in one JVM or another");
    List<String> options =
        List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + kernels, "-Ddoppio.threads=1");
    Result result = ChildJvm.run(StepAllocationProgram.class, options);
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output())
        .as("bytes of %d steps with each rule", StepAllocationProgram.STEPS)
        .hasSize(OptimizerTest.RULES.size())
        .allSatisfy(
            bytes ->
                assertThat(Long.parseLong(bytes)).isLessThan(StepAllocationProgram.PARAMETERS));
  }
}
