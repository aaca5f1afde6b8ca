package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.AllocationJvm;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step of training, and an answer, allocate what they return and next to nothing else. */
@Tag("jvm")
class AllocationTest {
  private static final Pattern NUMBERS = Pattern.compile(": (-?\\d+) of (\\d+)$");
  private static final int CASES = AllocationProgram.NETWORKS.length * 2 * 4;

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void aStepAndAnAnswerAllocateWhatTheyReturn(String kernels) {
    List<String> lines = AllocationJvm.run(AllocationProgram.class, kernels);
    assertThat(lines).hasSize(CASES);
    assertThat(lines)
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
