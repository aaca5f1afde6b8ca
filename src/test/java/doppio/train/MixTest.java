package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MixTest {
  /** The JDK's generator ends with the same finaliser. */
  @Test
  void aNumberIsMixedAsSplitMixDoes() {
    assertThat(Mix.of()).isZero();
    assertThat(Mix.of(0)).isEqualTo(0xe220a8397b1dcdafL);
    for (long number : new long[] {0, 1, -1, 12345, Long.MIN_VALUE}) {
      long mixed = new SplittableRandom(number).nextLong();
      assertThat(Mix.of(number)).isEqualTo(mixed);
      assertThat(Mix.of(number, 7)).isEqualTo(new SplittableRandom(mixed + 7).nextLong());
    }
  }
}
