package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StandardizerTest {
  private static Dataset of(double[][] rows) {
    return new Dataset(Tensor.of(rows), Tensor.zeros(rows.length));
  }

  @Test
  void measuresEachFeature() {
    Standardizer standardizer = Standardizer.fit(of(new double[][] {{1, 10}, {3, 30}}));
    assertThat(standardizer.mean().data()).containsExactly(2, 20);
    assertThat(standardizer.std().data()).containsExactly(1, 10);
  }

  @Test
  void appliesTheTrainingFiguresToOthers() {
    Dataset train = of(new double[][] {{1, 10}, {3, 30}});
    Dataset test = of(new double[][] {{5, 0}});
    Standardizer standardizer = Standardizer.fit(train);
    assertThat(train.standardize(standardizer).inputs().data()).containsExactly(-1, -1, 1, 1);
    assertThat(test.standardize(standardizer).inputs().data()).containsExactly(3, -2);
    assertThat(test.standardize(standardizer).targets()).isSameAs(test.targets());
    assertThat(test.inputs().data()).containsExactly(5, 0);
    assertThat(standardizer.apply(Tensor.of(5, 0)).data()).containsExactly(3, -2);
    assertThat(standardizer.apply(Tensor.zeros(0, 2)).shape()).containsExactly(0, 2);
  }

  @Property(tries = 200)
  void aConstantFeatureIsShiftedNotScaled(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double value,
      @ForAll @IntRange(min = 1, max = 20) int n) {
    Dataset constant = new Dataset(Tensor.full(value, n, 1), Tensor.zeros(n));
    Standardizer standardizer = Standardizer.fit(constant);
    assertThat(standardizer.std().data()).containsExactly(0);
    assertThat(constant.standardize(standardizer).inputs().data()).containsOnly(0);
    assertThat(standardizer.apply(Tensor.of(value + 2)).data()[0]).isCloseTo(2, within(1e-9));
  }

  @Property(tries = 100)
  void resultHasMeanZeroAndDeviationOne(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -1e3, max = 1e3) double mean,
      @ForAll @DoubleRange(min = 0.1, max = 100) double std) {
    Tensor inputs = Tensor.zeros(30, 2, 2);
    new Generator(seed).normal(inputs.data(), mean, std);
    Dataset before = new Dataset(inputs, Tensor.zeros(30));
    Standardizer after = Standardizer.fit(before.standardize(Standardizer.fit(before)));
    assertThat(after.mean().shape()).containsExactly(2, 2);
    for (int j = 0; j < 4; j++) {
      assertThat(after.mean().data()[j]).isCloseTo(0, within(1e-9));
      assertThat(after.std().data()[j]).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void inputsOfRankOneHaveOneFeature() {
    Dataset dataset = new Dataset(Tensor.of(1, 3), Tensor.zeros(2));
    Standardizer standardizer = Standardizer.fit(dataset);
    assertThat(standardizer.mean().shape()).isEmpty();
    assertThat(dataset.standardize(standardizer).inputs().data()).containsExactly(-1, 1);
  }

  @Test
  void refusesAnEmptyDataset() {
    Dataset empty = new Dataset(Tensor.zeros(0, 2), Tensor.zeros(0));
    assertThatThrownBy(() -> Standardizer.fit(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot fit a standardizer on an empty data set");
  }

  @Test
  void refusesValuesThatAreNotFinite() {
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      Dataset dataset = of(new double[][] {{1, 2}, {3, bad}});
      assertThatThrownBy(() -> Standardizer.fit(dataset))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("feature 1 holds values that are not finite");
    }
  }

  @Test
  void refusesOtherShapes() {
    Standardizer two = new Standardizer(Tensor.zeros(2), Tensor.zeros(2));
    for (int[] shape : new int[][] {{3}, {4, 3}, {2, 2, 2}, {}}) {
      assertThatThrownBy(() -> two.apply(Tensor.zeros(shape)))
          .isInstanceOf(ShapeException.class)
          .hasMessageStartingWith("a standardizer of samples [2] does not fit inputs [");
    }
    assertThatThrownBy(() -> new Standardizer(Tensor.zeros(2), Tensor.zeros(3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("mean and std need the same shape, got [2] and [3]");
  }

  @Test
  void refusesNegativeDeviations() {
    for (double std : new double[] {-1, Double.NaN}) {
      assertThatThrownBy(() -> new Standardizer(Tensor.zeros(2), Tensor.of(1, std)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("std must not be negative, got " + std + " for feature 1");
    }
  }
}
