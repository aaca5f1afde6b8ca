package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What looks as if it had gone through a softmax already. */
class ProbabilitiesTest {
  @Test
  void rowsOfWhatIsNotNegativeAndSumsToOneAre() {
    assertThat(Probabilities.are(new double[] {0.25, 0.75, 0.5, 0.5}, 2)).isTrue();
    assertThat(Probabilities.are(new double[] {1, 0, 0, 0.25, 0.25, 0.5}, 3)).isTrue();
    assertThat(Probabilities.are(new double[] {0.5, 1e-9 - 1e-12, 0.5}, 3)).isTrue();
  }

  @Test
  void oneRowOfAnotherSumIsEnough() {
    assertThat(Probabilities.are(new double[] {0.5, 0.75, 0.5, 0.5}, 2)).isFalse();
    assertThat(Probabilities.are(new double[] {0.5, 0.5, 0.5, 0.25}, 2)).isFalse();
    assertThat(Probabilities.are(new double[] {0.5, 1e-9 + 1e-12, 0.5}, 3)).isFalse();
    assertThat(Probabilities.are(new double[] {0, 0}, 2)).isFalse();
  }

  @Test
  void whatIsNegativeOrNoNumberIsNone() {
    assertThat(Probabilities.are(new double[] {0.5, 0.5, 1.5, -0.5}, 2)).isFalse();
    assertThat(Probabilities.are(new double[] {Double.NaN, 1}, 2)).isFalse();
    assertThat(Probabilities.are(new double[] {Double.POSITIVE_INFINITY, 0}, 2)).isFalse();
  }
}
