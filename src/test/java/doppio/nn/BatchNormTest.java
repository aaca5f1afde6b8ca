package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchNormTest {
  private static final double EPS = 1e-5;
  private static final int SHAPES = 200;

  /** Means 2 and 4, variances 1 and 4 over two values, 2 and 8 over one less. */
  private final Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 6}});

  private final BatchNorm1d norm = new BatchNorm1d(2);

  @Test
  void inTrainingABatchIsNormalisedByItself() {
    norm.weight().value().set(3, 1);
    norm.bias().value().set(10, 1);
    double a = 1 / Math.sqrt(1 + EPS);
    double b = 3 * 2 / Math.sqrt(4 + EPS);
    assertThat(norm.forward(x).data())
        .containsExactly(new double[] {-a, 10 - b, a, 10 + b}, within(1e-15));
  }

  @Test
  void runningValuesMoveByTheMomentumAndTheUnbiasedVariance() {
    norm.forward(x);
    checkRunning(norm, new double[] {0.2, 0.4}, new double[] {0.9 + 0.2, 0.9 + 0.8}, 1);
    norm.forward(x);
    checkRunning(
        norm,
        new double[] {0.9 * 0.2 + 0.2, 0.9 * 0.4 + 0.4},
        new double[] {0.9 * 1.1 + 0.2, 0.9 * 1.7 + 0.8},
        2);
    norm.infer(x);
    norm.eval().forward(x);
    checkRunning(
        norm,
        new double[] {0.9 * 0.2 + 0.2, 0.9 * 0.4 + 0.4},
        new double[] {0.9 * 1.1 + 0.2, 0.9 * 1.7 + 0.8},
        2);
  }

  @Test
  void inEvaluationTheRunningValuesNormalise() {
    norm.forward(x);
    double[] y = norm.infer(Tensor.of(0.2, 3.4)).data();
    assertThat(y).containsExactly(new double[] {0, 3 / Math.sqrt(1.7 + EPS)}, within(1e-15));
  }

  @Test
  void theGradientInTrainingSubtractsWhatTheStatisticsTake() {
    norm.forward(x);
    // Channel 0: x̂ = ∓a, g = 1, 0: mean g = ½, mean g x̂ = −a/2.
    double a = 1 / Math.sqrt(1 + EPS);
    Tensor gx = norm.backward(Tensor.of(new double[][] {{1, 0}, {0, 0}}));
    double expected = a * (1 - 0.5 - a * a / 2);
    assertThat(gx.data()).containsExactly(new double[] {expected, 0, -expected, 0}, within(1e-15));
    assertThat(norm.weight().grad().data()).containsExactly(new double[] {-a, 0}, within(1e-15));
    assertThat(norm.bias().grad().data()).containsExactly(1, 0);
  }

  @Test
  void everyPlaceOfAChannelCounts() {
    BatchNorm2d images = new BatchNorm2d(2);
    // Channel 0 has 0 to 3 and 8 to 11, channel 1 the rest.
    Tensor two = Tensor.zeros(2, 2, 2, 2);
    for (int i = 0; i < 16; i++) {
      two.data()[i] = i;
    }
    images.forward(two);
    // Mean 5.5; squares 2·(5.5² + 4.5² + 3.5² + 2.5²) = 138, of 8 values.
    checkRunning(
        images,
        new double[] {0.55, 0.95},
        new double[] {0.9 + 0.1 * 138 / 7, 0.9 + 0.1 * 138 / 7},
        1);
    assertThat(images.forward(two).get(0, 0, 0, 0))
        .isCloseTo(-5.5 / Math.sqrt(138 / 8.0 + EPS), within(1e-15));
  }

  /** The same values as a batch of rows, of sequences and of images. */
  @Test
  void theLayersForRowsSequencesAndImagesAgree() {
    Tensor rows = RandomTensors.normal(1, 6, 3);
    Tensor sequences = Tensor.zeros(2, 3, 3);
    for (int i = 0; i < 6; i++) {
      for (int c = 0; c < 3; c++) {
        sequences.set(rows.get(i, c), i / 3, c, i % 3);
      }
    }
    Tensor y = new BatchNorm1d(3).forward(rows);
    Tensor ofSequences = new BatchNorm1d(3).forward(sequences);
    Tensor ofImages = new BatchNorm2d(3).forward(sequences.reshape(2, 3, 3, 1));
    assertThat(ofImages.data()).containsExactly(ofSequences.data());
    for (int i = 0; i < 6; i++) {
      for (int c = 0; c < 3; c++) {
        assertThat(ofSequences.get(i / 3, c, i % 3)).isCloseTo(y.get(i, c), within(1e-14));
      }
    }
  }

  /** 300 samples: two chains; 19 places: two rounds of eight and three more. */
  @Test
  void sumsHaveTheOrderThatIsStated() {
    int n = 300;
    int m = 19;
    Tensor one = RandomTensors.normal(4, n, 1, m);
    BatchNorm1d single = new BatchNorm1d(1, EPS, 1);
    single.forward(one);
    double total = 0;
    double chain = 0;
    for (int i = 0; i < n; i++) {
      if (i == 256) {
        total += chain;
        chain = 0;
      }
      double[] s = new double[8];
      for (int k = 0; k < m; k++) {
        s[k % 8] += one.get(i, 0, k);
      }
      chain += ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
    total += chain;
    assertThat(single.namedBuffers().get("running_mean").get(0)).isEqualTo(total / (n * m));
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(5);
    for (int i = 0; i < SHAPES; i++) {
      int channels = 1 + below(random, 4);
      int n = 2 + below(random, 6);
      Module module;
      Tensor input;
      if (i % 3 == 0) {
        module = new BatchNorm1d(channels);
        input = RandomTensors.normal(i, n, channels);
      } else if (i % 3 == 1) {
        module = new BatchNorm1d(channels, 0.1, 0.5);
        input = RandomTensors.normal(i, n - 1, channels, 2 + below(random, 12));
      } else {
        module = new BatchNorm2d(channels);
        int h = 1 + below(random, 5);
        int w = 2 + below(random, 5);
        input =
            i % 5 == 0
                ? RandomTensors.normal(i, channels, h, w)
                : RandomTensors.normal(i, n - 1, channels, h, w);
      }
      random.uniform(module.parameters().get(0).value().data(), 0.5, 2);
      random.normal(module.parameters().get(1).value().data(), 0, 1);
      GradientCheck.checkTraining(module, input);
      module.forward(input);
      GradientCheck.check(module, input);
    }
  }

  @Test
  void aNanRowNeverEntersTheRunningValues() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e200}) {
      norm.train().forward(x);
      double[] mean = norm.namedBuffers().get("running_mean").data().clone();
      double[] variance = norm.namedBuffers().get("running_var").data().clone();
      double count = norm.namedBuffers().get("num_batches_tracked").get();
      Tensor y = norm.forward(x.copy().set(bad, 0, 1));
      assertThat(norm.namedBuffers().get("running_mean").data()).containsExactly(mean);
      assertThat(norm.namedBuffers().get("running_var").data()).containsExactly(variance);
      assertThat(norm.namedBuffers().get("num_batches_tracked").get()).isEqualTo(count);
      assertThat(Double.isNaN(bad) && !Double.isNaN(y.get(1, 1))).isFalse();
      assertThat(y.get(1, 0)).isFinite();
    }
  }

  @Test
  void aSingleValuePerChannelIsRefusedInTraining() {
    refusedInTraining(norm, "BatchNorm1d(2)", "[1, 2]", 1, 2);
    refusedInTraining(norm, "BatchNorm1d(2)", "[2]", 2);
    refusedInTraining(norm, "BatchNorm1d(2)", "[1, 2, 1]", 1, 2, 1);
    refusedInTraining(norm, "BatchNorm1d(2)", "[0, 2]", 0, 2);
    refusedInTraining(norm, "BatchNorm1d(2)", "[3, 2, 0]", 3, 2, 0);
    refusedInTraining(new BatchNorm2d(3), "BatchNorm2d(3)", "[1, 3, 1, 1]", 1, 3, 1, 1);
    refusedInTraining(new BatchNorm2d(3), "BatchNorm2d(3)", "[0, 3, 4, 4]", 0, 3, 4, 4);
  }

  @Test
  void aSingleRowIsTakenInEvaluation() {
    norm.eval();
    assertThat(norm.forward(Tensor.zeros(1, 2)).shape()).containsExactly(1, 2);
  }

  @Test
  void whatIsRefusedInTrainingLeavesTheLayerAsItWas() {
    Tensor gy = RandomTensors.normal(3, 2, 2);
    norm.forward(x);
    Tensor expected = norm.backward(gy);
    Map<String, Tensor> buffers = norm.namedBuffers();
    double[] mean = buffers.get("running_mean").data().clone();
    refusedInTraining(norm, "BatchNorm1d(2)", "[1, 2]", 1, 2);
    assertThat(norm.backward(gy).data()).containsExactly(expected.data());
    assertThat(buffers.get("running_mean").data()).containsExactly(mean);
    assertThat(buffers.get("num_batches_tracked").get()).isEqualTo(1);
  }

  @Test
  void inAModelTheRefusalNamesThePlace() {
    Module model = new Sequential(new Linear(4, 2), norm);
    assertShapeException(
        () -> model.forward(Tensor.zeros(1, 4)),
        "BatchNorm1d(2) expects more than one value per channel in training but got [1, 2] (layer"
            + " 1 of Sequential)");
    assertThat(model.infer(Tensor.zeros(1, 4)).shape()).containsExactly(1, 2);
  }

  @Test
  void aFrozenParameterGetsNoGradient() {
    norm.weight().frozen(true);
    norm.forward(x);
    norm.accumulateGradients(Tensor.full(1, 2, 2));
    assertThat(norm.weight().hasGradient()).isFalse();
    assertThat(norm.bias().grad().data()).containsExactly(2, 2);
  }

  @Test
  void printsWhatIsNotUsual() {
    assertThat(norm).hasToString("BatchNorm1d(2)");
    assertThat(new BatchNorm1d(2, 1e-3, 0.1))
        .hasToString("BatchNorm1d(2, eps 0.001, momentum 0.1)");
    assertThat(new BatchNorm1d(2, 1e-5, 0.2))
        .hasToString("BatchNorm1d(2, eps 1.0E-5, momentum 0.2)");
  }

  @Test
  void stateHasPyTorchsNames() {
    assertThat(norm.stateDict().keySet())
        .containsExactly("weight", "bias", "running_mean", "running_var", "num_batches_tracked");
    assertThat(norm.stateDict().get("num_batches_tracked").rank()).isZero();
    assertThat(norm.describe().settings())
        .isEqualTo(Map.of("numFeatures", 2, "eps", 1e-5, "momentum", 0.1));
    assertThat(norm.channels()).isEqualTo(2);
    assertThat(norm.eps()).isEqualTo(1e-5);
    assertThat(norm.momentum()).isEqualTo(0.1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.5, Double.NaN})
  void aMomentumThatIsNoneIsRefused(double momentum) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchNorm2d(2, 1e-5, momentum))
        .withMessage("momentum must be in [0, 1], got " + momentum);
  }

  @Test
  void otherSettingsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchNorm1d(0))
        .withMessage("channels must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchNorm1d(2, -1, 0.1))
        .withMessage("eps must be finite and not negative, got -1.0");
  }

  private static void refusedInTraining(Module norm, String name, String got, int... shape) {
    assertShapeException(
        () -> norm.forward(Tensor.zeros(shape)),
        name + " expects more than one value per channel in training but got " + got);
    assertThat(norm.infer(Tensor.zeros(shape)).shape()).containsExactly(shape);
  }

  private static void checkRunning(Module norm, double[] mean, double[] variance, int batches) {
    Map<String, Tensor> buffers = norm.namedBuffers();
    assertThat(buffers.get("running_mean").data()).containsExactly(mean, within(1e-15));
    assertThat(buffers.get("running_var").data()).containsExactly(variance, within(1e-15));
    assertThat(buffers.get("num_batches_tracked").get()).isEqualTo(batches);
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
