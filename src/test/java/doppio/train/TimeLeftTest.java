package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TimeLeftTest {
  private static final long MILLI = 1_000_000;

  private final TimeLeft left = new TimeLeft();
  private long now = 5_000 * MILLI;

  private void batch(long millis) {
    now += millis * MILLI;
    left.batch(now);
  }

  private void epoch(long millis) {
    now += millis * MILLI;
    left.epoch(now);
  }

  @Test
  void aSlowFirstBatchDoesNotCountFromTheSecondOn() {
    left.start(now);
    batch(900);
    assertThat(left.seconds(10, 1, 0)).isCloseTo(9, within(1e-9));
    batch(10);
    assertThat(left.seconds(9, 1, 0)).isCloseTo(0.09, within(1e-9));
    batch(10);
    assertThat(left.seconds(8, 1, 0)).isCloseTo(0.08, within(1e-9));
  }

  /** Compiled code comes step by step: each batch a little faster than the one before. */
  @Test
  void fromTheThirdBatchOnItIsWithinAFactorOfTwo() {
    for (double warm : new double[] {1, 10, 1000}) {
      int batches = 500;
      double[] millis = new double[batches];
      for (int i = 0; i < batches; i++) {
        millis[i] = 20 * (i == 0 ? 1 + warm : 1 + Math.min(warm, 1) / i);
      }
      left.start(now);
      for (int i = 0; i < batches; i++) {
        now += (long) (millis[i] * MILLI);
        left.batch(now);
        if (i >= 2 && i < batches - 1) {
          double truth = 0;
          for (int k = i + 1; k < batches; k++) {
            truth += millis[k] / 1000;
          }
          assertThat(left.seconds(batches - 1 - i, 1, 0)).isBetween(truth / 2, truth * 2);
        }
      }
    }
  }

  @Test
  void whatAnEpochTakesBesidesItsBatchesCountsAndIsNoBatch() {
    left.start(now);
    batch(900);
    batch(10);
    batch(10);
    // 30 batches of validation, not measured yet, are worth 10.
    assertThat(left.seconds(17, 2, 30)).isCloseTo(0.17 + 2 * 0.1, within(1e-9));
    epoch(300);
    assertThat(left.seconds(10, 1, 30)).isCloseTo(0.1 + 0.3, within(1e-9));
    batch(10);
    assertThat(left.seconds(9, 1, 30)).isCloseTo(0.09 + 0.3, within(1e-9));
  }

  @Test
  void aSecondCallOfFitStartsAnew() {
    left.start(now);
    batch(5000);
    epoch(5000);
    now += 100_000 * MILLI;
    left.start(now);
    assertThat(left.seconds(7, 1, 3)).isZero();
    batch(10);
    assertThat(left.seconds(7, 1, 0)).isCloseTo(0.07, within(1e-9));
  }

  @Test
  void noTimeIsNegative() {
    left.start(now);
    batch(10);
    assertThat(left.seconds(-5, 0, 0)).isZero();
  }
}
