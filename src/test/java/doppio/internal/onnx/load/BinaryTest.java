package doppio.internal.onnx.load;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.internal.onnx.load.Binary.Kind;
import org.junit.jupiter.api.Test;

class BinaryTest {
  /** Where a function has a kink, as automatic differentiation of PyTorch has it. */
  @Test
  void equalArgumentsOfAMaximumShareItsGradient() {
    for (Kind kind : new Kind[] {Kind.MIN, Kind.MAX}) {
      assertThat(kind.slope(2, 2, 0)).isEqualTo(0.5);
      assertThat(kind.slope(2, 2, 1)).isEqualTo(0.5);
    }
  }

  @Test
  void theZerothPowerIsFlatEverywhere() {
    assertThat(Kind.POW.slope(0, 0, 0)).isZero();
    assertThat(Kind.POW.slope(-2, 0, 0)).isZero();
    assertThat(Kind.POW.slope(-3, 2, 0)).isEqualTo(-6);
  }

  @Test
  void atZeroARectifierGoesOnAsOnTheRight() {
    assertThat(Kind.PRELU.slope(0, 0.1, 0)).isEqualTo(1);
    assertThat(Kind.PRELU.slope(-1, 0.1, 0)).isEqualTo(0.1);
    assertThat(Kind.PRELU.slope(-2, 0.1, 1)).isEqualTo(-2);
  }
}
