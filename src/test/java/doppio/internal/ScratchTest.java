package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScratchTest {
  private final Scratch scratch = Scratch.take();

  @AfterEach
  void giveBack() {
    scratch.give();
  }

  @Test
  void rowsAreAtLeastSoManyAndWideButNoWiderThanTwice() {
    for (int columns : new int[] {1, 63, 64, 65, 127, 128, 129, 256}) {
      double[][] rows = scratch.rows(5, columns);
      assertThat(rows.length).isGreaterThanOrEqualTo(5);
      int least = Math.max(columns, 64);
      for (double[] row : rows) {
        assertThat(row.length).isBetween(columns, 2 * least - 1);
      }
    }
  }

  @Test
  void rowsThatAreThereStayAndOnlyMoreAreMade() {
    double[][] few = scratch.rows(3, 64);
    assertThat(scratch.rows(few.length, 64)).isSameAs(few);
    assertThat(scratch.rows(1, 10)).isSameAs(few);
    double[][] more = scratch.rows(few.length + 2, 64);
    assertThat(Arrays.asList(more))
        .hasSize(few.length + 2)
        .doesNotContainNull()
        .startsWith(few)
        .extracting(System::identityHashCode)
        .doesNotHaveDuplicates();
  }

  @Test
  void anArrayThatIsLargeEnoughStays() {
    staysUntilItIsTooSmall(scratch::panels);
    staysUntilItIsTooSmall(scratch::others);
    staysUntilItIsTooSmall(scratch::results);
    int[] places = scratch.indices(10);
    assertThat(places).hasSizeGreaterThanOrEqualTo(10);
    assertThat(scratch.indices(places.length)).isSameAs(places);
    assertThat(scratch.indices(places.length + 1)).hasSize(places.length + 1);
  }

  @Test
  void theArraysAreDifferentOnes() {
    double[] panels = scratch.panels(10);
    double[] others = scratch.others(10);
    double[] results = scratch.results(10);
    assertThat(panels).isNotSameAs(others).isNotSameAs(results);
    assertThat(others).isNotSameAs(results);
    assertThat(scratch.sums).isNotSameAs(scratch.tile);
  }

  private static void staysUntilItIsTooSmall(IntFunction<double[]> array) {
    double[] first = array.apply(10);
    assertThat(first).hasSizeGreaterThanOrEqualTo(10);
    assertThat(array.apply(first.length)).isSameAs(first);
    assertThat(array.apply(0)).isSameAs(first);
    assertThat(array.apply(first.length + 1)).hasSize(first.length + 1);
  }
}
