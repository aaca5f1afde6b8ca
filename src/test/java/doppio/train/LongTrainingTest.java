package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Campaign;
import doppio.internal.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A training of any length keeps no more than its history's limit: of ten million steps with {@code
 * -Ddoppio.long}, else of two million, whose losses would be more than the heap, too.
 */
@Tag("jvm")
class LongTrainingTest {
  private static final int STEPS = Campaign.LONG ? 10_000_000 : 2_000_000;
  private static final List<String> OPTIONS =
      List.of(Campaign.LONG ? "-Xmx64m" : "-Xmx16m", "-Ddoppio.threads=1");

  @Test
  void millionsOfStepsFitASmallHeap() {
    ChildJvm.Result result = run();
    assertThat(result.exit()).as("%s", result).isZero();
    int stride = Campaign.LONG ? 256 : 32;
    int kept = (STEPS + stride - 1) / stride;
    assertThat(result.output()).containsExactly("" + STEPS, "" + kept, "" + stride);
  }

  @Test
  void millionsOfStepsThatKeepNoLossFitToo() {
    ChildJvm.Result result = run("0");
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).containsExactly("" + STEPS, "0", "1");
  }

  private static ChildJvm.Result run(String... limit) {
    List<String> arguments = new ArrayList<>(List.of("" + STEPS / 10));
    arguments.addAll(List.of(limit));
    return ChildJvm.run(LongTrainingProgram.class, OPTIONS, arguments.toArray(String[]::new));
  }
}
