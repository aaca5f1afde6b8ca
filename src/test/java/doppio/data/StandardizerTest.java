package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.ShapeException;
import doppio.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
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

  @Test
  void theSmallestNumbersAreStandardizedToo() {
    Dataset smallest = of(new double[][] {{0}, {2 * Double.MIN_VALUE}});
    assertThat(smallest.standardize(Standardizer.fit(smallest)).inputs().data())
        .containsExactly(-1, 1);
  }

  @Test
  void printsTheShapeOfASample() {
    assertThat(Standardizer.fit(of(new double[][] {{1, 10}, {3, 30}})))
        .hasToString("Standardizer(features [2])");
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
  void aFeatureThatIsConstantButForRoundingIsShiftedNotScaled() {
    double sum = 0;
    for (int i = 0; i < 10; i++) {
      sum += 0.1;
    }
    double[][] columns = {
      {0.3, 0.3, 0.1 + 0.2, 0.3},
      {0.3, 0.1 + 0.2},
      {-0.3, -0.3, -0.1 - 0.2},
      {1, sum, 1, 1 - 0x1p-53, 1 + 0x1p-52},
      {3e200, 3e200 * (1 + 0x1p-52), 3e200},
      {3e-200, 3e-200 * (1 + 0x1p-52), 3e-200},
      {1e6 / 3, 1e6 / 3, 1e6 * (1 / 3.0), 1e5 / 0.3},
    };
    for (double[] column : columns) {
      Standardizer standardizer = Standardizer.fit(column(column));
      assertThat(standardizer.std().data()).containsExactly(0);
      double m = standardizer.mean().data()[0];
      for (double x : standardizer.apply(Tensor.wrap(column, column.length, 1)).data()) {
        assertThat(Math.abs(x)).isLessThan(1e-15 * Math.abs(m));
      }
      double served = m + Math.abs(m) / 30;
      assertThat(standardizer.apply(Tensor.of(served)).data()).containsExactly(served - m);
    }
    assertThat(Standardizer.fit(column(0.3, 0.3, 0.1 + 0.2)).apply(Tensor.of(0.31)).data()[0])
        .isCloseTo(0.01, within(1e-16));
  }

  /** The bound is scikit-learn's for few rows, and no wider for many. */
  @Test
  void aFeatureThatVariesByMoreThanRoundingIsScaled() {
    scaled(0.3, 0.3 + 1e-14);
    scaled(1e15, 1e15 + 1, 1e15 + 2, 1e15 + 3);
    scaled(1e15, 1e15 + 1, 1e15 + 3); // whose mean no double holds
    scaled(1.7e9, 1.7e9 + 1);
    scaled(0, 1e-17);
    scaled(-1e-300, 1e-300);
    double[] many = new double[10_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = 1e15 + i % 100;
    }
    scaled(many);
    for (int i = 0; i < many.length; i++) {
      many[i] = 0.3 + i % 2 * 0x1p-54;
    }
    assertThat(Standardizer.fit(column(many)).std().data()).containsExactly(0);
  }

  /** Values of any size: standardized they are those of BigDecimal, with mean 0 and deviation 1. */
  @Test
  void valuesMayBeAsLargeAndAsSmallAsDoublesAre() {
    for (double size : new double[] {1e155, 1e-162, 1e300, 1e-300, 1e-310, 1}) {
      scaled(size, 2 * size, -3 * size, 5 * size, 0);
    }
    double max = Double.MAX_VALUE;
    scaled(max, -max, max, -max);
    scaled(max, -max, -max);
    scaled(max, max / 2, max / 4);
    scaled(max, 1, -1);
    scaled(1e155, 1e-162, -1e155);
    scaled(Double.MIN_VALUE * 8, Double.MIN_VALUE * 24);
  }

  private static Dataset column(double... values) {
    return new Dataset(Tensor.wrap(values.clone(), values.length, 1), Tensor.zeros(values.length));
  }

  private static void scaled(double... values) {
    BigDecimal n = BigDecimal.valueOf(values.length);
    BigDecimal sum = BigDecimal.ZERO;
    for (double x : values) {
      sum = sum.add(new BigDecimal(x));
    }
    BigDecimal mean = sum.divide(n, new MathContext(700));
    BigDecimal squares = BigDecimal.ZERO;
    for (double x : values) {
      squares = squares.add(new BigDecimal(x).subtract(mean).pow(2));
    }
    BigDecimal std = squares.divide(n, MathContext.DECIMAL128).sqrt(MathContext.DECIMAL128);
    Standardizer standardizer = Standardizer.fit(column(values));
    double actualMean = standardizer.mean().data()[0];
    // Half a unit in the last place of a mean, or of the smallest numbers.
    double rounding = 1e-15 + Math.ulp(actualMean) / std.doubleValue();
    assertThat(standardizer.std().data()[0] / std.doubleValue())
        .as("%s", std)
        .isCloseTo(1, within(1e-13));
    double[] result = standardizer.apply(column(values).inputs()).data();
    for (int i = 0; i < values.length; i++) {
      BigDecimal d = new BigDecimal(values[i]).subtract(mean);
      double expected = d.divide(std, MathContext.DECIMAL128).doubleValue();
      assertThat(result[i]).as("%s", values[i]).isCloseTo(expected, within(10 * rounding));
    }
  }

  @Test
  void aFeatureOfManyRowsIsMeasuredAsExactlyAsOneOfFew() {
    double[] values = new double[3_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 == 0 ? 0.1 : 0.7;
    }
    Standardizer standardizer = Standardizer.fit(column(values));
    // The differences from the mean are −2⁄3 and 1⁄3 of that between the two.
    assertThat(standardizer.mean().data()[0]).isCloseTo((0.1 + 2 * 0.7) / 3, within(2e-16));
    double std = Math.sqrt(2) / 3 * (0.7 - 0.1);
    assertThat(standardizer.std().data()[0]).isCloseTo(std, within(2e-16));
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

  @Test
  void refusesFiguresThatAreNotFinite() {
    double infinity = Double.POSITIVE_INFINITY;
    for (double mean : new double[] {infinity, -infinity, Double.NaN}) {
      assertThatThrownBy(() -> new Standardizer(Tensor.of(1, mean), Tensor.of(1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("mean must be finite, got " + mean + " for feature 1");
    }
    assertThatThrownBy(() -> new Standardizer(Tensor.of(1, 0), Tensor.of(1, infinity)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("std must be finite, got Infinity for feature 1");
    assertThatThrownBy(() -> new Standardizer(Tensor.zeros(2), Tensor.of(-infinity, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("std must not be negative, got -Infinity for feature 0");
  }

  @Test
  void featuresOfNoPlaceAreNone() {
    Dataset none = new Dataset(Tensor.zeros(3, 0), Tensor.zeros(3));
    assertThat(none.standardize(Standardizer.fit(none)).inputs().shape()).containsExactly(3, 0);
  }
}
