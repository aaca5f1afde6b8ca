package doppio.internal.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** The Vector API where this JVM has it; {@link doppio.internal.ChoiceTest} asks others. */
class VectorApiTest {
  @Test
  void itIsThereWhereItsModuleIs() {
    assertThat(VectorApi.isThere())
        .isEqualTo(
            ModuleLayer.boot().modules().stream()
                .anyMatch(m -> m.getName().equals("jdk.incubator.vector")));
  }

  @Test
  void itsKernelsAreThoseThatUseIt() throws ReflectiveOperationException {
    assumeTrue(VectorApi.isThere(), "a JVM with the module " + VectorApi.MODULE);
    assertThat(VectorApi.kernels().getClass().getSimpleName()).isEqualTo("VectorKernels");
  }
}
