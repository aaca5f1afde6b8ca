package doppio.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  /** Values of Python's {@code math.erf}; the way changes at a half. */
  @ParameterizedTest
  @CsvSource({
    "1e-300, 1.1283791670955126e-300",
    "1e-8, 1.1283791670955126e-08",
    "0.1, 0.1124629160182849",
    "0.3, 0.3286267594591274",
    "0.49999, 0.5204910899433182",
    "0.5, 0.5204998778130465",
    "0.75, 0.7111556336535151",
    "1, 0.8427007929497149",
    "1.5, 0.9661051464753108",
    "2, 0.9953222650189527",
    "3, 0.9999779095030014",
    "4.5, 0.9999999998033839",
    "30, 1"
  })
  void itIsRightToAFewUlpsOnBothSides(double x, double expected) {
    assertThat(ErrorFunction.of(x)).isCloseTo(expected, within(4 * Math.ulp(expected)));
    assertThat(ErrorFunction.of(-x)).isEqualTo(-ErrorFunction.of(x));
    double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
    assertThat(ErrorFunction.slope(x)).isCloseTo(slope, within(4 * Math.ulp(slope)));
  }

  @Test
  void itsEndsAreOneAndNanStays() {
    assertThat(ErrorFunction.of(Double.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(ErrorFunction.of(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(ErrorFunction.of(Double.NaN)).isNaN();
    assertThat(ErrorFunction.of(0)).isZero();
  }
}
