package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How messages name shapes, places, slices and classes. */
class ShapesTest {
  @Test
  void aShapeIsWrittenInBrackets() {
    assertThat(Shapes.text(32, 784)).isEqualTo("[32, 784]");
    assertThat(Shapes.text(Tensor.zeros(2, 3))).isEqualTo("[2, 3]");
  }

  @Test
  void theIndexOfAnElementCountsTheLastDimensionFastest() {
    int[] shape = {2, 3, 4};
    for (int i = 0, offset = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 4; k++, offset++) {
          assertThat(Shapes.index(shape, offset)).isEqualTo("[" + i + ", " + j + ", " + k + "]");
        }
      }
    }
    assertThat(shape).containsExactly(2, 3, 4);
  }

  @Test
  void aMismatchNamesBothShapes() {
    assertThat(Shapes.mismatch("Linear expects", new int[] {2}, new int[] {3, 1}))
        .isEqualTo("Linear expects [2] but got [3, 1]");
    assertThat(Shapes.mismatch("Linear expects", Tensor.zeros(2), Tensor.zeros(3)))
        .isEqualTo("Linear expects [2] but got [3]");
  }

  @Test
  void slicesAreOfOneLengthButTheLast() {
    for (int rows = 0; rows < 20; rows++) {
      for (int length = 1; length < 8; length++) {
        int count = Slices.count(rows, length);
        assertThat(count).isEqualTo((int) Math.ceil(rows / (double) length));
        for (int slice = 0; slice < count; slice++) {
          assertThat(Slices.start(rows, length, slice)).isEqualTo(slice * length);
        }
        assertThat(Slices.start(rows, length, count)).isEqualTo(rows);
      }
    }
    int most = Integer.MAX_VALUE;
    assertThat(Slices.count(most, most)).isEqualTo(1);
    assertThat(Slices.start(most, most - 1, 2)).isEqualTo(most);
  }

  @Test
  void aClassWithoutANameHasThatOfTheOneAroundIt() {
    assertThat(Names.of(Tensor.class)).isEqualTo("Tensor");
    assertThat(Names.of(Map.Entry.class)).isEqualTo("Entry");
    assertThat(Names.of(new Object() {})).isEqualTo("ShapesTest$1");
    assertThat(Keys.of("threads")).isEqualTo("doppio.threads");
  }
}
