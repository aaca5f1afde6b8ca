package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.ChildJvm;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A training of any length keeps no more than its history's limit. */
@Tag("jvm")
class LongTrainingTest {
  private static final List<String> OPTIONS = List.of("-Xmx64m", "-Ddoppio.threads=1");

  @Test
  void tenMillionStepsFitASmallHeap() {
    ChildJvm.Result result = ChildJvm.run(LongTrainingProgram.class, OPTIONS);
    assertThat(result.exit()).as("%s", result).isZero();
    // Ten million steps, of every 256th.
    assertThat(result.output()).containsExactly("10000000", "39063", "256");
  }

  @Test
  void tenMillionStepsThatKeepNoLossFitToo() {
    ChildJvm.Result result = ChildJvm.run(LongTrainingProgram.class, OPTIONS, "0");
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.output()).containsExactly("10000000", "0", "1");
  }
}
