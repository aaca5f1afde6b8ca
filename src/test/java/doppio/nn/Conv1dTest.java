package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class Conv1dTest {
  private static final int SHAPES = 200;

  @Test
  void eachOutputSeesItsWindow() {
    Conv1d conv = new Conv1d(2, 1, 2, new Generator(1));
    System.arraycopy(new double[] {1, 10, 100, 1000}, 0, conv.weight().value().data(), 0, 4);
    conv.bias().value().fill(0.5);
    Tensor y = conv.infer(Tensor.of(1, 2, 3, 4, 5, 6).reshape(2, 3));
    assertThat(y.shape()).containsExactly(1, 2);
    assertThat(y.data()).containsExactly(1 + 20 + 400 + 5000 + 0.5, 2 + 30 + 500 + 6000 + 0.5);
  }

  /** A row is an image of height 1. */
  @Test
  void hasTheBitsOfAConvolutionOfImages() {
    Window window = Window.of(3).stride(2).padding(1).dilation(2);
    Window flat = Window.of(1, 3).stride(1, 2).padding(0, 1).dilation(1, 2);
    Conv1d line = new Conv1d(4, 6, window, 2, true, new Generator(3));
    Conv2d image = new Conv2d(4, 6, flat, 2, true, new Generator(3));
    assertThat(image.weight().value().data()).containsExactly(line.weight().value().data());
    Tensor x = RandomTensors.normal(2, 5, 4, 17);
    Tensor y = line.forward(x);
    assertThat(y.shape()).containsExactly(5, 6, 8);
    assertSame(image.forward(x.reshape(5, 4, 1, 17)), y.reshape(5, 6, 1, 8));
    assertSame(image.backward(y.reshape(5, 6, 1, 8)), line.backward(y).reshape(5, 4, 1, 17));
    assertThat(line.weight().grad().data()).containsExactly(image.weight().grad().data());
    assertSame(line.bias().grad(), image.bias().grad());
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    SplittableRandom random = new SplittableRandom(12);
    int checked = 0;
    while (checked < SHAPES) {
      int groups = 1 + random.nextInt(3);
      int in = groups * (1 + random.nextInt(3));
      int out = groups * (1 + random.nextInt(3));
      Window window =
          Window.of(1 + random.nextInt(4))
              .stride(1 + random.nextInt(3))
              .padding(random.nextInt(3))
              .dilation(1 + random.nextInt(3));
      int length = 1 + random.nextInt(9);
      if (length + 2 * window.paddingWidth() <= window.dilationWidth() * (window.width() - 1)) {
        continue;
      }
      Conv1d conv =
          new Conv1d(in, out, window, groups, random.nextBoolean(), new Generator(checked));
      int n = random.nextInt(4);
      Tensor x =
          n == 0
              ? RandomTensors.normal(checked, in, length)
              : RandomTensors.normal(checked, n, in, length);
      GradientCheck.check(conv, x);
      checked++;
    }
  }

  @Test
  void theDefaultGeneratorIsUsedWhereNoneIsPassed() {
    Generator.manualSeed(5);
    Conv1d byDefault = new Conv1d(1, 2, 3);
    Conv1d byWindow = new Conv1d(1, 2, Window.of(3));
    Generator g = new Generator(5);
    assertSame(byDefault.weight().value(), new Conv1d(1, 2, 3, g).weight().value());
    assertSame(byWindow.bias().value(), new Conv1d(1, 2, Window.of(3), g).bias().value());
  }

  @Test
  void saysWhetherItHasABias() {
    assertThat(new Conv1d(2, 3, 1).describe().settings()).containsEntry("bias", true);
    Conv1d none = new Conv1d(2, 2, Window.of(1), 1, false, new Generator(1));
    assertThat(none.describe().settings()).containsEntry("bias", false);
  }

  @Test
  void tellsItsSettings() {
    Conv1d conv = new Conv1d(4, 6, Window.of(3).padding(1), 2, false, new Generator(1));
    assertThat(conv.inChannels()).isEqualTo(4);
    assertThat(conv.outChannels()).isEqualTo(6);
    assertThat(conv.groups()).isEqualTo(2);
    assertThat(conv.bias()).isNull();
    assertThat(conv.window()).isEqualTo(Window.of(3).padding(1).stride(1));
    assertThat(conv.weight().value().shape()).containsExactly(6, 2, 3);
    assertThat(conv).hasToString("Conv1d(4 → 6, kernel 3, padding 1, groups 2, no bias)");
  }

  @Test
  void aWindowOfTwoSizesIsRefused() {
    refused(
        () -> new Conv1d(1, 2, Window.of(3, 5)), "Conv1d takes a window of one size, got 3 × 5");
    refused(
        () -> new Conv1d(1, 2, Window.of(3).padding(1, 2)),
        "Conv1d takes a window of one size, got 3 × 3, padding 1 × 2");
    refused(
        () -> new Conv1d(1, 2, Window.of(3).stride(1, 2)),
        "Conv1d takes a window of one size, got 3 × 3, stride 1 × 2");
    refused(
        () -> new Conv1d(1, 2, Window.of(3).dilation(1, 2)),
        "Conv1d takes a window of one size, got 3 × 3, dilation 1 × 2");
    refused(() -> new Conv1d(0, 2, 3), "in must be at least 1, got 0");
  }

  @Test
  void outputsBeyondWhatATensorHoldsAreRefused() {
    Conv1d conv = new Conv1d(1, 100_000, Window.of(1).padding(100_000), new Generator(1));
    assertShapeException(
        () -> conv.infer(Tensor.zeros(1, 1)),
        "Conv1d(1 → 100000, kernel 1, padding 100000): an output [100000, 200001] has more elements"
            + " than a tensor can have");
  }

  @Test
  void sequencesWithoutAPlaceAreRefusedWhateverThePadding() {
    Conv1d conv = new Conv1d(1, 1, Window.of(1).padding(1), new Generator(1));
    assertShapeException(
        () -> conv.infer(Tensor.zeros(2, 1, 0)),
        "Conv1d(1 → 1, kernel 1, padding 1): a window of 1 does not fit an input of 0 with"
            + " padding 1");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
