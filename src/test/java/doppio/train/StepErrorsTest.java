package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Campaign;
import doppio.fault.FaultyClasses;
import doppio.internal.ChildJvm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An error at whatever place of a training, and what is left of it. Of the places, each kind of
 * training takes one of five by default, others than the next kind; {@code -Ddoppio.long} takes
 * all.
 */
@Tag("once")
class StepErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "everything, true",
    "blocks, true",
    "best, true",
    "own rule, false",
    "trial and resume, false"
  })
  void whereverMemoryIsTooLittleATrainingGoesOnWithTheSameBitsOrSaysThatItCannot(
      String kind, boolean halfMade) throws ReflectiveOperationException {
    Map<?, ?> found = (Map<?, ?>) FaultyClasses.run(FaultyTraining.class, kind);
    assertThat((int) found.get("errors")).isGreaterThan(Campaign.LONG ? 500 : 100);
    // A rule of the library changes numbers in their place; what another one, or a trial, has
    // changed is undone.
    assertThat((int) found.get("half made") > 0).isEqualTo(halfMade);
  }

  @ParameterizedTest
  @ValueSource(strings = {"everything", "blocks"})
  @Tag("jvm")
  void soItDoesWhereTheHeapIsReallyFull(String kind) {
    String by = Campaign.LONG ? "3000" : "9000";
    ChildJvm.Result result = ChildJvm.run(SmallHeap.class, List.of("-Xmx20m"), kind, by);
    assertThat(result.exit()).as("%s", result.errors()).isZero();
    assertThat(Integer.parseInt(result.output().get(0))).isGreaterThan(Campaign.LONG ? 10 : 3);
  }
}
