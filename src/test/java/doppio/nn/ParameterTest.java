package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.internal.Kernels;
import doppio.internal.choice.KernelChoice;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
  private final Parameter parameter = new Parameter(Tensor.of(1, 2, 3));

  @Test
  void theValueIsLive() {
    Tensor value = Tensor.of(1, 2);
    assertThat(new Parameter(value).value()).isSameAs(value);
  }

  @Test
  void aNewParameterHasNoGradientAndReadsAsZeros() {
    assertThat(parameter.hasGradient()).isFalse();
    assertThat(parameter.grad().data()).containsExactly(0, 0, 0);
    assertThat(parameter.hasGradient()).isFalse();
  }

  @Test
  void theAccumulatorAddsUp() {
    parameter.accumulator().data()[1] += 5;
    parameter.accumulator().data()[1] += 2;
    assertThat(parameter.hasGradient()).isTrue();
    assertThat(parameter.grad().data()).containsExactly(0, 7, 0);
  }

  @Test
  void zeroGradForgets() {
    parameter.accumulator().fill(4);
    parameter.zeroGrad();
    assertThat(parameter.hasGradient()).isFalse();
    assertThat(parameter.grad().data()).containsExactly(0, 0, 0);
    parameter.accumulator().data()[0] += 1;
    assertThat(parameter.grad().data()).containsExactly(1, 0, 0);
  }

  @Test
  void aGradientOfExactZerosWrittenThroughTheAccumulatorCounts() {
    parameter.accumulator().fill(0);
    assertThat(parameter.hasGradient()).isTrue();
    assertThat(gatheredParts(parameter)).containsExactly(0, 0, 0);
    parameter.zeroGrad();
    assertThat(parameter.hasGradient()).isFalse();
    parameter.accumulator();
    assertThat(parameter.hasGradient()).isTrue();
  }

  @Test
  void zerosWrittenThroughGradAreNoGradientOfTheirOwn() {
    parameter.grad().fill(0);
    assertThat(parameter.hasGradient()).isFalse();
    parameter.grad().fill(-0.0);
    assertThat(parameter.hasGradient()).isFalse();
    parameter.grad().set(Double.NaN, 2);
    assertThat(parameter.hasGradient()).isTrue();
  }

  @Test
  void zerosWrittenThroughGradReplaceAGradientThatExists() {
    for (int n : new int[] {1, 3}) {
      Linear linear = new Linear(17, 13, new Generator(1));
      linear.forward(Tensor.full(1, n, 17));
      linear.backward(Tensor.full(2, n, 13));
      linear.weight().grad().fill(0);
      linear.bias().grad().fill(0);
      for (Parameter p : linear.parameters()) {
        assertThat(p.hasGradient()).isTrue();
        assertThat(gatheredParts(p)).containsOnly(0);
        assertThat(p.gradientSquares()).isZero();
      }
    }
  }

  @Test
  void aWriteToATensorFromBeforeZeroGradIsLost() {
    Linear linear = new Linear(17, 13, new Generator(1));
    Tensor stale = linear.weight().grad();
    linear.zeroGrad();
    stale.fill(7);
    assertThat(linear.weight().hasGradient()).isFalse();
    linear.forward(Tensor.full(1, 1, 17));
    linear.backward(Tensor.full(2, 1, 13));
    stale.fill(7);
    assertThat(gatheredParts(linear.weight())).containsOnly(2);
    assertThat(linear.weight().grad().data()).containsOnly(2);
    linear.zeroGrad();
    stale.fill(7);
    assertThat(linear.weight().accumulator().data()).containsOnly(0);
  }

  @Test
  void numbersWrittenThroughGradCount() {
    parameter.zeroGrad();
    parameter.grad().set(2, 1);
    assertThat(parameter.hasGradient()).isTrue();
    assertThat(gatheredParts(parameter)).containsExactly(0, 2, 0);
    assertThat(parameter.grad().data()).containsExactly(0, 2, 0);
    parameter.zeroGrad();
    assertThat(parameter.hasGradient()).isFalse();
  }

  @Test
  void numbersWrittenThroughGradAreAddedTo() {
    for (int n : new int[] {1, 2}) {
      Linear linear = new Linear(2, 3, new Generator(1));
      linear.weight().grad().fill(100);
      linear.bias().grad().fill(10);
      linear.forward(Tensor.full(1, n, 2));
      linear.backward(Tensor.full(1, n, 3));
      assertThat(linear.weight().grad().data()).containsOnly(100 + n);
      assertThat(linear.bias().grad().data()).containsOnly(10 + n);
    }
  }

  /** Sizes whose gradient is kept as factors, and some whose is not. */
  @ParameterizedTest
  @CsvSource({"2, 3, 1", "2, 3, 2", "17, 13, 1", "17, 13, 3"})
  void aGradientHeldIsLiveUntilZeroGrad(int in, int out, int n) {
    Linear linear = new Linear(in, out, new Generator(1));
    for (int pass = 1; pass < 4; pass++) {
      linear.zeroGrad();
      Tensor held = linear.weight().grad();
      assertThat(held.data()).containsOnly(0);
      linear.forward(Tensor.full(1, n, in));
      linear.backward(Tensor.full(pass, n, out));
      assertThat(held.data()).containsOnly(pass * n);
      linear.backward(Tensor.full(1, n, out));
      assertThat(held.data()).containsOnly((pass + 1) * n);
      assertThat(linear.weight().grad()).isSameAs(held);
    }
  }

  @ParameterizedTest
  @CsvSource({"17, 13, 1", "17, 13, 3"})
  void aGradientLookedAtAfterBackwardIsLiveUntilZeroGrad(int in, int out, int n) {
    Linear linear = new Linear(in, out, new Generator(1));
    linear.forward(Tensor.full(1, n, in));
    linear.backward(Tensor.full(2, n, out));
    Tensor held = linear.weight().grad();
    held.data()[5] = 100;
    assertThat(gatheredParts(linear.weight())[5]).isEqualTo(100);
    linear.backward(Tensor.full(1, n, out));
    assertThat(held.data()[5]).isEqualTo(100 + n);
    assertThat(held.data()[6]).isEqualTo(3 * n);
    linear.weight().scaleGradient(2);
    assertThat(held.data()[6]).isEqualTo(6 * n);
  }

  @ParameterizedTest
  @CsvSource({"17, 13, 1", "17, 13, 3", "300, 401, 1", "2, 2, 1"})
  void aSecondBackwardAddsToTheProductAsToTheMatrix(int in, int out, int n) {
    Linear product = new Linear(in, out, new Generator(1));
    Linear matrix = (Linear) product.copy();
    matrix.weight().accumulator();
    for (Linear linear : List.of(product, matrix)) {
      for (int pass = 0; pass < 3; pass++) {
        linear.forward(RandomTensors.normal(2 + pass, n, in));
        linear.backward(RandomTensors.normal(9 + pass, n, out));
      }
    }
    assertThat(product.weight().grad().data()).isEqualTo(matrix.weight().grad().data());
  }

  @Test
  void squaresAreThoseOfTheElements() {
    assertThat(parameter.gradientSquares()).isZero();
    parameter.accumulator().data()[1] = 3;
    parameter.grad().data()[2] = -4;
    assertThat(parameter.gradientSquares()).isEqualTo(25);
    parameter.zeroGrad();
    assertThat(parameter.gradientSquares()).isZero();
    parameter.grad().data()[0] = 2;
    assertThat(parameter.gradientSquares()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"17, 13, 1", "17, 13, 3", "300, 401, 1", "300, 401, 8", "2, 2, 1"})
  void squaresOfAProductAreThoseOfTheMatrixUpToRounding(int in, int out, int n) {
    Linear linear = backward(in, out, n, 1, 1);
    double squares = linear.weight().gradientSquares();
    double expected = 0;
    for (double g : linear.weight().grad().data()) {
      expected += g * g;
    }
    assertThat(squares).isCloseTo(expected, withinPercentage(1e-10));
  }

  /** Factors that are too large or small for their squares, whose product is not. */
  @ParameterizedTest
  @CsvSource({"1e200, 1e-200", "1e-170, 1e170", "1e-90, 1e90", "1e80, 1e-78"})
  void squaresOfAProductNeitherOverflowNorVanishWhereThoseOfTheMatrixDoNot(double g, double x) {
    Linear linear = backward(17, 13, 1, g, x);
    double expected = 0;
    for (double e : linear.weight().grad().data()) {
      expected += e * e;
    }
    linear = backward(17, 13, 1, g, x);
    assertThat(linear.weight().gradientSquares()).isCloseTo(expected, withinPercentage(1e-10));
  }

  @ParameterizedTest
  @CsvSource({"NaN, 1", "1, NaN", "Infinity, 0", "0, Infinity"})
  void squaresOfAProductThatIsNoNumberAreNone(double g, double x) {
    assertThat(backward(17, 13, 1, g, x).weight().gradientSquares()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"17, 13, 1", "17, 13, 3", "300, 401, 1", "300, 401, 8", "2, 2, 1", "17, 13, 0"})
  void whetherSomebodyLookedChangesNoBit(int in, int out, int n) {
    double[] factors = {1, 0.3, 0.7};
    for (int changes = 0; changes <= factors.length; changes++) {
      Parameter unseen = backward(in, out, n, 1, 1).weight();
      Parameter seen = backward(in, out, n, 1, 1).weight();
      seen.grad();
      Linear before = new Linear(in, out, new Generator(1));
      before.weight().grad();
      backward(before, n, 1, 1);
      for (Parameter p : List.of(seen, before.weight())) {
        assertThat(p.gradientSquares()).isEqualTo(unseen.gradientSquares());
      }
      for (int i = 0; i < changes; i++) {
        for (Parameter p : List.of(unseen, seen, before.weight())) {
          p.scaleGradient(factors[i]);
        }
        double squares = unseen.gradientSquares();
        assertThat(seen.gradientSquares()).isEqualTo(squares);
        assertThat(before.weight().gradientSquares()).isEqualTo(squares);
      }
      double[] expected = gatheredParts(unseen);
      assertThat(gatheredParts(seen)).isEqualTo(expected);
      assertThat(gatheredParts(before.weight())).isEqualTo(expected);
      assertThat(unseen.grad().data()).isEqualTo(expected);
      assertThat(seen.grad().data()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"17, 13, 1", "17, 13, 3", "300, 401, 1"})
  void aGradientIsScaledElementByElement(int in, int out, int n) {
    Parameter matrix = backward(in, out, n, 1, 1).weight();
    double[] expected = matrix.grad().copy().data();
    Parameter scaled = backward(in, out, n, 1, 1).weight();
    for (double factor : new double[] {0.3, -0.7}) {
      scaled.scaleGradient(factor);
      for (int i = 0; i < expected.length; i++) {
        expected[i] *= factor;
      }
      assertThat(gatheredParts(scaled)).isEqualTo(expected);
    }
    scaled.zeroGrad();
    scaled.scaleGradient(5);
    assertThat(scaled.hasGradient()).isFalse();
  }

  @Test
  void aScaledGradientIsAddedTo() {
    Linear linear = new Linear(5, 7, new Generator(1));
    linear.forward(Tensor.full(1, 5));
    linear.backward(Tensor.full(4, 7));
    linear.weight().scaleGradient(0.5);
    linear.backward(Tensor.full(1, 7));
    assertThat(linear.weight().grad().data()).containsOnly(3);
    linear.zeroGrad();
    linear.backward(Tensor.full(1, 7));
    assertThat(linear.weight().grad().data()).containsOnly(1);
  }

  @Test
  void squaresSeeWhatWasWrittenIntoTheGradientOfASingleSample() {
    Parameter weight = backward(17, 13, 1, 1, 1).weight();
    weight.grad().fill(0).set(3, 4, 5);
    assertThat(weight.gradientSquares()).isEqualTo(9);
    weight.scaleGradient(2);
    assertThat(weight.gradientSquares()).isEqualTo(36);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void squaresOfASingleSampleAreThoseOfItsFactorsMultiplied(boolean lookedAt) {
    Kernels kernels = KernelChoice.kernels();
    for (int seed = 0; seed < 20; seed++) {
      double[] gy = RandomTensors.normal(seed, 13).data();
      double[] x = RandomTensors.normal(100 + seed, 17).data();
      Parameter weight = new Parameter(Tensor.zeros(13, 17));
      weight.accumulateProduct(gy, x, 1);
      if (lookedAt) {
        weight.grad();
      }
      assertThat(weight.gradientSquares())
          .isEqualTo(kernels.squares(gy, 0, 13) * kernels.squares(x, 0, 17));
    }
  }

  /** A matrix that is the weight of a linear layer and the table of an embedding. */
  @Test
  void rowsAreAddedToAProduct() {
    Parameter shared = new Parameter(Tensor.zeros(6, 5));
    shared.accumulateProduct(new double[] {1, 1, 1, 1, 1, 1}, new double[] {2, 2, 2, 2, 2}, 1);
    shared.accumulateRows(new double[] {3}, new double[] {1, 1, 1, 1, 1}, 1);
    assertThat(shared.gradientSquares()).isEqualTo(25 * 4 + 5 * 9);
    assertThat(shared.grad().get(2, 0)).isEqualTo(2);
    assertThat(shared.grad().get(3, 0)).isEqualTo(3);
  }

  @Test
  void aProductAfterRowsIsHandedOnWhole() {
    Parameter shared = new Parameter(Tensor.zeros(6, 5));
    shared.accumulateRows(new double[] {3}, new double[] {1, 1, 1, 1, 1}, 1);
    shared.zeroGrad();
    shared.accumulateProduct(new double[] {1, 1, 1, 1, 1, 4}, new double[] {2, 2, 2, 2, 2}, 1);
    assertThat(shared.hasGradientWithin(7)).isFalse();
    assertThat(shared.hasGradientWithin(8)).isTrue();
    assertThat(shared.gradientSquares()).isEqualTo(25 * 4 + 5 * 64);
    double[] expected = new double[30];
    Arrays.fill(expected, 0, 25, 2);
    Arrays.fill(expected, 25, 30, 8);
    assertThat(gatheredParts(shared)).containsExactly(expected);
  }

  @Test
  void rowsOfSeveralPassesAddUp() {
    Parameter table = new Parameter(Tensor.zeros(3, 2));
    for (int pass = 0; pass < 3; pass++) {
      table.accumulateRows(new double[] {2, 0}, new double[] {1, 2, 3, 4}, 2);
    }
    assertThat(table.grad().data()).containsExactly(9, 12, 0, 0, 3, 6);
  }

  @Test
  void rowsAreAddedToNumbersWrittenThroughGrad() {
    Parameter table = new Parameter(Tensor.zeros(3, 2));
    table.grad().fill(100);
    table.accumulateRows(new double[] {2}, new double[] {1, 2}, 1);
    assertThat(table.grad().data()).containsExactly(100, 100, 100, 100, 101, 102);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatWasWrittenIntoAProductIsLookedAt(int n) {
    Parameter weight = backward(17, 13, n, 1, 1).weight();
    weight.grad().set(1e9, 3, 4);
    assertThat(weight.hasGradientWithin(1e8)).isFalse();
    weight.grad().fill(0);
    assertThat(weight.hasGradientWithin(0)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "17, 13, 1",
    "17, 13, 3",
    "17, 13, 7",
    "17, 13, 8",
    "1, 1, 1",
    "300, 401, 1",
    "300, 401, 60"
  })
  void theProductHasTheBitsOfTheMatrix(int in, int out, int n) {
    Linear product = new Linear(in, out, new Generator(1));
    Linear matrix = (Linear) product.copy();
    for (Linear linear : List.of(product, matrix)) {
      linear.forward(RandomTensors.normal(2, n, in));
      linear.backward(RandomTensors.normal(3, n, out));
    }
    double[] expected = matrix.weight().accumulator().data();
    assertThat(gatheredParts(product.weight())).isEqualTo(expected);
    assertThat(gatheredParts(matrix.weight())).isEqualTo(expected);
    assertThat(product.weight().grad().data()).isEqualTo(expected);
    assertThat(gatheredParts(product.weight())).isEqualTo(expected);
  }

  @Test
  void aSecondSingleSampleIsAddedToTheFirst() {
    Linear linear = new Linear(2, 2, new Generator(1));
    for (int pass = 0; pass < 3; pass++) {
      linear.forward(Tensor.of(1, 2));
      linear.accumulateGradients(Tensor.of(3, 5));
    }
    assertThat(linear.weight().grad().data()).containsExactly(9, 18, 15, 30);
  }

  @Test
  void zeroGradForgetsTheGradientOfASingleSample() {
    Linear linear = new Linear(2, 2, new Generator(1));
    linear.forward(Tensor.of(1, 2));
    linear.backward(Tensor.of(3, 5));
    linear.zeroGrad();
    assertThat(linear.weight().hasGradient()).isFalse();
    assertThat(linear.weight().grad().data()).containsOnly(0);
  }

  @Test
  void theGradientOfASingleSampleDoesNotChangeWithItsInput() {
    Linear linear = new Linear(2, 1, new Generator(1));
    Tensor x = Tensor.of(1, 2);
    Tensor gy = Tensor.of(3);
    linear.forward(x);
    linear.backward(gy);
    x.fill(Double.NaN);
    gy.fill(Double.NaN);
    assertThat(linear.weight().grad().data()).containsExactly(3, 6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aGradientIsWithinALimitThatItsLargestElementReaches(int place) {
    assertThat(parameter.hasGradientWithin(0)).isTrue();
    parameter.accumulator().data()[place] = -4;
    assertThat(parameter.hasGradientWithin(4)).isTrue();
    assertThat(parameter.hasGradientWithin(Math.nextDown(4.0))).isFalse();
    parameter.accumulator().data()[place] = Double.NaN;
    assertThat(parameter.hasGradientWithin(Double.MAX_VALUE)).isFalse();
    parameter.zeroGrad();
    assertThat(parameter.hasGradientWithin(0)).isTrue();
  }

  /**
   * The terms of two samples are 60 and −56, so that the bound by factors, 2 · 60, is too large.
   */
  @Test
  void aProductIsJudgedByItsElementsWhereItsFactorsDoNotTell() {
    Parameter weight = new Parameter(Tensor.zeros(20, 30));
    double[] gy = new double[40];
    double[] x = new double[60];
    gy[19] = 6;
    gy[39] = -5.6;
    x[29] = 10;
    x[59] = 10;
    weight.accumulateProduct(gy, x, 2);
    assertThat(weight.hasGradientWithin(120)).isTrue();
    assertThat(weight.hasGradientWithin(4.1)).isTrue();
    assertThat(weight.hasGradientWithin(3.9)).isFalse();
    weight.scaleGradient(0.5);
    assertThat(weight.hasGradientWithin(2.1)).isTrue();
    assertThat(weight.hasGradientWithin(1.9)).isFalse();
    weight.grad();
    assertThat(weight.hasGradientWithin(2.1)).isTrue();
    assertThat(weight.hasGradientWithin(1.9)).isFalse();
  }

  @Test
  void thereAreNoPartsWithoutAGradient() {
    parameter.accumulator().fill(4);
    parameter.zeroGrad();
    AtomicInteger calls = new AtomicInteger();
    parameter.gradientParts((gradient, at, from, length) -> calls.incrementAndGet());
    assertThat(calls).hasValue(0);
  }

  @Test
  void aCopyHasItsOwnValueAndNoGradient() {
    parameter.frozen(true).accumulator().fill(4);
    Parameter copy = parameter.copy();
    copy.value().fill(9);
    assertThat(copy.hasGradient()).isFalse();
    assertThat(copy.isFrozen()).isTrue();
    assertThat(parameter.value().data()).containsExactly(1, 2, 3);
    assertThat(copy.frozen(false)).isSameAs(copy);
    assertThat(copy.isFrozen()).isFalse();
    assertThat(parameter.isFrozen()).isTrue();
  }

  @Test
  void printsItsShapeAndWhetherItIsFrozen() {
    assertThat(new Parameter(Tensor.zeros(2, 3))).hasToString("Parameter[2, 3]");
    assertThat(parameter.frozen(true)).hasToString("Parameter[3] (frozen)");
  }

  /** A layer after a pass over random numbers times g and x. */
  private static Linear backward(int in, int out, int n, double g, double x) {
    Linear linear = new Linear(in, out, new Generator(1));
    backward(linear, n, g, x);
    return linear;
  }

  private static void backward(Linear linear, int n, double g, double x) {
    Tensor input = RandomTensors.normal(2, n, linear.weight().value().dim(1));
    Tensor gradient = RandomTensors.normal(3, n, linear.weight().value().dim(0));
    for (int i = 0; i < input.size(); i++) {
      input.data()[i] *= x;
    }
    for (int i = 0; i < gradient.size(); i++) {
      gradient.data()[i] *= g;
    }
    linear.forward(input);
    linear.accumulateGradients(gradient);
  }

  /** The gradient put together from its parts, which cover each element once. */
  private static double[] gatheredParts(Parameter parameter) {
    double[] gathered = new double[parameter.value().size()];
    AtomicIntegerArray visits = new AtomicIntegerArray(gathered.length);
    parameter.gradientParts(
        (gradient, at, from, length) -> {
          System.arraycopy(gradient, at, gathered, from, length);
          for (int i = from; i < from + length; i++) {
            visits.incrementAndGet(i);
          }
        });
    int[] times = IntStream.range(0, gathered.length).map(visits::get).toArray();
    int[] once = new int[gathered.length];
    Arrays.fill(once, 1);
    assertThat(times).isEqualTo(once);
    return gathered;
  }
}
