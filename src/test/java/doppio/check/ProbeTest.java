package doppio.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Slopes are those of the function, and their noise is that of the numbers they come from. */
class ProbeTest {
  private static final double ULP = Math.ulp(1.0);
  private static final double H = 0x1p-10;
  private final double[] x = {1};

  @Test
  void slopesOfACubicAreExactInTheMiddleAndOfSecondOrderAtTheSides() {
    Slopes s = probe(2, v -> v * v * v).measure(x, 0, 0x1p-4);
    assertThat(s.central()).isEqualTo(6);
    assertThat(s.left()).isCloseTo(6 - 2 * 2 * 0x1p-8, within(1e-12));
    assertThat(s.right()).isCloseTo(6 - 2 * 2 * 0x1p-8, within(1e-12));
    assertThat(s.step()).isEqualTo(0x1p-4);
    assertThat(x[0]).isEqualTo(1);
  }

  @Test
  void noiseIsTheRoundingOfTheLargestOutputMeasured() {
    double noise = probe(2, v -> v).measure(x, 0, H).noise();
    assertThat(noise).isCloseTo(4 * ULP * 2 * (1 + 2 * H) / H, within(1e-18));
    assertThat(probe(2, v -> 3 - v).measure(x, 0, H).noise())
        .isCloseTo(4 * ULP * 2 * (2 + 2 * H) / H, within(1e-18));
  }

  @Test
  void anOutputThatChangesOnOneSideAloneRounds() {
    assertThat(probe(1, v -> 1 + Math.max(0, v - 1)).measure(x, 0, H).noise()).isPositive();
    assertThat(probe(1, v -> 1 + Math.min(0, v - 1)).measure(x, 0, H).noise()).isPositive();
    assertThat(probe(1, v -> 1).measure(x, 0, H).noise()).isZero();
  }

  @Test
  void pointsThatAreRoundedThemselvesAddNoise() {
    x[0] = 3;
    double h = 0x1p-52;
    Slopes s = probe(1, v -> 1 + v).measure(x, 0, h);
    assertThat(s.central()).isNotZero();
    // x ± h lie half a unit in the last place beside what can be written.
    double outputs = 4 * ULP * 4 / h;
    assertThat(s.noise()).isCloseTo(outputs + Math.abs(s.central()), within(1e-6));
  }

  @Test
  void outputsThatNoStepChangesHideALittle() {
    Probe probe = new Probe(() -> new double[] {2, 1 + 1e-20 * x[0], x[0]}, new double[] {1, 3, 9});
    probe.measure(x, 0, H);
    assertThat(probe.hidden(1)).isCloseTo(8 * ULP * (2 + 3), within(1e-30));
    assertThat(probe.hidden(-10)).isCloseTo(8 * ULP * (2 + 3) / 10, within(1e-30));
    assertThat(probe.hidden(0.1)).isCloseTo(8 * ULP * (2 + 3), within(1e-30));
    probe.turn();
    assertThat(probe.hidden(1)).isCloseTo(8 * ULP * (2 + 3 + 9), within(1e-30));
  }

  @Test
  void outsideTheDomainNothingIsFinite() {
    Probe probe =
        probe(
            1,
            v -> {
              if (v < 1) {
                throw new ArithmeticException();
              }
              return v;
            });
    assertThat(probe.measure(x, 0, H).isFinite()).isFalse();
    assertThat(x[0]).isEqualTo(1);
  }

  /** At x + 2h a step of a quarter of the last place is lost, at x − 2h none of it. */
  @Test
  void thePointThatIsRoundedMostCounts() {
    double h = 0x1p-54;
    Slopes s = probe(1, v -> 0x1p53 * v).measure(x, 0, h);
    assertThat(s.central()).isEqualTo(-1 / (12 * h));
    double outputs = 4 * ULP * 0x1p53 / h;
    assertThat(s.noise()).isCloseTo(outputs + 0x1p-53 / 12 / h / h, within(1e6));
  }

  @Test
  void aNumberIsAloneWhereBothOfItsNeighboursAreRefused() {
    assertThat(taking(-1, 1).isAlone(x, 0)).isFalse();
    assertThat(taking(0, 1).isAlone(x, 0)).isFalse();
    assertThat(taking(-1, 0).isAlone(x, 0)).isFalse();
    assertThat(taking(0, 0).isAlone(x, 0)).isTrue();
    assertThat(x[0]).isEqualTo(1);
  }

  /** y = x for 1 and its neighbours, so many below and above. */
  private Probe taking(int below, int above) {
    return probe(
        1,
        v -> {
          if (v < 1 + below * Math.ulp(0.5) || v > 1 + above * ULP) {
            throw new IllegalArgumentException("not " + v);
          }
          return v;
        });
  }

  @Test
  void slopesKnowWhetherTheyAreSmooth() {
    assertThat(new Slopes(1, 1.75, 1.5, 2, 0).isSmooth(0.25)).isTrue();
    assertThat(new Slopes(1, 1.75, 1.4, 2, 0).isSmooth(0.25)).isFalse();
    assertThat(new Slopes(1, 1.75, -1.4, -2, 0.2).isSmooth(0.25)).isTrue();
    assertThat(new Slopes(1, 1.75, 1.5, 2, 0).doubt()).isEqualTo(0.25);
    assertThat(new Slopes(1, 1.75, 1.5, 2, 0).isFinite()).isTrue();
    assertThat(new Slopes(1, 1.75, Double.NaN, 2, 0).isFinite()).isFalse();
    assertThat(new Slopes(1, 1.75, 1.5, 1 / 0.0, 0).isFinite()).isFalse();
    assertThat(new Slopes(1, 1.75, 1.5, 2, 1 / 0.0).isFinite()).isFalse();
  }

  private Probe probe(double g, DoubleUnaryOperator f) {
    return new Probe(() -> new double[] {f.applyAsDouble(x[0])}, new double[] {g});
  }
}
