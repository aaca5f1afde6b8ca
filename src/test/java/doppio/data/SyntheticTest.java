package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SyntheticTest {
  @Test
  void xorIsTheTruthTable() {
    Dataset xor = Synthetic.xor();
    assertThat(xor.inputs().shape()).containsExactly(4, 2);
    assertThat(xor.inputs().data()).containsExactly(0, 0, 1, 0, 0, 1, 1, 1);
    assertThat(xor.targets().shape()).containsExactly(4, 1);
    assertThat(xor.targets().data()).containsExactly(0, 1, 1, 0);
  }

  @Test
  void circlesHaveTheirRadiiInnerFirst() {
    Dataset circles = Synthetic.circles(100);
    assertThat(circles.inputs().shape()).containsExactly(200, 2);
    assertThat(circles.targets().shape()).containsExactly(200, 1);
    for (int i = 0; i < 200; i++) {
      double radius = Math.hypot(circles.inputs().get(i, 0), circles.inputs().get(i, 1));
      assertThat(radius).isCloseTo(i < 100 ? 1.1 : 3.0, within(1e-14));
      assertThat(circles.targets().get(i, 0)).isEqualTo(i < 100 ? 1 : -1);
    }
  }

  @Test
  void anglesRunFromZeroToTwoPiInclusive() {
    Dataset circles = Synthetic.circles(5);
    double end = StrictMath.sin(2 * Math.PI);
    double[] sin = {0, 1, 0, -1, end};
    double[] cos = {1, 0, -1, 0, 1};
    for (int i = 0; i < 5; i++) {
      assertThat(circles.inputs().get(i, 0)).isCloseTo(1.1 * sin[i], within(1e-15));
      assertThat(circles.inputs().get(i, 1)).isCloseTo(1.1 * cos[i], within(1e-15));
      assertThat(circles.inputs().get(5 + i, 0)).isCloseTo(3 * sin[i], within(1e-15));
      assertThat(circles.inputs().get(5 + i, 1)).isCloseTo(3 * cos[i], within(1e-15));
    }
    assertThat(circles.inputs().get(4, 0)).isEqualTo(1.1 * end);
    for (int n : new int[] {2, 26, 51, 100}) {
      assertThat(Synthetic.circles(n).inputs().get(n - 1, 0)).isEqualTo(1.1 * end);
    }
  }

  @Test
  void onePointACircleLiesAtAngleZero() {
    assertThat(Synthetic.circles(1).inputs().data()).containsExactly(0, 1.1, 0, 3);
  }

  @Test
  void refusesCountsThatMakeNoDataset() {
    for (int n : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE / 4 + 1}) {
      assertThatThrownBy(() -> Synthetic.circles(n))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("points a circle must be in [1, 536870911], got " + n);
    }
  }
}
