package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pools by hand, against the loops that define them, and their gradients. */
class PoolingTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int SHAPES = 250;

  /** 4 × 4, one channel. */
  private final Tensor x =
      Tensor.of(1, 2, 5, 6, 3, 4, 8, 7, -1, -2, 0, 9, -3, -4, 9, 0).reshape(1, 4, 4);

  @Test
  void maxPoolingOfFourByFourIsTheOneWorkedByHand() {
    MaxPool2d pool = new MaxPool2d(2);
    Tensor y = pool.forward(x);
    assertThat(y.shape()).containsExactly(1, 2, 2);
    assertThat(y.data()).containsExactly(4, 8, -1, 9);
    // The 9 of the upper row is the first.
    assertThat(pool.backward(Tensor.of(1, 2, 3, 4).reshape(1, 2, 2)).data())
        .containsExactly(0, 0, 0, 0, 0, 1, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0);
  }

  @Test
  void theMeanOfFourByFourIsTheOneWorkedByHand() {
    AvgPool2d pool = new AvgPool2d(2);
    assertThat(pool.forward(x).data()).containsExactly(2.5, 6.5, -2.5, 4.5);
    assertThat(pool.backward(Tensor.of(4, 8, 12, 16).reshape(1, 2, 2)).data())
        .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
  }

  @Test
  void theFirstOfEqualNumbersGetsTheGradient() {
    Tensor equal = Tensor.full(7, 1, 2, 4).set(-0.0, 0, 0, 2).set(0.0, 0, 0, 3);
    equal.set(-1, 0, 1, 2).set(-1, 0, 1, 3);
    for (Window window : List.of(Window.of(2), Window.of(2).stride(2, 2).dilation(1))) {
      MaxPool2d pool = new MaxPool2d(window);
      pool.forward(equal);
      assertThat(pool.backward(Tensor.of(3, 5).reshape(1, 1, 2)).data())
          .containsExactly(3, 0, 5, 0, 0, 0, 0, 0);
      pool.forward(Tensor.full(-0.0, 1, 2, 4));
      assertThat(pool.backward(Tensor.of(3, 5).reshape(1, 1, 2)).data())
          .containsExactly(3, 0, 5, 0, 0, 0, 0, 0);
    }
    MaxPool2d overlapping = new MaxPool2d(Window.of(2).stride(1));
    overlapping.forward(equal);
    assertThat(overlapping.backward(Tensor.of(3, 4, 5).reshape(1, 1, 3)).data())
        .containsExactly(3, 4, 5, 0, 0, 0, 0, 0);
  }

  @Test
  void whatIsInTwoWindowsGetsBothGradients() {
    MaxPool2d pool = new MaxPool2d(Window.of(1, 2).stride(1));
    Tensor row = Tensor.of(1, 5, 2).reshape(1, 1, 3);
    assertThat(pool.forward(row).data()).containsExactly(5, 5);
    assertThat(pool.backward(Tensor.of(3, 4).reshape(1, 1, 2)).data()).containsExactly(0, 7, 0);
    AvgPool2d mean = new AvgPool2d(Window.of(1, 2).stride(1));
    assertThat(mean.forward(row).data()).containsExactly(3, 3.5);
    assertThat(mean.backward(Tensor.of(2, 4).reshape(1, 1, 2)).data()).containsExactly(1, 3, 2);
  }

  @Test
  void nanComesThroughEveryPool() {
    for (Window window : List.of(Window.of(2), Window.of(2).padding(1).stride(2))) {
      for (int i = 0; i < 4; i++) {
        Tensor image = Tensor.of(1, -1, INFINITY, 2).reshape(1, 2, 2);
        image.data()[i] = NAN;
        MaxPool2d pool = new MaxPool2d(window);
        Tensor y = pool.forward(image);
        assertThat(y.data()).contains(NAN);
        double[] gx = pool.backward(Tensor.full(1, y.shape())).data();
        assertThat(gx[i]).isEqualTo(1);
      }
    }
    MaxPool2d pool = new MaxPool2d(2);
    pool.forward(Tensor.of(NAN, 1, NAN, 2).reshape(1, 2, 2));
    // The last one, as in PyTorch.
    assertThat(pool.backward(Tensor.full(1, 1, 1, 1)).data()).containsExactly(0, 0, 1, 0);
    MaxPool2d dilated = new MaxPool2d(Window.of(1, 2).dilation(2));
    dilated.forward(Tensor.of(1, 5, NAN).reshape(1, 1, 3));
    assertThat(dilated.backward(Tensor.full(1, 1, 1, 1)).data()).containsExactly(0, 0, 1);
  }

  /** Windows that are pairs side by side have a way of their own. */
  @Test
  void windowsThatAreNearlyPairsAreNotTakenForThem() {
    Window pairs = Window.of(2);
    List<Window> others =
        List.of(
            Window.of(1).stride(2),
            Window.of(3).stride(2),
            pairs.stride(1),
            pairs.stride(3),
            pairs.dilation(2),
            pairs.dilation(3),
            pairs.padding(1),
            pairs.ceilMode(true));
    for (Window window : others) {
      for (int size = 4; size < 12; size++) {
        compare(new MaxPool2d(window), RandomTensors.normal(size, 2, size, size), window, size);
      }
    }
  }

  /** Its elements lie beside the image, on either side. */
  @Test
  void aWindowThatSeesNothingGivesNoNumberAndTakesNoGradient() {
    MaxPool2d pool = new MaxPool2d(Window.of(2).dilation(2).padding(1));
    assertThat(pool.forward(Tensor.full(3, 1, 1, 1)).data()).containsExactly(-INFINITY);
    assertThat(pool.backward(Tensor.full(1, 1, 1, 1)).data()).containsExactly(0);
  }

  @Test
  void paddingIsNeverTheMaximum() {
    Tensor negative = Tensor.full(-5, 1, 2, 2).set(-7, 0, 0, 0);
    MaxPool2d pool = new MaxPool2d(Window.of(2).padding(1));
    assertThat(pool.forward(negative).data()).containsExactly(-7, -5, -5, -5);
    assertThat(pool.infer(Tensor.full(-INFINITY, 1, 2, 2)).data()).containsOnly(-INFINITY);
    pool.forward(Tensor.full(-INFINITY, 1, 2, 2));
    assertThat(pool.backward(Tensor.full(1, 1, 2, 2)).data()).containsOnly(1);
  }

  @Test
  void aMeanIsOverThePaddingTooUnlessToldOtherwise() {
    Tensor image = Tensor.of(4, 8, 12, 16).reshape(1, 2, 2);
    Window window = Window.of(2).padding(1);
    AvgPool2d counted = new AvgPool2d(window);
    assertThat(counted.forward(image).data()).containsExactly(1, 2, 3, 4);
    assertThat(counted.backward(Tensor.full(4, 1, 2, 2)).data()).containsOnly(1);
    AvgPool2d inside = new AvgPool2d(window, false);
    assertThat(inside.forward(image).data()).containsExactly(4, 8, 12, 16);
    assertThat(inside.backward(Tensor.full(4, 1, 2, 2)).data()).containsOnly(4);
  }

  /** The last window of each axis sees one row or column less, and no more. */
  @Test
  void inCeilModeWhatLiesBeyondCountsForNothing() {
    Tensor image = Tensor.of(1, 2, 3, 4, 5, 6, 7, 8, 9).reshape(1, 3, 3);
    Window window = Window.of(2).ceilMode(true);
    MaxPool2d max = new MaxPool2d(window);
    assertThat(max.forward(image).data()).containsExactly(5, 6, 8, 9);
    assertThat(max.backward(Tensor.of(1, 2, 3, 4).reshape(1, 2, 2)).data())
        .containsExactly(0, 0, 0, 0, 1, 2, 0, 3, 4);
    for (boolean counts : new boolean[] {true, false}) {
      AvgPool2d mean = new AvgPool2d(window, counts);
      assertThat(mean.forward(image).data()).containsExactly(3, 4.5, 7.5, 9);
      assertThat(mean.backward(Tensor.of(4, 2, 2, 1).reshape(1, 2, 2)).data()).containsOnly(1);
    }
    // The padding counts, what lies behind it does not: sums over 9, 6, 6 and 4.
    Window padded = Window.of(3).stride(3).padding(1).ceilMode(true);
    Tensor ones = Tensor.full(1, 1, 3, 3);
    assertThat(new AvgPool2d(padded).infer(ones).data())
        .containsExactly(4 / 9.0, 2 / 6.0, 2 / 6.0, 1 / 4.0);
    assertThat(new AvgPool2d(padded, false).infer(ones).data()).containsOnly(1);
    assertThat(new AvgPool2d(Window.of(3).stride(2).ceilMode(true)).infer(Tensor.full(5, 1, 2, 2)))
        .hasToString(Tensor.full(5, 1, 1, 1).toString());
  }

  @Test
  void theMeanOfAChannelIsTheOneWorkedByHand() {
    Tensor images = Tensor.of(1, 2, 3, 6, 10, 20, 30, 60).reshape(1, 2, 2, 2);
    GlobalAvgPool2d pool = new GlobalAvgPool2d();
    Tensor y = pool.forward(images);
    assertThat(y.shape()).containsExactly(1, 2);
    assertThat(y.data()).containsExactly(3, 30);
    assertThat(pool.backward(Tensor.of(new double[][] {{4, 8}})).data())
        .containsExactly(1, 1, 1, 1, 2, 2, 2, 2);
    assertThat(pool.infer(images.reshape(2, 2, 2)).shape()).containsExactly(2);
  }

  /** Any window, stride, padding and dilation, and both paths of the maximum. */
  @Test
  void valuesAndGradientsAreThoseOfTheDefinition() {
    Generator random = new Generator(9);
    for (int i = 0; i < SHAPES; i++) {
      Window window = window(random, i % 3 == 0, true);
      Tensor input = image(random, i, window);
      MaxPool2d max = new MaxPool2d(window);
      compare(max, input, window, i);
      GradientCheck.check(max, input);

      Window without = window(random, i % 3 == 0, false);
      Tensor other = image(random, i, without);
      for (boolean counts : new boolean[] {true, false}) {
        AvgPool2d mean = new AvgPool2d(without, counts);
        compare(mean, other, without, i);
        GradientCheck.check(mean, other);
      }
      GradientCheck.check(new GlobalAvgPool2d(), other);
      assertThat(new GlobalAvgPool2d().infer(other).data()[0])
          .isCloseTo(mean(other), within(1e-15));
    }
  }

  /** Enough for several threads. */
  @Test
  void theBatchHasTheBitsOfItsImages() {
    Tensor batch = RandomTensors.normal(1, 64, 16, 28, 28);
    for (Module pool :
        List.of(
            new MaxPool2d(2),
            new MaxPool2d(Window.of(3).stride(2).padding(1)),
            new AvgPool2d(Window.of(3).stride(2).padding(1)))) {
      Tensor y = pool.forward(batch);
      Tensor gy = RandomTensors.normal(2, y.shape());
      double[] gx = pool.backward(gy).data();
      int in = batch.size() / 64;
      int out = y.size() / 64;
      for (int n : new int[] {0, 13, 63}) {
        double[] one = Arrays.copyOfRange(batch.data(), n * in, (n + 1) * in);
        double[] g = Arrays.copyOfRange(gy.data(), n * out, (n + 1) * out);
        Tensor alone = pool.forward(Tensor.wrap(one, 16, 28, 28));
        assertThat(alone.data()).isEqualTo(Arrays.copyOfRange(y.data(), n * out, (n + 1) * out));
        assertThat(pool.backward(Tensor.wrap(g, alone.shape())).data())
            .isEqualTo(Arrays.copyOfRange(gx, n * in, (n + 1) * in));
      }
    }
  }

  @Test
  void windowsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d(Window.of(3).padding(2)))
        .withMessage(
            "the padding of a pool must be at most half of its window, got 3 × 3, padding 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AvgPool2d(Window.of(2, 4).padding(1, 3)))
        .withMessage(
            "the padding of a pool must be at most half of its window, got 2 × 4, padding 1 × 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AvgPool2d(Window.of(3).dilation(2)))
        .withMessage("a mean takes no dilation, got a window of 3 × 3, dilation 2");
    for (int height : new int[] {1, 2}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new AvgPool2d(Window.of(3).dilation(height, 3 - height)))
          .withMessageStartingWith("a mean takes no dilation");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d(Window.of(2, 4).padding(2, 1)))
        .withMessageContaining("at most half of its window");
    for (int height : new int[] {0, 2}) {
      assertShapeException(
          () -> new GlobalAvgPool2d().infer(Tensor.zeros(1, height, 2 - height)),
          "GlobalAvgPool2d() expects input [n, c, h, w] or [c, h, w] but got [1, "
              + height
              + ", "
              + (2 - height)
              + "]");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d(0))
        .withMessage("a window's size must be at least 1, got 0");
    assertShapeException(
        () -> new MaxPool2d(5).infer(Tensor.zeros(1, 4, 7)),
        "MaxPool2d(5 × 5): a window of 5 × 5 does not fit an input of 4 × 7 with padding 0");
  }

  /** Windows of 2⁶² places, of which an image has few, and steps near the largest number. */
  @Test
  void windowsFarLargerThanTheImageSeeWhatLiesInIt() {
    int most = Integer.MAX_VALUE;
    Tensor image = Tensor.of(1, 2, 3, 6).reshape(1, 2, 2);
    MaxPool2d max = new MaxPool2d(Window.of(most).ceilMode(true));
    assertThat(max.forward(image).data()).containsExactly(6);
    assertThat(max.backward(Tensor.full(5, 1, 1, 1)).data()).containsExactly(0, 0, 0, 5);
    assertThat(new AvgPool2d(Window.of(most).ceilMode(true)).infer(image).data())
        .containsExactly(3);
    Window padded = Window.of(1, 2_000_000_000).padding(0, 1_000_000_000);
    Tensor row = Tensor.of(2, 4).reshape(1, 1, 2);
    AvgPool2d mean = new AvgPool2d(padded, false);
    assertThat(mean.forward(row).data()).containsExactly(3);
    assertThat(mean.backward(Tensor.full(1, 1, 1, 1)).data()).containsExactly(0.5, 0.5);
    assertThat(new AvgPool2d(padded).infer(row).data()).containsExactly(6 / 2e9);
    MaxPool2d dilated = new MaxPool2d(Window.of(1).dilation(most));
    assertThat(dilated.forward(image).data()).containsExactly(1, 2, 3, 6);
    assertThat(dilated.backward(image).data()).containsExactly(1, 2, 3, 6);
    // A dilation whose product with the size overflows an int.
    String large = "MaxPool2d(65536 × 65536, padding 3, dilation 65536)";
    MaxPool2d misfit = new MaxPool2d(Window.of(65_536).dilation(65_536).padding(3));
    assertShapeException(
        () -> misfit.infer(image),
        large
            + ": a window of 65536 × 65536 with dilation 65536 does not fit an input of 2 × 2 with"
            + " padding 3");
  }

  @Test
  void settingsHavePyTorchsNames() {
    assertThat(new MaxPool2d(Window.of(3, 2).padding(1, 0)).describe().settings())
        .isEqualTo(
            Map.of(
                "kernelSize", List.of(3, 2),
                "stride", List.of(3, 2),
                "padding", List.of(1, 0),
                "dilation", List.of(1, 1)));
    AvgPool2d mean = new AvgPool2d(Window.of(2).stride(1), false);
    assertThat(mean.describe().settings()).containsEntry("countIncludePad", false);
    assertThat(((AvgPool2d) mean.copy()).countsPadding()).isFalse();
    assertThat(mean).hasToString("AvgPool2d(2 × 2, stride 1, padding not counted)");
    MaxPool2d ceil = new MaxPool2d(Window.of(2).ceilMode(true));
    assertThat(ceil).hasToString("MaxPool2d(2 × 2, ceil mode)");
    assertThat(((MaxPool2d) ceil.copy()).window()).isEqualTo(ceil.window());
    assertThat(((MaxPool2d) new MaxPool2d(Window.of(2).stride(3)).copy()).window())
        .isEqualTo(Window.of(2).stride(3));
  }

  private static Window window(Generator random, boolean pairs, boolean dilated) {
    boolean ceil = below(random, 3) == 0;
    if (pairs) {
      return Window.of(2).ceilMode(ceil);
    }
    int kh = 1 + below(random, 4);
    int kw = 1 + below(random, 4);
    Window window = Window.of(kh, kw).padding(below(random, kh / 2 + 1), below(random, kw / 2 + 1));
    window = dilated ? window.dilation(1 + below(random, 2), 1 + below(random, 2)) : window;
    window = window.ceilMode(ceil);
    return below(random, 3) == 0
        ? window
        : window.stride(1 + below(random, 3), 1 + below(random, 3));
  }

  /** Different numbers, far enough apart for a difference quotient. */
  private static Tensor image(Generator random, int i, Window window) {
    int c = 1 + below(random, 2);
    int h = (window.height() - 1) * window.dilationHeight() + 1 + below(random, 4);
    int w = (window.width() - 1) * window.dilationWidth() + 1 + below(random, 4);
    Tensor image = i % 4 == 0 ? Tensor.zeros(c, h, w) : Tensor.zeros(1 + below(random, 2), c, h, w);
    int[] order = random.permutation(image.size());
    for (int k = 0; k < order.length; k++) {
      image.data()[k] = (order[k] - order.length / 2.0) / 4;
    }
    return image;
  }

  /** The loop nest that is the definition, forward and back. */
  private static void compare(Pool2d pool, Tensor input, Window w, int seed) {
    Tensor y = pool.forward(input);
    Tensor gy = RandomTensors.normal(seed, y.shape());
    double[] gx = pool.backward(gy).data();
    double[] expected = new double[input.size()];
    int sh = w.hasStride() ? w.strideHeight() : w.height();
    int sw = w.hasStride() ? w.strideWidth() : w.width();
    int h = input.dim(-2);
    int width = input.dim(-1);
    for (int o = 0; o < y.size(); o++) {
      int plane = o / (y.dim(-2) * y.dim(-1));
      int top = o / y.dim(-1) % y.dim(-2) * sh - w.paddingHeight();
      int left = o % y.dim(-1) * sw - w.paddingWidth();
      double max = -INFINITY;
      double sum = 0;
      int first = -1;
      int inside = 0;
      int padded = 0;
      for (int k = 0; k < w.height() * w.width(); k++) {
        int i = top + k / w.width() * w.dilationHeight();
        int j = left + k % w.width() * w.dilationWidth();
        padded += i < h + w.paddingHeight() && j < width + w.paddingWidth() ? 1 : 0;
        if (i >= 0 && i < h && j >= 0 && j < width) {
          int at = (plane * h + i) * width + j;
          inside++;
          sum += input.data()[at];
          if (input.data()[at] > max) {
            max = input.data()[at];
            first = at;
          }
        }
      }
      if (pool instanceof AvgPool2d mean) {
        double count = mean.countsPadding() ? padded : inside;
        assertThat(y.data()[o]).isEqualTo(sum / count);
        for (int k = 0; k < w.height() * w.width(); k++) {
          int i = top + k / w.width();
          int j = left + k % w.width();
          if (i >= 0 && i < h && j >= 0 && j < width) {
            expected[(plane * h + i) * width + j] += gy.data()[o] / count;
          }
        }
      } else {
        assertThat(y.data()[o]).isEqualTo(max);
        if (first >= 0) {
          expected[first] += gy.data()[o];
        }
      }
    }
    assertThat(gx).containsExactly(expected);
  }

  private static double mean(Tensor input) {
    int size = input.dim(-2) * input.dim(-1);
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += input.data()[i];
    }
    return sum / size;
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
