package doppio.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochTextTest {
  @Test
  void numbersHaveFourDigitsBehindThePointWhereThatShowsEnough() {
    assertThat(EpochText.number(0)).isEqualTo("0.0000");
    assertThat(EpochText.number(0.01)).isEqualTo("0.0100");
    assertThat(EpochText.number(0.0099)).isEqualTo("9.900e-03");
    assertThat(EpochText.number(-99_999)).isEqualTo("-99999.0000");
    assertThat(EpochText.number(100_000)).isEqualTo("1.000e+05");
    assertThat(EpochText.number(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void durationsHaveHoursFromOneHourOn() {
    assertThat(EpochText.duration(6.6)).isEqualTo("0:07");
    assertThat(EpochText.duration(3599.4)).isEqualTo("59:59");
    assertThat(EpochText.duration(3599.5)).isEqualTo("1:00:00");
    assertThat(EpochText.duration(3723)).isEqualTo("1:02:03");
  }

  @Test
  void shortDurationsHaveOneUnit() {
    assertThat(EpochText.shortDuration(99.4)).isEqualTo("99s");
    assertThat(EpochText.shortDuration(100)).isEqualTo("1m");
    assertThat(EpochText.shortDuration(5999)).isEqualTo("99m");
    assertThat(EpochText.shortDuration(6000)).isEqualTo("1h");
    assertThat(EpochText.shortDuration(359_999)).isEqualTo("99h");
    assertThat(EpochText.shortDuration(360_000)).isEqualTo("4d");
  }
}
