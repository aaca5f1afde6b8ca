package doppio.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausalPatchesTest {
  /** Else the working arrays of a wide convolution would take as much memory as a data set. */
  @ParameterizedTest
  @CsvSource({
    "2, 3, 1024",
    "1024, 1, 1024",
    "1025, 1, 768",
    "1, 2000, 512",
    "40, 60, 256",
    "1, 8388607, 256"
  })
  void aBlockOfRowsHasAThousandOrEightMegabytesInWholeChainsOfASum(int in, int kernel, int rows) {
    assertThat(new CausalPatches(in, kernel, 1).rows()).isEqualTo(rows);
  }
}
