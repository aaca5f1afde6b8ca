package doppio.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withPrecision;
import static org.assertj.core.api.Assertions.within;

import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientClipTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Parameter a = Parameters.of(0, 0);
  private final Parameter b = Parameters.of(0);
  private final Parameter without = Parameters.of(0);
  private final List<Parameter> all = List.of(a, b, without);

  GradientClipTest() {
    Parameters.gradient(a, 3, -4);
    Parameters.gradient(b, 12);
  }

  @Test
  void theNormIsThatOfAllGradientsAsOneVector() {
    assertThat(GradientClip.norm(all, 6.5)).isEqualTo(13);
    // PyTorch's numbers.
    assertThat(a.grad().data())
        .containsExactly(new double[] {1.4999998846153937, -1.9999998461538582}, within(1e-15));
    assertThat(b.grad().data()).containsExactly(new double[] {5.999999538461575}, within(1e-15));
    assertThat(without.hasGradient()).isFalse();
  }

  @Test
  void aSmallerNormIsLetThrough() {
    for (double max : new double[] {13.1, INFINITY}) {
      assertThat(GradientClip.norm(all, max)).isEqualTo(13);
      assertThat(a.grad().data()).containsExactly(3, -4);
      assertThat(b.grad().data()).containsExactly(12);
    }
  }

  @Test
  void aParameterCountsOnce() {
    assertThat(GradientClip.norm(List.of(a, a), 2.5)).isEqualTo(5);
    assertThat(a.grad().data()).containsExactly(new double[] {1.5, -2}, within(1e-6));
  }

  @Test
  void zeroGradientsHaveTheNormZeroAndAZeroBoundClearsThem() {
    assertThat(GradientClip.norm(List.of(without), 1)).isZero();
    assertThat(GradientClip.norm(List.of(), 1)).isZero();
    assertThat(GradientClip.norm(all, 0)).isEqualTo(13);
    assertThat(a.grad().data()).containsExactly(0, -0.0);
  }

  @Test
  void gradientsOfZerosHaveTheNormZeroAndStay() {
    Parameters.gradient(a, 0, 0);
    assertThat(GradientClip.norm(List.of(a, without), 1e-7)).isZero();
    assertThat(a.grad().data()).containsExactly(0, 0);
  }

  @Test
  void theNormIsRightWhereItsSquareIsBeyondADouble() {
    Parameters.gradient(a, 3e200, -4e200);
    Parameters.gradient(b, 12e200);
    assertThat(GradientClip.norm(all, 6.5e200)).isEqualTo(13e200, withPrecision(1e186));
    assertThat(a.grad().data()).containsExactly(new double[] {1.5e200, -2e200}, within(1e186));
  }

  @Test
  void finiteGradientsAreScaledEvenWhereTheirNormIsBeyondADouble() {
    Parameters.gradient(a, 1.5e308, -1.5e308);
    assertThat(GradientClip.norm(List.of(a), Math.sqrt(2))).isEqualTo(INFINITY);
    assertThat(a.grad().data()).containsExactly(new double[] {1, -1}, within(1e-15));
  }

  @Test
  void theNormIsRightWhereItsSquareIsZero() {
    Parameters.gradient(a, 3e-200, -4e-200);
    Parameters.gradient(b, 12e-200);
    assertThat(GradientClip.norm(all, 1e-6)).isEqualTo(13e-200, withPrecision(1e-214));
    assertThat(a.grad().data()).as("1e-6 / (norm + 1e-6) is 1").containsExactly(3e-200, -4e-200);
    GradientClip.norm(all, 5e-7);
    assertThat(a.grad().data()).containsExactly(new double[] {1.5e-200, -2e-200}, within(1e-214));
  }

  @Test
  void anInfiniteBoundLetsEverythingThrough() {
    Parameters.gradient(b, INFINITY);
    assertThat(GradientClip.norm(all, INFINITY)).isEqualTo(INFINITY);
    assertThat(a.grad().data()).containsExactly(3, -4);
    assertThat(b.grad().data()).containsExactly(INFINITY);
  }

  @Test
  void normsThatAreNotFinite() {
    Parameters.gradient(b, INFINITY);
    assertThat(GradientClip.norm(all, 1)).isEqualTo(INFINITY);
    assertThat(a.grad().data()).containsExactly(0, -0.0);
    Parameters.gradient(b, Double.NaN);
    assertThat(GradientClip.norm(all, 1)).isNaN();
    assertThat(a.grad().data()).containsOnly(Double.NaN);
  }

  @Test
  void valuesAreClamped() {
    Parameters.gradient(b, Double.NaN);
    GradientClip.value(all, 3.5);
    assertThat(a.grad().data()).containsExactly(3, -3.5);
    assertThat(b.grad().data()).containsExactly(Double.NaN);
    assertThat(without.hasGradient()).isFalse();
    GradientClip.value(all, INFINITY);
    assertThat(a.grad().data()).containsExactly(3, -3.5);
    GradientClip.value(all, 1);
    assertThat(a.grad().data()).containsExactly(1, -1);
  }

  @Test
  void boundsOutOfRangeAreRefused() {
    for (double bad : new double[] {-1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GradientClip.norm(all, bad))
          .withMessage("max must not be negative, got " + bad);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GradientClip.value(all, bad))
          .withMessage("limit must not be negative, got " + bad);
    }
    assertThat(a.grad().data()).containsExactly(3, -4);
  }
}
