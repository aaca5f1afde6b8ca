package doppio.internal.onnx.load;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import doppio.internal.onnx.load.Binary.Kind;
import org.junit.jupiter.api.Test;

/** Gradients where a function has a kink, and where several arguments are equal. */
class KinksTest {
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

  @Test
  void whereAClipOrAHardFunctionBeginsAndEnds() {
    assertThat(slopes(Unary.clip(-1, 2), -1.5, -1, 0, 2, 2.5)).containsExactly(0, 1, 1, 1, 0);
    assertThat(slopes(Unary.hardSigmoid(0.5, 0.5), -2, -1, 0, 1, 2))
        .containsExactly(0, 0, 0.5, 0, 0);
    assertThat(slopes(Unary.HARD_SWISH, -4, -3, 0, 3, 4)).containsExactly(0, 0, 0.5, 1, 1);
    assertThat(slopes(Unary.selu(2, 3), -1e-300, 0, 1)).containsExactly(6, 6, 3);
  }

  private static double[] slopes(Unary function, double... at) {
    Tensor x = Tensor.of(at);
    Tensor y = Tensor.zeros(at.length);
    function.compute(new Tensor[] {x}, y);
    Tensor gx = Tensor.zeros(at.length);
    function.gradient(new Tensor[] {x}, y, Tensor.full(1, at.length), 0, gx);
    return gx.data();
  }

  @Test
  void theFirstOfEqualNumbersOfAChannelGetsItsGradient() {
    Tensor x = Tensor.of(1, 3, 3, -5, -5, -7).reshape(1, 2, 3);
    Tensor y = Tensor.zeros(1, 2, 1);
    Tensor gx = Tensor.zeros(1, 2, 3);
    GlobalPooling pool = new GlobalPooling(false);
    pool.compute(new Tensor[] {x}, y);
    assertThat(y.data()).containsExactly(3, -5);
    pool.gradient(new Tensor[] {x}, y, Tensor.of(2, 4).reshape(1, 2, 1), 0, gx);
    assertThat(gx.data()).containsExactly(0, 2, 0, 4, 0, 0);
  }
}
