package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.ShapeException;
import doppio.Tensor;
import org.junit.jupiter.api.Test;

class PassTest {
  private final Tensor old = Tensor.zeros(2, 3);

  @Test
  void aTensorThatFitsIsUsedAgain() {
    assertThat(Pass.fitted(old, new int[] {2, 3})).isSameAs(old);
  }

  @Test
  void theNumbersOfATensorOfThatSizeAreUsedUnderTheNewShape() {
    Tensor flat = Pass.fitted(old, new int[] {6});
    assertThat(flat.shape()).containsExactly(6);
    assertThat(flat.data()).isSameAs(old.data());
  }

  @Test
  void anotherSizeGetsATensorOfItsOwn() {
    assertThat(Pass.fitted(old, new int[] {2, 2}).shape()).containsExactly(2, 2);
    assertThat(Pass.fitted(null, new int[] {2, 2}).shape()).containsExactly(2, 2);
  }

  @Test
  void aShapeIsItsRankAndItsSizes() {
    for (int[] other : new int[][] {{2}, {2, 3, 1}, {3, 3}, {2, 2}, {}}) {
      assertThat(Pass.hasShape(old, other)).isFalse();
      assertThatThrownBy(() -> Pass.requireShape("weight", old, other))
          .isInstanceOf(ShapeException.class)
          .hasMessageStartingWith("weight must have shape ");
    }
    assertThat(Pass.hasShape(old, new int[] {2, 3})).isTrue();
    Pass.requireShape("weight", old, 2, 3);
  }
}
