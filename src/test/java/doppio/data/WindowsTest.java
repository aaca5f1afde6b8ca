package doppio.data;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import java.util.Arrays;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowsTest {
  private static double[] counting(int n) {
    double[] series = new double[n];
    Arrays.setAll(series, i -> i);
    return series;
  }

  @Test
  void everyWindowIsFollowedByItsTarget() {
    Dataset data = Windows.of(counting(6), 3, 2).dataset();
    assertSame(data.inputs(), Tensor.of(new double[][] {{0, 1, 2}, {1, 2, 3}}).reshape(2, 3, 1));
    assertSame(data.targets(), Tensor.of(new double[][] {{3, 4}, {4, 5}}));
  }

  @Test
  void theFeaturesOfAStepStayTogether() {
    Tensor series = Tensor.wrap(counting(8), 4, 2);
    Dataset data = Windows.of(series, 2, 1).dataset();
    assertSame(data.inputs(), Tensor.wrap(new double[] {0, 1, 2, 3, 2, 3, 4, 5}, 2, 2, 2));
    assertSame(data.targets(), Tensor.of(new double[][] {{4, 5}, {6, 7}}));
    assertSame(
        Windows.of(Tensor.wrap(counting(6), 6), 3, 2).dataset().inputs(),
        Windows.of(counting(6), 3, 2).dataset().inputs());
  }

  @Test
  void whatReadsAWindowSeesTheSeriesLive() {
    double[] series = counting(5);
    Windows windows = Windows.of(series, 2, 1);
    series[2] = 100;
    assertThat(windows.batch(1).inputs().data()).containsExactly(1, 100);
  }

  @Property
  void noTrainingWindowSeesAHeldOutNumberAndEachHeldOutNumberIsPredicted(
      @ForAll @IntRange(min = 2, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 8) int length,
      @ForAll @IntRange(min = 1, max = 5) int horizon,
      @ForAll @IntRange(min = 1, max = 99) int percent) {
    int cut = (int) Math.round(percent / 100.0 * n);
    Assume.that(cut >= length + horizon && n - cut >= horizon);
    Windows.Split parts = Windows.of(counting(n), length, horizon).split(percent / 100.0);
    Batch train = whole(parts.train());
    Batch heldOut = whole(parts.heldOut());
    assertThat(Arrays.stream(train.inputs().data())).allMatch(x -> x < cut);
    assertThat(Arrays.stream(train.targets().data())).allMatch(x -> x < cut);
    assertThat(Arrays.stream(heldOut.targets().data())).allMatch(x -> x >= cut);
    assertThat(train.size()).isEqualTo(cut - length - horizon + 1);
    assertThat(heldOut.targets().get(0, 0)).isEqualTo(cut);
    assertThat(heldOut.targets().get(heldOut.size() - 1, horizon - 1)).isEqualTo(n - 1);
  }

  private static Batch whole(Windows windows) {
    Dataset data = windows.dataset();
    return new Batch(data.inputs(), data.targets());
  }

  @Test
  void aShuffledEpochOfThePartsMixesNothing() {
    Windows.Split parts = Windows.of(counting(20), 3, 1).split(0.5);
    for (Batch batch : new DataLoader(parts.train(), 4).shuffle(new Generator(1))) {
      assertThat(Arrays.stream(batch.inputs().data())).allMatch(x -> x < 10);
    }
    assertThat(parts)
        .hasToString(
            "Split(train Windows(7 of 3 steps and 1 to predict, of 1 feature), held out Windows(10"
                + " of 3 steps and 1 to predict, of 1 feature))");
  }

  @Test
  void aPartIsCutAtItsOwnSteps() {
    Windows heldOut = Windows.of(counting(20), 1, 1).split(0.5).heldOut(); // 9 … 19
    Windows.Split parts = heldOut.split(0.5); // round(0.5 · 11) = 6
    assertThat(parts.train().dataset().targets().data()).containsExactly(10, 11, 12, 13, 14);
    assertThat(parts.heldOut().dataset().targets().data()).containsExactly(15, 16, 17, 18, 19);
  }

  @Test
  void aBatchWithoutRoomIsRefused() {
    Windows windows = Windows.of(Tensor.zeros(5, 2), 2, 1);
    assertThat(windows).hasToString("Windows(3 of 2 steps and 1 to predict, of 2 features)");
    assertShapeException(
        () -> windows.read(new int[] {0}, Batch.of(2, new int[] {2, 2}, new int[] {2})),
        "a batch of 1 rows expects inputs of 4 numbers and targets of 2 but got [2, 2, 2] and"
            + " [2, 2]");
  }

  @Test
  void aSeriesThatIsShorterThanAWindowIsRefused() {
    assertRefused(
        () -> Windows.of(counting(4), 3, 2),
        "a series of 4 steps is shorter than a window of 3 and the 2 to predict");
    assertThat(Windows.of(counting(5), 3, 2).size()).isEqualTo(1);
    assertRefused(
        () -> Windows.of(new double[0], 1, 1),
        "a series of 0 steps is shorter than a window of 1 and the 1 to predict");
    assertRefused(
        () -> Windows.of(counting(4), Integer.MAX_VALUE, Integer.MAX_VALUE),
        "a series of 4 steps is shorter than a window of 2147483647 and the 2147483647 to predict");
    assertRefused(
        () -> Windows.of(counting(10), 3, 2).split(0.4),
        "the training part of 4 steps is shorter than a window of 3 and the 2 to predict");
    assertRefused(
        () -> Windows.of(counting(10), 3, 2).split(0.9),
        "the held-out part of 4 steps is shorter than a window of 3 and the 2 to predict");
    assertRefused(() -> Windows.of(counting(4), 0, 1), "length must be at least 1, got 0");
    assertRefused(() -> Windows.of(counting(4), 1, 0), "horizon must be at least 1, got 0");
    assertRefused(
        () -> Windows.of(counting(9), 1, 1).split(1), "fraction must be in (0, 1), got 1.0");
    assertShapeException(
        () -> Windows.of(Tensor.zeros(2, 3, 4), 1, 1),
        "expected a series [t] or [t, features] but got [2, 3, 4]");
    assertShapeException(
        () -> Windows.of(Tensor.zeros(), 1, 1),
        "expected a series [t] or [t, features] but got []");
    assertShapeException(
        () -> Windows.of(Tensor.zeros(5, 0), 1, 1),
        "expected a series [t] or [t, features] but got [5, 0]");
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
