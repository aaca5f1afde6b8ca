package doppio.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import doppio.Tensor;
import doppio.nn.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;

class L2Test {
  private final Parameter five = new Parameter(Tensor.of(5, 3, 7, 5, 0.5));

  @Test
  void aCaseWorkedByHandComesOut() {
    assertThat(L2.penalty(2, List.of(five))).isEqualTo(108.25);
  }

  @Test
  void severalParametersAddUp() {
    Parameter matrix = new Parameter(Tensor.of(new double[][] {{-1, 2}, {0, -2}}));
    assertThat(L2.penalty(0.5, List.of(five, matrix))).isEqualTo((108.25 + 9) / 4);
  }

  @Test
  void aParameterCountsOnce() {
    assertThat(L2.penalty(2, List.of(five, five))).isEqualTo(108.25);
  }

  @Test
  void withoutParametersOrLambdaThePenaltyIsZero() {
    assertThat(L2.penalty(2, List.of())).isZero();
    assertThat(L2.penalty(0, List.of(five))).isZero();
  }

  @Test
  void aLambdaThatIsNegativeOrNotFiniteIsRefused() {
    for (double lambda : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> L2.penalty(lambda, List.of(five)))
          .withMessage("lambda must be finite and not negative, got " + lambda);
    }
  }
}
