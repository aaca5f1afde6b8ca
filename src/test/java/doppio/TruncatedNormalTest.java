package doppio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The exact numbers are from sixty digits of the series of the error function. */
class TruncatedNormalTest {
  private static final int MANY = 100_000;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  void thePartOfTheDistributionWithinANumberIsExact() {
    double[][] exact = {
      {0, 0},
      {0.001, 0.0007978844278221252},
      {0.5, 0.3829249225480262},
      {1, 0.6826894921370859},
      {1.5, 0.8663855974622838},
      {2, 0.9544997361036416},
      {3, 0.9973002039367398},
      {5, 0.9999994266968563},
      {8, 0.9999999999999988},
      {9, 1},
      {INFINITY, 1}
    };
    for (double[] pair : exact) {
      assertThat(TruncatedNormal.within(pair[0]))
          .isCloseTo(pair[1], within(1e-15 * Math.min(1, pair[0])));
      assertThat(TruncatedNormal.within(-pair[0])).isEqualTo(-TruncatedNormal.within(pair[0]));
    }
  }

  @Test
  void theInverseIsThatOfTheNormalDistribution() {
    double[][] exact = {
      {0x1p-20, 1.1952535031469333e-06},
      {0.5, 0.6744897501960817},
      {0.849, 1.436008227944182},
      {0.85, 1.439531470938456},
      {1 - 0x1p-3, 1.5341205443525463},
      {1 - 0x1p-10, 3.2971933456919635},
      {1 - 0x1p-20, 4.900964207963193},
      {1 - 0x1p-30, 6.12075628597194},
      {1 - 0x1p-40, 7.143552034352189},
      {1 - 0x1p-53, 8.292361075813595}
    };
    assertThat(TruncatedNormal.inverse(0)).isZero();
    for (double[] pair : exact) {
      double z = TruncatedNormal.inverse(pair[0]);
      assertThat(z).isCloseTo(pair[1], within(4e-16 * pair[1]));
      assertThat(TruncatedNormal.inverse(-pair[0])).isEqualTo(-z);
    }
  }

  /**
   * z of a number u uniform over [0, 1) is the inverse of 2Φ(low) − 1 + u · 2 (Φ(high) − Φ(low)).
   */
  @Test
  void aNumberIsDrawnForEach() {
    double[] u = new double[40];
    double[] values = new double[40];
    new Generator(3).uniform(u, 0, 1);
    Generator g = new Generator(3);
    g.truncatedNormal(values, 0.5, 2, -1.5, 4.5);
    double from = -0.6826894921370859;
    double to = 0.9544997361036416;
    for (int i = 0; i < 40; i++) {
      double z = TruncatedNormal.inverse(from + u[i] * (to - from));
      assertThat(values[i]).isCloseTo(0.5 + 2 * z, within(1e-14));
    }
    Generator other = new Generator(3);
    other.uniform(u, 0, 1);
    assertThat(g.random64()).isEqualTo(other.random64());
  }

  /** Of the part of N(0, 1) between a and b the mean is (φ(a) − φ(b)) / (Φ(b) − Φ(a)). */
  @Test
  void momentsAreThoseOfTheDistribution() {
    double[] values = new double[MANY];
    // a, b, mean, variance: 1 + (aφ(a) − bφ(b)) / Z − mean².
    double[][] cases = {
      {-2, 2, 0, 0.7737413035499232},
      {-INFINITY, INFINITY, 0, 1},
      {0, INFINITY, 0.7978845608028654, 0.3633802276324187},
      {-1e300, 0, -0.7978845608028654, 0.3633802276324187}
    };
    for (double[] c : cases) {
      for (boolean single : new boolean[] {false, true}) {
        if (single && c[0] == -1e300) {
          continue;
        }
        Generator g = single ? new Generator(1).singlePrecision() : new Generator(1);
        g.truncatedNormal(values, 10, 3, 10 + 3 * c[0], 10 + 3 * c[1]);
        Moments m = Moments.of(values);
        assertThat(m.mean()).isCloseTo(10 + 3 * c[2], within(5 * 3 * Math.sqrt(c[3] / MANY)));
        assertThat(m.variance()).isCloseTo(9 * c[3], within(9 * c[3] * 5 * Math.sqrt(8.0 / MANY)));
        for (double v : values) {
          assertThat(v).isBetween(10 + 3 * c[0], 10 + 3 * c[1]).isFinite();
        }
      }
    }
  }

  @Test
  void numbersStayWithinTheirBounds() {
    double[] values = new double[1000];
    double[][] bounds = {
      {2, 2},
      {-2, -2},
      {0.1, 0.1},
      {0.1, Math.nextUp(0.1)},
      {2, 3},
      {2, INFINITY},
      {-INFINITY, -2},
      {-1e-9, 1e-9}
    };
    for (double[] b : bounds) {
      new Generator(1).truncatedNormal(values, 0, 1, b[0], b[1]);
      for (double v : values) {
        assertThat(v).isBetween(b[0], b[1]).isFinite();
      }
      assertThat(Arrays.stream(values).distinct().count())
          .isGreaterThanOrEqualTo(b[1] - b[0] > 1e-10 ? 1000 : 1);
    }
  }

  @Test
  void singlePrecisionGivesFloats() {
    double[] values = new double[100];
    double[] wide = new double[100];
    Generator g = new Generator(1).singlePrecision();
    g.truncatedNormal(values, 0.1, 0.3, -0.2, 0.7);
    for (double v : values) {
      assertThat(v).isEqualTo((float) v).isBetween((double) -0.2f, (double) 0.7f);
    }
    g.truncatedNormal(wide, 0, 1, -INFINITY, INFINITY);
    for (double v : wide) {
      assertThat(v).isEqualTo((float) v).isFinite();
    }
  }

  @Test
  void whatIsNoneIsRefusedAndDrawsNothing() {
    refused("std must be positive, got 0.0", 0, 0, -1, 1);
    refused("std must be positive, got -1.0", 0, -1, -1, 1);
    refused("std must be positive, got NaN", 0, Double.NaN, -1, 1);
    refused("mean must be finite, got NaN", Double.NaN, 1, -1, 1);
    refused("low must not be above high, got 1.0 and -1.0", 0, 1, 1, -1);
    refused("low must not be above high, got NaN and 1.0", 0, 1, Double.NaN, 1);
    refused("normal numbers of mean 0.0 and std 1.0E308 overflow", 0, 1e308, -1, 1);
    String message = "mean must lie within two std of low and high, got mean 0.0 and std 1.0 for ";
    refused(message + "low 2.5 and high 3.0", 0, 1, 2.5, 3);
    refused(message + "low -3.0 and high -2.5", 0, 1, -3, -2.5);
    message = "mean must lie within two std of low and high, got mean 0.0 and std 0.5 for ";
    refused(message + "low 1.25 and high 2.0", 0, 0.5, 1.25, 2);
    refused(message + "low -2.0 and high -1.25", 0, 0.5, -2, -1.25);
    message = "mean must lie within two std of low and high, got mean 0.0 and std 1.0 for ";
    refused(message + "low Infinity and high Infinity", 0, 1, INFINITY, INFINITY);
  }

  private static void refused(String message, double mean, double std, double low, double high) {
    double[] values = {7};
    Generator g = new Generator(1);
    long[] state = g.state();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> g.truncatedNormal(values, mean, std, low, high))
        .withMessage(message);
    assertThat(values).containsExactly(7);
    assertThat(g.state()).containsExactly(state);
  }
}
