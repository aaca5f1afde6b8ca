package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TotalTest {
  @Property(tries = 50)
  void aLongSumOfNumbersThatCancelIsThatOfBigDecimal(
      @ForAll @IntRange(min = Total.CHAIN + 1, max = 3 * Total.CHAIN) int n, @ForAll long seed) {
    double[] terms = new double[n];
    new Generator(seed).normal(terms, 0, 1e8);
    Total total = new Total(n);
    BigDecimal exact = BigDecimal.ZERO;
    for (double term : terms) {
      total.add(term);
      exact = exact.add(new BigDecimal(term));
    }
    double expected = exact.doubleValue();
    assertThat(total.value()).isCloseTo(expected, within(Math.abs(expected) * 2.3e-16 + 1e-12));
  }

  @Test
  void aShortSumIsOneChain() {
    Total total = new Total(Total.CHAIN);
    total.add(1e16);
    total.add(1);
    total.add(1);
    assertThat(total.value()).isEqualTo(1e16);
    total.addSquare(0.1);
    assertThat(total.value()).isEqualTo(Math.fma(0.1, 0.1, 1e16));
  }

  @Test
  void whatALongSumRoundsAwayComesBack() {
    Total total = new Total(Total.CHAIN + 1);
    total.add(1e16);
    total.add(1);
    total.addSquare(1);
    assertThat(total.value()).isEqualTo(1e16 + 2);
    total.add(-1e16);
    assertThat(total.value()).isEqualTo(2);
  }

  @Test
  void squaresAreRoundedOnceInAShortSumAndTwiceInALongOne() {
    Total few = new Total(Total.CHAIN);
    Total many = new Total(Total.CHAIN + 1);
    for (Total total : List.of(few, many)) {
      total.add(-0.01);
      total.addSquare(0.1);
    }
    assertThat(few.value()).isEqualTo(Math.fma(0.1, 0.1, -0.01));
    assertThat(many.value()).isEqualTo(0.1 * 0.1 - 0.01).isNotEqualTo(few.value());
  }

  @Test
  void aSumThatIsClearedStartsAnew() {
    Total total = new Total(Total.CHAIN + 1);
    total.add(1e16);
    total.add(1);
    total.clear();
    assertThat(total.value()).isZero();
    total.add(3);
    assertThat(total.value()).isEqualTo(3);
  }

  @Test
  void anEmptySumIsZero() {
    assertThat(new Total(0).value()).isZero();
    assertThat(new Total(Total.CHAIN + 1).value()).isZero();
  }

  @Test
  void infinityAndNanStay() {
    for (double bad : new double[] {1 / 0.0, -1 / 0.0, Double.NaN}) {
      Total total = new Total(Total.CHAIN + 1);
      total.add(1);
      total.add(bad);
      total.add(1);
      assertThat(total.value()).isEqualTo(Double.valueOf(bad));
    }
    Total overflowing = new Total(Total.CHAIN + 1);
    overflowing.add(Double.MAX_VALUE);
    overflowing.add(Double.MAX_VALUE);
    assertThat(overflowing.value()).isEqualTo(Double.POSITIVE_INFINITY);
  }
}
