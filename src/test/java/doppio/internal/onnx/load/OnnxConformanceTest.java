package doppio.internal.onnx.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own conformance suite, where it is there: Debian's package libonnx-testdata, or a folder
 * that {@code -Ddoppio.onnx.data} names.
 */
class OnnxConformanceTest {
  /** Cases of the suite of ONNX 1.12 that {@link ConformanceCase#reasonToLeaveOut} leaves. */
  private static final int CHOSEN = 198;

  @Test
  void casesOfOneInputWithSupportedOperatorsGiveTheExpectedOutput() throws IOException {
    assumeTrue(
        Files.isDirectory(ConformanceCase.DATA),
        "skipped: no conformance suite in " + ConformanceCase.DATA);
    Map<String, String> failures = new TreeMap<>();
    Map<String, Integer> leftOut = new TreeMap<>();
    int chosen = 0;
    for (ConformanceCase c : ConformanceCase.all()) {
      String reason = c.reasonToLeaveOut();
      if (reason != null) {
        leftOut.merge(reason, 1, Integer::sum);
        continue;
      }
      chosen++;
      String problem = c.problem();
      if (problem != null) {
        failures.put(c.name(), problem);
      }
    }
    assertThat(failures).as("of %s chosen, left out %s", chosen, leftOut).isEmpty();
    assertThat(chosen).as("left out %s", leftOut).isGreaterThanOrEqualTo(CHOSEN);
  }
}
