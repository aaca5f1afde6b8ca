package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FlattenTest {
  private static final int SHAPES = 200;

  @Test
  void rowsFollowRowsAndChannelsChannels() {
    Tensor x = Tensor.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12).reshape(1, 3, 2, 2);
    Flatten flatten = new Flatten();
    Tensor y = flatten.forward(x);
    assertThat(y.shape()).containsExactly(1, 12);
    assertThat(y.data()).containsExactly(x.data());
    Tensor gx = flatten.backward(Tensor.of(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1).reshape(1, 12));
    assertThat(gx.shape()).containsExactly(1, 3, 2, 2);
    assertThat(gx.get(0, 0, 0, 1)).isEqualTo(11);
    assertThat(gx.get(0, 2, 1, 0)).isEqualTo(2);
  }

  @Test
  void theFirstDimensionStaysWhateverTheRank() {
    assertThat(new Flatten().infer(Tensor.zeros(4, 5)).shape()).containsExactly(4, 5);
    assertThat(new Flatten().infer(Tensor.zeros(3, 2, 2)).shape()).containsExactly(3, 4);
    assertThat(new Flatten().infer(Tensor.zeros(0, 2, 3)).shape()).containsExactly(0, 6);
  }

  /** Without a sample no element is there, however many each would have. */
  @Test
  void moreFeaturesThanAnIntCountsAreRefused() {
    assertShapeException(
        () -> new Flatten().infer(Tensor.zeros(0, 65_536, 65_536)),
        "Flatten() expects input [n, ..] of at most 2147483647 features but got [0, 65536, 65536]");
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(7);
    for (int i = 0; i < SHAPES; i++) {
      int[] shape = new int[2 + i % 3];
      Arrays.setAll(shape, d -> 1 + (int) (random.random32() % 5));
      GradientCheck.check(new Flatten(), RandomTensors.normal(i, shape));
    }
  }
}
