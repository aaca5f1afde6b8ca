package doppio.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The number of helpers on machines that are made up. */
class GainTest {
  private static final long JOB_NANOS = 1_000_000;

  private long now = 12345;

  @ParameterizedTest
  @CsvSource({"1, 0, 0", "2, 1, 1", "4, 3, 7", "16, 15, 31", "64, 63, 63"})
  void findsHowManyProcessorsThereAre(int processors, int least, int most) {
    Gain gain = new Gain(63);
    work(gain, processors, 2000);
    assertThat(usual(gain, processors)).isBetween(least, most);
  }

  @Test
  void asksAllAgainWithinASecondsWorkWhenTheMachineIsFree() {
    Gain gain = new Gain(15);
    work(gain, 1, 5000);
    assertThat(usual(gain, 1)).isZero();
    work(gain, 16, 1200);
    assertThat(usual(gain, 16)).isEqualTo(15);
  }

  @Test
  void triesMoreLessThanOneTimeInFifty() {
    Gain gain = new Gain(63);
    work(gain, 2, 2000);
    int tries = 0;
    for (int i = 0; i < 2000; i++) {
      int helpers = work(gain, 2, 1);
      tries += helpers > 1 ? 1 : 0;
    }
    assertThat(tries).isBetween(1, 40);
  }

  @Test
  void oneDelayChangesNothing() {
    Gain gain = new Gain(7);
    for (int i = 0; i < 100; i++) {
      gain.learn(7, i % 2 == 0 ? 0.1 : 7, now);
      assertThat(gain.helpers(now)).isEqualTo(7);
    }
  }

  /** The most frequent number, for now and then more are tried. */
  private int usual(Gain gain, int processors) {
    int[] counts = new int[64];
    for (int i = 0; i < 100; i++) {
      counts[work(gain, processors, 1)]++;
    }
    int usual = 0;
    for (int i = 1; i < counts.length; i++) {
      usual = counts[i] > counts[usual] ? i : usual;
    }
    return usual;
  }

  /** Jobs of a machine whose speed is that of its processors; how many helped at the last one. */
  private int work(Gain gain, int processors, int jobs) {
    int helpers = 0;
    for (int i = 0; i < jobs; i++) {
      now += JOB_NANOS;
      helpers = gain.helpers(now);
      if (helpers > 0) {
        gain.learn(helpers, 0.9 * Math.min(helpers + 1, processors), now);
      }
    }
    return helpers;
  }
}
