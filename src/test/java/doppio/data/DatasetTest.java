package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
  /** Row i holds 10i and 10i + 1, its target is i. */
  private static Dataset counting(int n) {
    Tensor inputs = Tensor.zeros(n, 2);
    Tensor targets = Tensor.zeros(n);
    for (int i = 0; i < n; i++) {
      inputs.set(10 * i, i, 0).set(10 * i + 1, i, 1);
      targets.set(i, i);
    }
    return new Dataset(inputs, targets);
  }

  private static Dataset labelled(double... labels) {
    return new Dataset(Tensor.zeros(labels.length, 1), Tensor.of(labels));
  }

  @Test
  void holdsTheTensorsThemselves() {
    Tensor inputs = Tensor.zeros(3, 2, 2);
    Tensor targets = Tensor.zeros(3, 1);
    Dataset dataset = new Dataset(inputs, targets);
    assertThat(dataset.inputs()).isSameAs(inputs);
    assertThat(dataset.targets()).isSameAs(targets);
    assertThat(dataset.size()).isEqualTo(3);
    assertThat(dataset).hasToString("Dataset(inputs [3, 2, 2], targets [3, 1])");
  }

  @Test
  void refusesDifferentNumbersOfRows() {
    assertThatThrownBy(() -> new Dataset(Tensor.zeros(3, 2), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("inputs [n, ...] and targets [n, ...] need the same n, got [3, 2] and [4]");
  }

  @Test
  void refusesTensorsOfRankZero() {
    assertThatThrownBy(() -> new Dataset(Tensor.zeros(), Tensor.zeros(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("inputs [n, ...] and targets [n, ...] need the same n, got [] and [1]");
    assertThatThrownBy(() -> new Dataset(Tensor.zeros(1), Tensor.zeros()))
        .isInstanceOf(ShapeException.class)
        .hasMessage("inputs [n, ...] and targets [n, ...] need the same n, got [1] and []");
  }

  @Test
  void refusesNullAndNamesIt() {
    Tensor one = Tensor.zeros(1);
    assertThatThrownBy(() -> new Dataset(null, one))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("inputs");
    assertThatThrownBy(() -> new Dataset(one, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("targets");
  }

  @Test
  void subsetCopiesRowsInTheOrderGiven() {
    Dataset all = counting(4);
    Dataset some = all.subset(3, 0, 3);
    assertThat(some.inputs().shape()).containsExactly(3, 2);
    assertThat(some.inputs().data()).containsExactly(30, 31, 0, 1, 30, 31);
    assertThat(some.targets().data()).containsExactly(3, 0, 3);
    some.inputs().fill(-1);
    assertThat(all.inputs().data()).containsExactly(counting(4).inputs().data());
    assertThat(all.subset().inputs().shape()).containsExactly(0, 2);
  }

  @Test
  void subsetRefusesRowsThatAreNotThere() {
    Dataset four = counting(4);
    assertThatThrownBy(() -> four.subset(1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("no row 4 in a data set of 4");
    assertThatThrownBy(() -> four.subset(-1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("no row -1 in a data set of 4");
  }

  @Test
  void sliceCopiesNeighbouringRows() {
    Dataset middle = counting(4).slice(1, 3);
    assertThat(middle.inputs().data()).containsExactly(10, 11, 20, 21);
    assertThat(middle.targets().data()).containsExactly(1, 2);
    assertThat(counting(4).slice(4, 4).inputs().shape()).containsExactly(0, 2);
  }

  @Test
  void sliceRefusesRowsThatAreNotThere() {
    Dataset four = counting(4);
    for (int[] range : new int[][] {{-1, 2}, {3, 2}, {0, 5}}) {
      assertThatThrownBy(() -> four.slice(range[0], range[1]))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("no rows " + range[0] + " to " + range[1] + " in a data set of 4");
    }
  }

  @Test
  void shuffleTakesTheGeneratorsPermutation() {
    // torch.randperm(7) under torch.manual_seed(66)
    assertThat(counting(7).shuffle(new Generator(66)).targets().data())
        .containsExactly(6, 1, 2, 0, 3, 4, 5);
  }

  @Property(tries = 200)
  void shuffleKeepsRowsTogether(@ForAll @IntRange(max = 50) int n, @ForAll long seed) {
    Dataset shuffled = counting(n).shuffle(new Generator(seed));
    assertThat(shuffled.targets().data()).containsExactlyInAnyOrder(counting(n).targets().data());
    for (int i = 0; i < n; i++) {
      assertThat(shuffled.inputs().get(i, 0)).isEqualTo(10 * shuffled.targets().get(i));
    }
  }

  @Property(tries = 200)
  void splitLosesNoRow(
      @ForAll @IntRange(min = 2, max = 50) int n,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double part) {
    Assume.that(Math.round(part * n) % n != 0);
    Dataset.Split split = counting(n).split(part);
    assertThat(split.first().size()).isEqualTo((int) Math.round(part * n));
    assertThat(split.first().size() + split.second().size()).isEqualTo(n);
    for (int i = 0; i < split.second().size(); i++) {
      assertThat(split.second().targets().get(i)).isEqualTo(split.first().size() + i);
    }
  }

  @Test
  void aSplitNamesItsPartsForWhatTheyAreUsedForToo() {
    Dataset.Split split = counting(4).split(0.75);
    assertThat(split.train()).isSameAs(split.first());
    assertThat(split.heldOut()).isSameAs(split.second());
  }

  @Test
  void splitRefusesAnEmptyPart() {
    emptyPart(4, 0.1, "a split of 4 rows at 0.1 leaves the first part empty");
    emptyPart(4, 0.9, "a split of 4 rows at 0.9 leaves the second part empty");
    emptyPart(1, 0.3, "a split of 1 rows at 0.3 leaves the first part empty");
    emptyPart(1, 0.5, "a split of 1 rows at 0.5 leaves the second part empty");
    emptyPart(0, 0.5, "a split of 0 rows at 0.5 leaves the first part empty");
    emptyPart(1000, 1e-300, "a split of 1000 rows at 1.0E-300 leaves the first part empty");
    assertThat(counting(4).split(0.125).first().size()).isEqualTo(1);
    assertThat(counting(2).split(0.5).second().size()).isEqualTo(1);
  }

  private static void emptyPart(int n, double fraction, String message) {
    assertThatThrownBy(() -> counting(n).split(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> labelled(new double[n]).stratifiedSplit(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void splitRefusesOtherFractions(double fraction) {
    assertThatThrownBy(() -> counting(4).split(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("fraction must be in (0, 1), got " + fraction);
  }

  @Test
  void oneHotAndPlusMinusOneMarkTheClass() {
    Dataset labelled = labelled(2, 0, -0.0);
    Dataset oneHot = labelled.oneHot(3);
    assertThat(oneHot.targets().shape()).containsExactly(3, 3);
    assertThat(oneHot.targets().data()).containsExactly(0, 0, 1, 1, 0, 0, 1, 0, 0);
    assertThat(oneHot.inputs()).isSameAs(labelled.inputs());
    assertThat(labelled.plusMinusOne(3).targets().data())
        .containsExactly(-1, -1, 1, 1, -1, -1, 1, -1, -1);
    assertThat(labelled.targets().shape()).containsExactly(3);
    assertThat(labelled().oneHot(3).targets().shape()).containsExactly(0, 3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, -1, 3, 1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesWhatIsNoClassIndex(double index) {
    Dataset labelled = labelled(0, index);
    String message = "class index in row 1 must be a whole number in [0, 3), got " + index;
    assertThatThrownBy(() -> labelled.oneHot(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> labelled.plusMinusOne(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void oneHotRefusesOtherShapesAndCounts() {
    assertThatThrownBy(() -> new Dataset(Tensor.zeros(2), Tensor.zeros(2, 1)).oneHot(3))
        .isInstanceOf(ShapeException.class)
        .hasMessage("class indices must have shape [n], got [2, 1]");
    assertThatThrownBy(() -> labelled(0).oneHot(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("classes must be at least 1, got 0");
  }

  @Test
  void scaleMultipliesInputsAlone() {
    Dataset two = counting(2);
    Dataset scaled = two.scale(0.5);
    assertThat(scaled.inputs().data()).containsExactly(0, 0.5, 5, 5.5);
    assertThat(scaled.targets()).isSameAs(two.targets());
    assertThat(two.inputs().data()).containsExactly(0, 1, 10, 11);
    assertThatThrownBy(() -> two.scale(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("factor must be finite, got NaN");
  }

  @Test
  void normalizeShiftsAndScales() {
    Dataset two = counting(2);
    assertThat(two.normalize(1, 2).inputs().data()).containsExactly(-0.5, 0, 4.5, 5);
    assertThat(two.normalize(0.1307, 0.3081).inputs().data()[1]).isEqualTo((1 - 0.1307) / 0.3081);
    assertThat(two.inputs().data()).containsExactly(0, 1, 10, 11);
    assertThatThrownBy(() -> two.normalize(Double.POSITIVE_INFINITY, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mean must be finite, got Infinity");
    for (double std : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> two.normalize(0, std))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("std must be positive and finite, got " + std);
    }
  }

  @Test
  void aBatchWithoutRoomIsRefusedBeforeAnythingIsWritten() {
    Dataset data = new Dataset(Tensor.full(1, 3, 2), Tensor.full(1, 3));
    Batch room = new Batch(Tensor.zeros(2, 2), Tensor.zeros(1));
    assertThatThrownBy(() -> data.read(new int[] {0, 1}, room))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "a batch of 2 rows expects inputs of 4 numbers and targets of 2 but got [2, 2] and [1]");
    assertThat(room.inputs().data()).containsOnly(0);
    assertThatThrownBy(
            () -> data.read(new int[] {0, 1}, new Batch(Tensor.zeros(1, 2), Tensor.zeros(2))))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "a batch of 2 rows expects inputs of 4 numbers and targets of 2 but got [1, 2] and [2]");
    assertThatThrownBy(() -> data.read(new int[] {0, 3}, data.batch(0, 1)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("no row 3 in a data set of 3");
  }
}
