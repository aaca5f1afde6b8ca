package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.fault.FaultyClasses;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An error at whatever place of a pass. */
@Tag("once")
class PassErrorsTest {
  @Test
  void whereverMemoryIsTooLittleAModuleGivesTheSameBitsWhenItIsAskedAgain()
      throws ReflectiveOperationException {
    Map<?, ?> found = (Map<?, ?>) FaultyClasses.run(FaultyModules.class, "");
    assertThat((int) found.get("modules")).isEqualTo((int) ModuleCases.all().count());
    assertThat((int) found.get("errors")).isGreaterThan(5000);
  }
}
