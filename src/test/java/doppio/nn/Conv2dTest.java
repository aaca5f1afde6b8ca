package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class Conv2dTest {
  private static final int SHAPES = 200;

  /** 1 to 16, row by row. */
  private static final Tensor IMAGE =
      Tensor.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16).reshape(1, 4, 4);

  @Test
  void boxBlurOfAnImageIsTheMeanOfEachNeighbourhood() {
    Conv2d blur = new Conv2d(1, 1, Window.of(3).padding(1), 1, false, new Generator(1));
    blur.weight().value().fill(1);
    // Sums by hand: 1 + 2 + 5 + 6 = 14 in the corner, where the padding counts as zeros.
    assertThat(blur.infer(IMAGE).data())
        .containsExactly(14, 24, 30, 22, 33, 54, 63, 45, 57, 90, 99, 69, 46, 72, 78, 54);
    blur.weight().value().fill(1 / 9.0);
    Tensor blurred = blur.infer(IMAGE);
    assertThat(blurred.shape()).containsExactly(1, 4, 4);
    assertThat(blurred.get(0, 1, 1)).isCloseTo(6, within(1e-15));
    assertThat(blurred.get(0, 2, 2)).isCloseTo(11, within(1e-15));
  }

  @Test
  void stridesSkipAndDilationsSpread() {
    Conv2d corner = new Conv2d(1, 1, Window.of(2).stride(2), 1, false, new Generator(1));
    corner.weight().value().data()[0] = 1;
    Arrays.fill(corner.weight().value().data(), 1, 4, 0);
    assertThat(corner.infer(IMAGE).data()).containsExactly(1, 3, 9, 11);
    Conv2d spread = new Conv2d(1, 1, Window.of(2).dilation(3), 1, false, new Generator(1));
    spread.weight().value().fill(1);
    assertThat(spread.infer(IMAGE).data()).containsExactly(1 + 4 + 13 + 16);
  }

  @Test
  void channelsAreAddedAndGroupsSeeTheirOwn() {
    Tensor x = Tensor.of(1, 2, 3, 4).reshape(4, 1, 1);
    Conv2d all = new Conv2d(4, 2, Window.of(1), 1, true, new Generator(1));
    all.weight().value().fill(1);
    all.bias().value().data()[0] = 0.5;
    all.bias().value().data()[1] = -1;
    assertThat(all.infer(x).data()).containsExactly(10.5, 9);
    Conv2d groups = new Conv2d(4, 2, Window.of(1), 2, false, new Generator(1));
    groups.weight().value().fill(1);
    assertThat(groups.infer(x).data()).containsExactly(3, 7);
  }

  /** Each output is a row of a matrix, times the image as a vector. */
  @Test
  void equalsTheProductWithAnExplicitMatrix() {
    Conv2d conv = new Conv2d(1, 1, Window.of(3), 1, false, new Generator(2));
    double[] w = conv.weight().value().data();
    double[][] matrix = new double[4][16];
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 3; j++) {
            matrix[row * 2 + column][(row + i) * 4 + column + j] = w[i * 3 + j];
          }
        }
      }
    }
    Tensor x = RandomTensors.normal(3, 5, 16);
    Tensor expected = new Linear(new Parameter(Tensor.of(matrix)), null).infer(x);
    Tensor y = conv.infer(x.reshape(5, 1, 4, 4));
    assertThat(y.shape()).containsExactly(5, 1, 2, 2);
    assertThat(y.data()).containsExactly(expected.data(), within(1e-14));
    Linear dense = new Linear(new Parameter(Tensor.of(matrix)), null);
    dense.forward(x);
    Tensor gx = dense.backward(expected);
    conv.forward(x.reshape(5, 1, 4, 4));
    assertThat(conv.backward(y).data()).containsExactly(gx.data(), within(1e-14));
  }

  @Test
  void aKernelOfOneIsALinearLayerOverChannels() {
    Conv2d conv = new Conv2d(5, 3, 1, new Generator(4));
    Linear linear = new Linear(new Parameter(conv.weight().value().reshape(3, 5)), conv.bias());
    Tensor x = RandomTensors.normal(5, 7, 5);
    assertThat(conv.infer(x.reshape(7, 5, 1, 1)).data()).containsExactly(linear.infer(x).data());
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    SplittableRandom random = new SplittableRandom(11);
    int checked = 0;
    while (checked < SHAPES) {
      int groups = 1 + random.nextInt(3);
      int in = groups * (1 + random.nextInt(3));
      int out = groups * (1 + random.nextInt(3));
      Window window =
          Window.of(1 + random.nextInt(3), 1 + random.nextInt(4))
              .stride(1 + random.nextInt(3), 1 + random.nextInt(3))
              .padding(random.nextInt(3), random.nextInt(3))
              .dilation(1 + random.nextInt(2), 1 + random.nextInt(3));
      int height = 1 + random.nextInt(6);
      int width = 1 + random.nextInt(7);
      if (!fits(window, height, width)) {
        continue;
      }
      Conv2d conv =
          new Conv2d(in, out, window, groups, random.nextBoolean(), new Generator(checked));
      int n = random.nextInt(4);
      Tensor x =
          n == 0
              ? RandomTensors.normal(checked, in, height, width)
              : RandomTensors.normal(checked, n, in, height, width);
      GradientCheck.check(conv, x);
      checked++;
    }
  }

  private static boolean fits(Window window, int height, int width) {
    return height + 2 * window.paddingHeight()
            >= window.dilationHeight() * (window.height() - 1) + 1
        && width + 2 * window.paddingWidth() >= window.dilationWidth() * (window.width() - 1) + 1;
  }

  @Test
  void oneImageIsABatchOfOne() {
    Conv2d conv = new Conv2d(3, 5, Window.of(3).padding(1), new Generator(6));
    Tensor x = RandomTensors.normal(7, 3, 9, 8);
    Tensor y = conv.forward(x);
    assertThat(y.shape()).containsExactly(5, 9, 8);
    Tensor gx = conv.backward(y);
    Tensor weightGradient = conv.weight().grad().copy();
    conv.zeroGrad();
    assertSame(conv.forward(x.reshape(1, 3, 9, 8)), y.reshape(1, 5, 9, 8));
    assertSame(conv.backward(y.reshape(1, 5, 9, 8)), gx.reshape(1, 3, 9, 8));
    assertSame(conv.weight().grad(), weightGradient);
  }

  @Test
  void drawsWeightThenBiasWithinOneOverTheRootOfAPatch() {
    Generator g = new Generator(5);
    Conv2d conv = new Conv2d(4, 100, Window.of(3, 5), 2, true, g);
    Generator again = new Generator(5);
    double bound = 1 / Math.sqrt(2 * 3 * 5);
    Tensor weight = Init.kaimingUniform(Tensor.zeros(100, 2, 3, 5), Math.sqrt(5), again);
    assertSame(conv.weight().value(), weight);
    assertSame(conv.bias().value(), Init.uniform(Tensor.zeros(100), -bound, bound, again));
    DoubleSummaryStatistics range = Arrays.stream(weight.data()).summaryStatistics();
    assertThat(range.getMin()).isBetween(-bound, -0.98 * bound);
    assertThat(range.getMax()).isBetween(0.98 * bound, bound);
    assertThat(g.random64()).isEqualTo(again.random64());
  }

  @Test
  void theDefaultGeneratorIsUsedWhereNoneIsPassed() {
    Generator.manualSeed(5);
    Conv2d byDefault = new Conv2d(1, 2, 3);
    Conv2d byWindow = new Conv2d(1, 2, Window.of(3));
    Generator g = new Generator(5);
    assertSame(byDefault.weight().value(), new Conv2d(1, 2, 3, g).weight().value());
    assertSame(byWindow.weight().value(), new Conv2d(1, 2, Window.of(3), g).weight().value());
  }

  @Test
  void frozenParametersGetNoGradient() {
    Conv2d conv = new Conv2d(1, 2, 3, new Generator(1));
    conv.weight().frozen(true);
    conv.forward(IMAGE);
    conv.backward(Tensor.full(1, 2, 2, 2));
    assertThat(conv.weight().hasGradient()).isFalse();
    assertThat(conv.bias().grad().data()).containsExactly(4, 4);
    conv.bias().frozen(true);
    conv.forward(IMAGE);
    conv.accumulateGradients(Tensor.full(1, 2, 2, 2));
    assertThat(conv.bias().grad().data()).containsExactly(4, 4);
  }

  @Test
  void saysWhetherItHasABias() {
    assertThat(new Conv2d(2, 3, 1).describe().settings()).containsEntry("bias", true);
    Conv2d none = new Conv2d(2, 2, Window.of(1), 1, false, new Generator(1));
    assertThat(none.describe().settings()).containsEntry("bias", false);
  }

  @Test
  void tellsItsSettings() {
    Conv2d conv = new Conv2d(4, 6, Window.of(3).padding(1), 2, false, new Generator(1));
    assertThat(conv.inChannels()).isEqualTo(4);
    assertThat(conv.outChannels()).isEqualTo(6);
    assertThat(conv.groups()).isEqualTo(2);
    assertThat(conv.bias()).isNull();
    assertThat(conv.window()).isEqualTo(Window.of(3).padding(1).stride(1));
    assertThat(conv.stateDict()).containsOnlyKeys("weight");
    assertThat(conv.stateDict().get("weight").shape()).containsExactly(6, 2, 3, 3);
    assertThat(conv.describe().settings().keySet())
        .containsExactly(
            "inChannels",
            "outChannels",
            "kernelSize",
            "stride",
            "padding",
            "dilation",
            "groups",
            "bias");
    assertThat(conv).hasToString("Conv2d(4 → 6, kernel 3 × 3, padding 1, groups 2, no bias)");
    assertThat(new Conv2d(1, 16, 3)).hasToString("Conv2d(1 → 16, kernel 3 × 3)");
  }

  @Test
  void numbersThatMakeNoConvolutionAreRefused() {
    Window window = Window.of(3);
    Generator g = new Generator(1);
    refused(() -> new Conv2d(0, 2, 3), "in must be at least 1, got 0");
    refused(() -> new Conv2d(2, -1, 3), "out must be at least 1, got -1");
    refused(() -> new Conv2d(2, 2, 0), "a window's size must be at least 1, got 0");
    refused(() -> new Conv2d(2, 2, window, 0, true, g), "groups must be at least 1, got 0");
    refused(
        () -> new Conv2d(3, 4, window, 2, true, g),
        "groups must divide both numbers of channels, got 2 for 3 → 4");
    refused(
        () -> new Conv2d(4, 3, window, 2, true, g),
        "groups must divide both numbers of channels, got 2 for 4 → 3");
    assertThat(g.random64()).as("nothing was drawn").isEqualTo(new Generator(1).random64());
  }

  @Test
  void outputsBeyondWhatATensorHoldsAreRefusedBeforeAnythingIsAllocated() {
    Conv2d conv = new Conv2d(1, 100_000, Window.of(1).padding(100), new Generator(1));
    String message =
        "Conv2d(1 → 100000, kernel 1 × 1, padding 100): an output [1, 100000, 201, 201] has more"
            + " elements than a tensor can have";
    assertShapeException(() -> conv.forward(Tensor.zeros(1, 1, 1, 1)), message);
    assertShapeException(() -> conv.infer(Tensor.zeros(1, 1, 1, 1)), message);
  }

  /** As PyTorch has it; without padding no window fits anyway. */
  @Test
  void imagesWithoutRowsOrColumnsAreRefusedWhateverThePadding() {
    Conv2d conv = new Conv2d(1, 1, Window.of(1).padding(1), new Generator(1));
    String message =
        "Conv2d(1 → 1, kernel 1 × 1, padding 1): a window of 1 × 1 does not fit an input of %s with"
            + " padding 1";
    assertShapeException(() -> conv.infer(Tensor.zeros(2, 1, 0, 3)), message.formatted("0 × 3"));
    assertShapeException(() -> conv.forward(Tensor.zeros(1, 3, 0)), message.formatted("3 × 0"));
  }

  /** Each would have 2³² numbers. */
  @Test
  void withoutImagesTheirSizeDoesNotMatter() {
    Conv2d conv = new Conv2d(4, 1, 1, new Generator(1));
    Tensor y = conv.forward(Tensor.zeros(0, 4, 32_768, 32_768));
    assertThat(y.shape()).containsExactly(0, 1, 32_768, 32_768);
    assertThat(conv.backward(y).size()).isZero();
    assertThat(conv.weight().grad().data()).containsOnly(0);
  }

  @Test
  void windowsThatSeeNothingButPaddingGiveTheBias() {
    Conv2d conv = new Conv2d(1, 1, Window.of(1).padding(0, 5).stride(1, 7), new Generator(1));
    conv.weight().value().fill(10);
    conv.bias().value().fill(0.5);
    Tensor y = conv.forward(Tensor.of(1, 2, 3).reshape(1, 1, 3));
    assertThat(y.data()).containsExactly(0.5, 30.5);
    assertThat(conv.backward(Tensor.of(1, 1).reshape(1, 1, 2)).data()).containsExactly(0, 0, 10);
    assertThat(conv.weight().grad().data()).containsExactly(3);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
