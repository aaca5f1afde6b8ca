package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorDistributionTest {
  private static final int MANY = 100_000;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void uniformNumbersFillTheirRangeEvenly(boolean single) {
    Generator g = single ? new Generator(1).singlePrecision() : new Generator(1);
    double[] values = new double[MANY];
    g.uniform(values, -3, 5);
    int[] counts = new int[8];
    for (double v : values) {
      assertThat(v).isGreaterThanOrEqualTo(-3).isLessThan(5);
      counts[(int) (v + 3)]++;
    }
    double std = Math.sqrt(MANY / 8.0 * 7 / 8);
    for (int count : counts) {
      assertThat((double) count).isCloseTo(MANY / 8.0, within(5 * std));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void normalNumbersHaveTheirMoments(boolean inBlocks) {
    Generator g = new Generator(1);
    double[] values = new double[MANY];
    if (inBlocks) {
      g.normal(values, 2, 3);
    } else {
      for (int i = 0; i < MANY; i++) {
        values[i] = 2 + 3 * g.normal();
      }
    }
    Moments m = Moments.of(values);
    assertThat(m.mean()).isCloseTo(2, within(5 * 3 / Math.sqrt(MANY)));
    assertThat(m.variance()).isCloseTo(9, within(5 * 9 * Math.sqrt(2.0 / MANY)));
    assertThat(m.kurtosis()).isCloseTo(3, within(5 * Math.sqrt(24.0 / MANY)));
  }

  @Test
  void bernoulliGivesOnesWithItsFrequency() {
    double[] mask = new double[MANY];
    new Generator(1).bernoulli(mask, 0.3);
    assertThat(mask).containsOnly(0, 1);
    assertThat(Arrays.stream(mask).sum()).isCloseTo(0.3 * MANY, within(5 * Math.sqrt(0.21 * MANY)));
    new Generator(1).bernoulli(mask, 0);
    assertThat(mask).containsOnly(0);
    new Generator(1).bernoulli(mask, 1);
    assertThat(mask).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void bernoulliRefusesNoProbability(double p) {
    assertThatThrownBy(() -> new Generator(1).bernoulli(new double[2], p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p must be in [0, 1], got " + p);
  }

  @Property
  void permutationsHoldEveryNumberOnce(@ForAll long seed, @ForAll @IntRange(max = 200) int n) {
    int[] order = new Generator(seed).permutation(n);
    assertThat(order).hasSize(n);
    Arrays.sort(order);
    for (int i = 0; i < n; i++) {
      assertThat(order[i]).isEqualTo(i);
    }
  }

  @Test
  void everyPermutationIsEquallyLikely() {
    Generator g = new Generator(1);
    int[] counts = new int[27];
    int rounds = 12_000;
    for (int i = 0; i < rounds; i++) {
      int[] order = g.permutation(3);
      counts[9 * order[0] + 3 * order[1] + order[2]]++;
    }
    int[] occurring = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertThat(occurring).hasSize(6);
    for (int count : occurring) {
      assertThat((double) count).isCloseTo(rounds / 6.0, within(5 * Math.sqrt(rounds * 5 / 36.0)));
    }
  }

  @Test
  void aPermutationOfLessThanNothingIsRefused() {
    assertThatThrownBy(() -> new Generator(1).permutation(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n must not be negative, got -1");
  }
}
