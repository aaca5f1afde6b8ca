package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.Tensor;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  /** Row i's input is i. */
  private static Dataset labelled(double... labels) {
    double[] numbers = IntStream.range(0, labels.length).asDoubleStream().toArray();
    return new Dataset(Tensor.wrap(numbers, labels.length, 1), Tensor.of(labels));
  }

  @Test
  void ofEachClassTheFirstRowsGoFirst() {
    Dataset.Split split = labelled(0, 1, 0, 0, 1, 1, 1, 0, 1, 1).stratifiedSplit(0.5);
    assertThat(split.first().inputs().data()).containsExactly(0, 1, 2, 4, 5);
    assertThat(split.first().targets().data()).containsExactly(0, 1, 0, 1, 1);
    assertThat(split.second().inputs().data()).containsExactly(3, 6, 7, 8, 9);
    assertThat(split.second().targets().data()).containsExactly(0, 1, 0, 1, 1);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void partsHaveTheirSizesAndClassesTheirShares(
      @ForAll @IntRange(min = 1, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @DoubleRange(min = 0.15, max = 0.85) double fraction,
      @ForAll long seed) {
    // Ten rows of each class and n more: neither part is too small for one of each.
    Generator random = new Generator(seed);
    double[] labels = new double[10 * classes + n];
    int[] counts = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i < 10 * classes ? i % classes : random.permutation(classes)[0];
      counts[(int) labels[i]]++;
    }
    Dataset data = labelled(labels).shuffle(random);
    Dataset.Split split = data.stratifiedSplit(fraction);
    assertThat(split.first().size()).isEqualTo((int) Math.round(fraction * labels.length));
    assertThat(split.second().size()).isEqualTo(labels.length - split.first().size());
    int[] first = new int[classes];
    for (double label : split.first().targets().data()) {
      first[(int) label]++;
    }
    for (int c = 0; c < classes; c++) {
      assertThat(Math.abs(first[c] - fraction * counts[c])).isLessThan(1);
    }
    // Both parts together are the data, each in its order.
    int a = 0;
    int b = 0;
    for (int i = 0; i < labels.length; i++) {
      double row = data.inputs().get(i, 0);
      if (a < split.first().size() && split.first().inputs().get(a, 0) == row) {
        assertThat(split.first().targets().get(a++)).isEqualTo(data.targets().get(i));
      } else {
        assertThat(split.second().inputs().get(b, 0)).isEqualTo(row);
        assertThat(split.second().targets().get(b++)).isEqualTo(data.targets().get(i));
      }
    }
  }

  @Test
  void halvesOfOddClassesAreSharedOut() {
    double[] labels = new double[50];
    for (int i = 0; i < 50; i++) {
      labels[i] = Math.floorDiv(i, 5);
    }
    Dataset.Split split = labelled(labels).stratifiedSplit(0.5);
    assertThat(split.first().size()).isEqualTo(25);
    for (int c = 0; c < 10; c++) {
      double label = c;
      assertThat(IntStream.range(0, 25).filter(i -> split.first().targets().get(i) == label))
          .hasSize(c < 5 ? 3 : 2);
    }
  }

  @Test
  void aRareClassIsInBothParts() {
    double[] labels = new double[100];
    labels[98] = 7;
    labels[99] = 7;
    for (double fraction : new double[] {0.05, 0.3, 0.9, 0.97}) {
      Dataset.Split split = labelled(labels).stratifiedSplit(fraction);
      assertThat(split.first().size()).isEqualTo((int) Math.round(fraction * 100));
      assertThat(split.first().targets().data()).contains(7);
      assertThat(split.second().targets().data()).contains(7);
    }
  }

  @Test
  void theLargestClassGivesWayToRareOnes() {
    double[] labels = {0, 0, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3};
    Dataset.Split few = labelled(labels).stratifiedSplit(0.28);
    assertThat(few.first().targets().data()).containsExactly(0, 1, 2, 3);
    Dataset.Split many = labelled(labels).stratifiedSplit(0.72);
    assertThat(many.second().targets().data()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void rowsThatMarkAClassAreClassesToo() {
    Dataset indices = labelled(2, 0, 1, 1, 0, 2, 2, 2, 0);
    Dataset.Split expected = indices.stratifiedSplit(0.6);
    for (Dataset rows : new Dataset[] {indices.oneHot(3), indices.plusMinusOne(3)}) {
      assertThat(rows.stratifiedSplit(0.6).first().targets().shape()).containsExactly(5, 3);
      assertThat(rows.stratifiedSplit(0.6).second().size()).isEqualTo(4);
    }
    assertThat(expected.first().size()).isEqualTo(5);
    assertThat(labelled(0.0, -0.0, 0.0, -0.0).stratifiedSplit(0.5).first().size()).isEqualTo(2);
  }

  @Test
  void theOrderOfTheRowsDoesNotChangeTheShares() {
    Dataset data = labelled(0, 0, 0, 1, 1, 1, 2, 2, 2);
    for (int seed = 0; seed < 20; seed++) {
      double[] first =
          data.shuffle(new Generator(seed)).stratifiedSplit(0.5).first().targets().data();
      assertThat(first).containsExactlyInAnyOrder(0, 0, 1, 1, 2);
    }
  }

  @Test
  void aClassWithOneRowIsRefused() {
    refused(
        labelled(0, 0, 1, 0),
        0.5,
        "a stratified split needs two rows or more of each class, but only row 2 has the target"
            + " 1.0");
    refused(
        labelled(0, 0, 1, 0).oneHot(2),
        0.5,
        "a stratified split needs two rows or more of each class, but only row 2 has the target"
            + " [0.0, 1.0]");
  }

  @Test
  void aPartTooSmallForAllClassesIsRefused() {
    String message = " has no row of each of 3 classes in both parts";
    Dataset data = labelled(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    refused(data, 0.2, "a stratified split of 12 rows into 2 and 10" + message);
    refused(data, 0.8, "a stratified split of 12 rows into 10 and 2" + message);
    assertThat(data.stratifiedSplit(0.25).first().targets().data()).containsExactly(0, 1, 2);
    assertThat(data.stratifiedSplit(0.75).second().targets().data()).containsExactly(0, 1, 2);
  }

  @Test
  void targetsThatAreNanAndOtherFractionsAreRefused() {
    refused(labelled(0, 0, Double.NaN, 0), 0.5, "the target in row 2 is NaN");
    Dataset rows = new Dataset(Tensor.zeros(4, 1), Tensor.zeros(4, 2).set(Double.NaN, 3, 1));
    refused(rows, 0.5, "the target in row 3 is NaN");
    for (double bad : new double[] {0, 1, -0.5, Double.NaN}) {
      refused(labelled(0, 0, 1, 1), bad, "fraction must be in (0, 1), got " + bad);
    }
  }

  @Test
  void noRowsAreRefused() {
    refused(labelled(), 0.5, "a split of 0 rows at 0.5 leaves the first part empty");
  }

  private static void refused(Dataset data, double fraction, String message) {
    assertThatThrownBy(() -> data.stratifiedSplit(fraction))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
