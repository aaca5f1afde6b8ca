package doppio.nn;

import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void theOutputHasAPlaceForEveryStepThatFits() {
    int cases = 0;
    for (int size = 1; size <= 9; size++) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int padding = 0; padding <= 2; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              Window window =
                  Window.of(kernel, 1).stride(stride, 1).padding(padding, 0).dilation(dilation, 1);
              int steps = steps(size, kernel, stride, padding, dilation);
              if (steps > 0) {
                assertThat(window.outputSize(size, 5)).containsExactly(steps, 5);
                cases++;
              } else {
                assertThatThrownBy(() -> window.outputSize(9, 0)).hasMessageContaining("not fit");
              }
            }
          }
        }
      }
    }
    assertThat(cases).isGreaterThan(700);
  }

  /** Counts the places one by one. */
  private static int steps(int size, int kernel, int stride, int padding, int dilation) {
    int steps = 0;
    int first = -padding;
    while (first + dilation * (kernel - 1) <= size - 1 + padding) {
      steps++;
      first += stride;
    }
    return steps;
  }

  /** PyTorch: one more where elements are left, unless it begins behind the input. */
  @Test
  void inCeilModeTheLastWindowMayReachBeyondThePadding() {
    Window window = Window.of(1, 3).stride(1, 2).ceilMode(true);
    assertThat(window.outputSize(1, 4)).containsExactly(1, 2);
    assertThat(window.outputSize(1, 5)).containsExactly(1, 2);
    assertThat(window.outputSize(1, 6)).containsExactly(1, 3);
    assertThat(window.outputSize(1, 2)).containsExactly(1, 1);
    assertThat(window.ceilMode(false).outputSize(1, 4)).containsExactly(1, 1);
    assertShapeException(
        () -> window.outputSize(1, 1),
        "a window of 1 × 3 does not fit an input of 1 × 1 with padding 0");
    // The third of stride 3 would begin in the padding behind.
    assertThat(Window.of(2).stride(3).padding(1).ceilMode(true).outputSize(4, 6))
        .containsExactly(2, 3);
    int more = 0;
    for (int size = 1; size <= 9; size++) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 5; stride++) {
          for (int padding = 0; padding <= kernel / 2; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              int floor = steps(size, kernel, stride, padding, dilation);
              int reach = dilation * (kernel - 1);
              int next = floor * stride - padding;
              boolean left = next - stride + reach < size - 1 + padding;
              int expected = floor + (left && next < size ? 1 : 0);
              if (expected > 0) {
                Window ceil =
                    Window.of(kernel, 1)
                        .stride(stride, 1)
                        .padding(padding, 0)
                        .dilation(dilation, 1)
                        .ceilMode(true);
                assertThat(ceil.outputSize(size, 5)).containsExactly(expected, 5);
                more += expected - floor;
              }
            }
          }
        }
      }
    }
    assertThat(more).isGreaterThan(300);
  }

  @Test
  void aConvolutionRefusesCeilModeAndDrawsNothing() {
    Generator g = new Generator(1);
    Window window = Window.of(3).ceilMode(true);
    refused(
        () -> new Conv2d(1, 2, window, g), "a convolution has no ceil mode, got 3 × 3, ceil mode");
    refused(
        () -> new Conv1d(1, 2, window, g), "a convolution has no ceil mode, got 3 × 3, ceil mode");
    assertThat(g.random64()).isEqualTo(new Generator(1).random64());
  }

  @Test
  void heightAndWidthHaveSettingsOfTheirOwn() {
    Window window = Window.of(3, 5).stride(2, 1).padding(1, 0).dilation(1, 2);
    assertThat(window.outputSize(9, 12)).containsExactly(5, 4);
    assertThat(window.height()).isEqualTo(3);
    assertThat(window.width()).isEqualTo(5);
    assertThat(window.strideHeight()).isEqualTo(2);
    assertThat(window.strideWidth()).isEqualTo(1);
    assertThat(window.paddingHeight()).isEqualTo(1);
    assertThat(window.paddingWidth()).isZero();
    assertThat(window.dilationHeight()).isEqualTo(1);
    assertThat(window.dilationWidth()).isEqualTo(2);
  }

  @Test
  void oneNumberStandsForBoth() {
    assertThat(Window.of(3).stride(2).padding(1).dilation(4))
        .isEqualTo(Window.of(3, 3).stride(2, 2).padding(1, 1).dilation(4, 4));
  }

  @Test
  void aSetterLeavesItsWindowAsItWas() {
    Window window = Window.of(3);
    assertThat(window.stride(2)).isNotEqualTo(window);
    assertThat(window.padding(1)).isNotEqualTo(window);
    assertThat(window.dilation(2)).isNotEqualTo(window);
    assertThat(window.ceilMode(true)).isNotEqualTo(window);
    assertThat(window.ceilMode(true).padding(1).ceilMode()).isTrue();
    assertThat(window).isEqualTo(Window.of(3)).hasSameHashCodeAs(Window.of(3));
  }

  @Test
  void aStrideThatIsNotSetIsForTheLayerToChoose() {
    assertThat(Window.of(3).hasStride()).isFalse();
    assertThat(Window.of(3).strideOr(3, 2)).isEqualTo(Window.of(3).stride(3, 2));
    assertThat(Window.of(3).stride(1).hasStride()).isTrue();
    assertThat(Window.of(3).stride(1).strideOr(3, 3)).isEqualTo(Window.of(3).stride(1));
  }

  @Test
  void printsWhatWasSet() {
    assertThat(Window.of(3)).hasToString("3 × 3");
    assertThat(Window.of(3, 5).stride(2).padding(1, 0).dilation(2))
        .hasToString("3 × 5, stride 2, padding 1 × 0, dilation 2");
    assertThat(Window.of(2).stride(2).text(2, 2)).isEqualTo("2 × 2");
    assertThat(Window.of(2).stride(2).text(1, 1)).isEqualTo("2 × 2, stride 2");
  }

  @Test
  void aWindowLargerThanThePaddedInputDoesNotFit() {
    assertShapeException(
        () -> Window.of(5).outputSize(4, 7),
        "a window of 5 × 5 does not fit an input of 4 × 7 with padding 0");
    assertShapeException(
        () -> Window.of(3).dilation(3, 4).padding(0, 1).outputSize(9, 6),
        "a window of 3 × 3 with dilation 3 × 4 does not fit an input of 9 × 6 with padding 0 × 1");
    assertThat(Window.of(5).padding(1, 0).outputSize(4, 7)).containsExactly(2, 3);
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    refused(() -> Window.of(0), "a window's size must be at least 1, got 0");
    refused(() -> Window.of(3, -1), "a window's size must be at least 1, got -1");
    refused(() -> Window.of(3).stride(0), "stride must be at least 1, got 0");
    refused(() -> Window.of(3).stride(1, -2), "stride must be at least 1, got -2");
    refused(() -> Window.of(3).padding(-1), "padding must be at least 0, got -1");
    refused(() -> Window.of(3).padding(2, -3), "padding must be at least 0, got -3");
    refused(() -> Window.of(3).dilation(0), "dilation must be at least 1, got 0");
  }

  @Test
  void outputsBeyondWhatAnIntCountsAreRefused() {
    int most = Integer.MAX_VALUE;
    assertShapeException(
        () -> Window.of(1).padding(most, 0).outputSize(most, 3),
        "an output of 6442450941 × 3 has more elements than a tensor can have");
    assertShapeException(
        () -> Window.of(1).padding(100_000).stride(100_000).outputSize(5, 6),
        "an input of 5 × 6 padded by 100000 has more elements than a tensor can have");
    assertThatThrownBy(() -> Window.of(most).dilation(most).outputSize(5, 5))
        .hasMessageContaining("does not fit an input of 5 × 5");
    assertThat(Fit.steps(1, 3, 1, 2_000_000_000, 2_000_000_000, false)).isZero();
    assertShapeException(
        () -> Window.of(1).padding(most).outputLength(most),
        "an output of 6442450941 has more elements than a tensor can have");
    assertShapeException(
        () -> Window.of(1).padding(most).stride(100).outputLength(5),
        "an input of 5 padded by 2147483647 has more elements than a tensor can have");
  }

  @Test
  void isEqualToOneWithTheSameSettings() {
    Window window = Window.of(3).stride(2);
    assertThat(window)
        .isEqualTo(Window.of(3).stride(2))
        .isNotEqualTo(Window.of(4).stride(2))
        .isNotEqualTo(Window.of(3))
        .isNotEqualTo(window.padding(1))
        .isNotEqualTo(window.dilation(2))
        .isNotEqualTo(window.ceilMode(true))
        .isNotEqualTo("3 × 3, stride 2");
  }

  @Test
  void isMadeAgainFromItsSettings() {
    Window window = Window.of(3, 5).stride(2, 1).padding(1, 0).dilation(1, 2);
    Map<String, Object> settings = window.describe(Description.of(parts -> new ReLU())).settings();
    assertThat(settings).containsOnlyKeys("kernelSize", "stride", "padding", "dilation");
    assertThat(Window.of(Parts.ofSettings(settings))).isEqualTo(window);
    Window ceil = window.ceilMode(true);
    Map<String, Object> more = ceil.describe(Description.of(parts -> new ReLU())).settings();
    assertThat(more).hasSize(5).containsEntry("ceilMode", true);
    assertThat(Window.of(Parts.ofSettings(more))).isEqualTo(ceil);
    Map<String, Object> floor = new HashMap<>(more);
    floor.put("ceilMode", false);
    assertThat(Window.of(Parts.ofSettings(floor))).isEqualTo(window);
    Map<String, Object> broken = new HashMap<>(settings);
    broken.put("padding", List.of(1));
    refused(
        () -> Window.of(Parts.ofSettings(broken)),
        "the setting padding must be a height and a width, got [1]");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
