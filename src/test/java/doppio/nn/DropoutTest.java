package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.Moments;
import doppio.RandomTensors;
import doppio.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int MANY = 100_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.8})
  void survivorsAreScaledSoThatTheMeanStays(double p) {
    double[] y = new Dropout(p, new Generator(1)).forward(Tensor.full(1, MANY)).data();
    assertThat(y).containsOnly(0, 1 / (1 - p));
    // Mean 1, variance p/(1 − p); of values 0 or s the sample variance is m (s − m).
    double std = Math.sqrt(p / (1 - p));
    Moments m = Moments.of(y);
    assertThat(m.mean()).isCloseTo(1, within(5 * std / Math.sqrt(MANY)));
    assertThat(m.variance())
        .isCloseTo(
            p / (1 - p), within(5 * std / Math.sqrt(MANY) * Math.abs(1 / (1 - p) - 2) + 1e-4));
  }

  @Test
  void backwardUsesTheMaskOfForward() {
    Dropout dropout = new Dropout(0.4, new Generator(1));
    Tensor x = RandomTensors.normal(2, 30, 10);
    Tensor gy = RandomTensors.normal(3, 30, 10);
    Tensor y = dropout.forward(x);
    Tensor gx = dropout.backward(gy);
    for (int i = 0; i < x.size(); i++) {
      assertThat(gx.data()[i] / gy.data()[i]).isCloseTo(y.data()[i] / x.data()[i], within(1e-15));
    }
    assertThat(dropout.backward(gy).data()).containsExactly(gx.data());
  }

  @Test
  void everyForwardDrawsANewMask() {
    Dropout dropout = new Dropout(0.5, new Generator(1));
    Tensor ones = Tensor.full(1, 100);
    assertThat(dropout.forward(ones).data()).isNotEqualTo(dropout.forward(ones).data());
  }

  @Test
  void evaluationIsTheIdentityForwardAndBackward() {
    Dropout dropout = new Dropout(0.5, new Generator(1));
    Tensor x = RandomTensors.normal(2, 5, 4);
    dropout.forward(x);
    dropout.eval();
    assertThat(dropout.forward(x).data()).containsExactly(x.data());
    assertThat(dropout.backward(x).data()).containsExactly(x.data());
  }

  @Test
  void backwardBelongsToTheLastForwardWhateverTheModeIsNow() {
    Dropout dropout = new Dropout(0.5, new Generator(1));
    Tensor ones = Tensor.full(1, 100);
    Tensor y = dropout.forward(ones);
    dropout.eval();
    dropout.infer(ones);
    assertThat(dropout.backward(ones).data()).containsExactly(y.data());
  }

  @Test
  void probabilityZeroKeepsEverything() {
    Tensor x = RandomTensors.normal(2, 50);
    assertThat(new Dropout(0, new Generator(1)).forward(x).data()).containsExactly(x.data());
  }

  @Test
  void masksComeFromTheGivenOrTheDefaultGenerator() {
    Tensor ones = Tensor.full(1, 50);
    double[] expected = new Dropout(0.5, new Generator(3)).forward(ones).data();
    Generator.manualSeed(3);
    assertThat(new Dropout(0.5).forward(ones).data()).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 1.2, Double.NaN})
  void otherProbabilitiesAreRefused(double p) {
    assertThatThrownBy(() -> new Dropout(p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p must be in [0, 1), got " + p);
  }

  @Test
  void nothingIsDrawnWhereNothingIsDropped() {
    Generator generator = new Generator(3);
    Tensor x = Tensor.of(1, -2, 3);
    assertThat(new Dropout(0, generator).forward(x).data()).containsExactly(x.data());
    assertThat(generator.random64()).isEqualTo(new Generator(3).random64());
  }
}
