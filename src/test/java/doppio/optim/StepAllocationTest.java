package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.AllocationJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jvm")
class StepAllocationTest {
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAllocatesNothing(String kernels) {
    assertThat(AllocationJvm.run(StepAllocationProgram.class, kernels))
        .as("bytes of %d steps with each rule", StepAllocationProgram.STEPS)
        .hasSize(OptimizerTest.RULES.size())
        .allSatisfy(
            bytes ->
                assertThat(Long.parseLong(bytes)).isLessThan(StepAllocationProgram.PARAMETERS));
  }
}
