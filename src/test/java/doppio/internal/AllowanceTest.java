package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AllowanceTest {
  private static final int ALL = 8 * 1000 + (1 << 26);

  private final Allowance allowance = new Allowance(1000);

  @Test
  void eightBytesForEachOfTheFileAndAConstantMayBeTakenAndNoMore() throws IOException {
    assertThat(allowance.tryTake(ALL - 10)).isTrue();
    assertThat(allowance.tryTake(11)).isFalse();
    allowance.take(10);
    assertThat(allowance.tryTake(0)).isTrue();
    assertThatThrownBy(() -> allowance.take(1))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "expected a file that takes at most 8 times its 1000 bytes of memory and 64 MiB, but"
                + " it takes more");
  }

  @Test
  void aCopyHasWhatWasLeftAndGoesItsOwnWay() {
    assertThat(allowance.tryTake(10)).isTrue();
    Allowance copy = allowance.copy();
    assertThat(copy.tryTake(ALL - 9)).isFalse();
    assertThat(copy.tryTake(ALL - 10)).isTrue();
    assertThat(allowance.tryTake(ALL - 10)).isTrue();
    assertThatThrownBy(() -> copy.take(1)).hasMessageContaining("its 1000 bytes");
  }
}
