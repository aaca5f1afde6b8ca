package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Uniform numbers of narrow ranges, and of ranges and deviations that no double can hold. */
class GeneratorRangeTest {
  private static final double MAX = Double.MAX_VALUE;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void everyNumberOfANarrowRangeIsAsLikelyAndItsUpperEndNeverComes() {
    int rounds = 60_000;
    for (double low : new double[] {1, -1, 0, 0.1, 1e300, -1e-300, 0x1p52, Double.MIN_VALUE}) {
      for (int steps : new int[] {1, 2, 3, 5}) {
        double unit = low < 0 ? low - Math.nextDown(low) : Math.ulp(low);
        if (low < 0) {
          unit = Math.min(unit, Math.ulp(Math.nextUp(low)));
        }
        double high = low + steps * unit;
        double[] values = new double[rounds];
        new Generator(1).uniform(values, low, high);
        int[] counts = new int[steps];
        for (double v : values) {
          assertThat(v).isGreaterThanOrEqualTo(low).isLessThan(high);
          counts[(int) Math.rint((v - low) / unit)]++;
        }
        double expected = (double) rounds / steps;
        for (int count : counts) {
          assertThat((double) count)
              .as("%s and %d steps", low, steps)
              .isCloseTo(expected, within(1 + 5 * Math.sqrt(expected * (steps - 1) / steps)));
        }
      }
    }
  }

  @Test
  void theUpperEndNeverComesInSinglePrecisionEither() {
    double[] values = new double[10_000];
    for (float low : new float[] {1, -2, 1e30f, 0}) {
      double high = Math.nextUp(Math.nextUp(low));
      new Generator(1).singlePrecision().uniform(values, low, high);
      assertThat(Arrays.stream(values).distinct().sorted().toArray())
          .containsExactly(low, Math.nextUp(low));
    }
    new Generator(1).singlePrecision().uniform(values, 1, Math.nextUp(1.0));
    assertThat(values).containsOnly(1);
  }

  @Property(tries = 300)
  void numbersOfAnyRangeLieInIt(
      @ForAll double low,
      @ForAll @DoubleRange(min = 0, max = 1e300) double width,
      @ForAll int seed) {
    double from = low / 2;
    double to = Math.max(from, from + width);
    double[] values = new double[50];
    new Generator(seed).uniform(values, from, to);
    for (double v : values) {
      assertThat(v).isGreaterThanOrEqualTo(from);
      assertThat(v < to || from == to).isTrue();
    }
  }

  @Property(tries = 100)
  void otherNumbersAreThoseOfPyTorchStill(@ForAll @IntRange(max = 1000) int seed) {
    double[] u = new double[20];
    double[] values = new double[20];
    new Generator(seed).uniform(u, 0, 1);
    new Generator(seed).uniform(values, -0.3, 0.7);
    for (int i = 0; i < 20; i++) {
      assertThat(values[i]).isEqualTo(Math.fma(u[i], 0.7 - -0.3, -0.3));
    }
  }

  @Test
  void theWidestRangeIsTheLargestDouble() {
    double[] values = new double[1000];
    for (double[] range : new double[][] {{0, MAX}, {-MAX, 0}, {-MAX / 2, MAX / 2}}) {
      new Generator(1).uniform(values, range[0], range[1]);
      for (double v : values) {
        assertThat(v).isGreaterThanOrEqualTo(range[0]).isLessThan(range[1]);
      }
      double middle = range[0] / 2 + range[1] / 2;
      assertThat(Arrays.stream(values).map(v -> v / MAX).average().orElseThrow())
          .isCloseTo(middle / MAX, within(5 / Math.sqrt(12 * 1000)));
    }
  }

  @Test
  void rangesWhoseWidthOverflowsAreRefused() {
    String apart = "low and high are so far apart that high - low overflows, got ";
    Generator g = new Generator(1);
    refused(g, -MAX, MAX, apart + "-1.7976931348623157E308 and 1.7976931348623157E308");
    refused(g, -1e308, 1e308, apart + "-1.0E308 and 1.0E308");
    refused(g, -MAX, 1e300, apart + "-1.7976931348623157E308 and 1.0E300");
    Generator single = g.singlePrecision();
    refused(single, -2e38, 2e38, apart + "-2.0E38 and 2.0E38");
    String finite = "low and high must be finite, in this order, got ";
    for (Generator each : new Generator[] {g, single}) {
      refused(each, 1, 0, finite + "1.0 and 0.0");
      refused(each, 0, Double.NaN, finite + "0.0 and NaN");
      refused(each, Double.NaN, 0, finite + "NaN and 0.0");
      refused(each, 0, INFINITY, finite + "0.0 and Infinity");
      refused(each, -INFINITY, 0, finite + "-Infinity and 0.0");
      refused(each, INFINITY, INFINITY, finite + "Infinity and Infinity");
    }
    refused(single, 0, 1e39, finite + "0.0 and 1.0E39");
  }

  private static void refused(Generator g, double low, double high, String message) {
    double[] values = {7};
    long[] state = g.state();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.uniform(values, low, high))
        .withMessage(message);
    assertThat(values).containsExactly(7);
    assertThat(g.state()).containsExactly(state);
  }

  @Test
  void normalNumbersThatOverflowAreRefused() {
    Generator g = new Generator(1);
    notNormal(g, 0, 1e308, "normal numbers of mean 0.0 and std 1.0E308 overflow");
    notNormal(g, 0, INFINITY, "normal numbers of mean 0.0 and std Infinity overflow");
    notNormal(g, -1.7e308, 1e307, "normal numbers of mean -1.7E308 and std 1.0E307 overflow");
    notNormal(g, INFINITY, 1, "mean must be finite, got Infinity");
    notNormal(g, Double.NaN, 1, "mean must be finite, got NaN");
    notNormal(g.singlePrecision(), 0, 1e38, "normal numbers of mean 0.0 and std 1.0E38 overflow");
    double[] values = new double[100];
    g.normal(values, 0, 1e307);
    for (double v : values) {
      assertThat(v).isFinite();
    }
  }

  private static void notNormal(Generator g, double mean, double std, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.normal(new double[1], mean, std))
        .withMessage(message);
  }
}
