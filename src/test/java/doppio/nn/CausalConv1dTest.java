package doppio.nn;

import static doppio.TensorAssertions.assertClose;
import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CausalConv1dTest {
  private static final int SHAPES = 200;

  @Test
  void eachStepSeesItselfAndWhatWasBefore() {
    CausalConv1d conv = new CausalConv1d(2, 1, 2);
    System.arraycopy(new double[] {1, 10, 100, 1000}, 0, conv.weight().value().data(), 0, 4);
    conv.bias().value().fill(0.5);
    Tensor y = conv.infer(Tensor.of(1, 4, 2, 5, 3, 6).reshape(3, 2));
    assertThat(y.shape()).containsExactly(3, 1);
    assertThat(y.data())
        .containsExactly(10 + 4000 + 0.5, 1 + 20 + 400 + 5000 + 0.5, 2 + 30 + 500 + 6000 + 0.5);
  }

  @Test
  void dilationSkipsSteps() {
    CausalConv1d conv = new CausalConv1d(1, 1, 2, 3, new Generator(1));
    System.arraycopy(new double[] {1, 10}, 0, conv.weight().value().data(), 0, 2);
    conv.bias().value().fill(0);
    double[] y = conv.infer(Tensor.of(1, 2, 3, 4, 5).reshape(5, 1)).data();
    assertThat(y).containsExactly(10, 20, 30, 41, 52);
  }

  /**
   * The same as a Conv1d on the transposed input, padded on both sides, without its last places.
   */
  @Test
  void hasTheBitsOfAConv1dThatIsPaddedOnTheLeft() {
    for (int dilation = 1; dilation <= 3; dilation++) {
      int pad = 2 * dilation;
      CausalConv1d causal = new CausalConv1d(4, 5, 3, dilation, new Generator(3));
      Window window = Window.of(3).dilation(dilation).padding(pad);
      Conv1d conv = new Conv1d(4, 5, window, new Generator(3));
      assertSame(conv.weight().value(), causal.weight().value());
      assertSame(conv.bias().value(), causal.bias().value());
      Tensor x = RandomTensors.normal(2, 6, 11, 4);
      Tensor y = causal.forward(x);
      Tensor z = transposed(conv.forward(transposed(x)));
      assertThat(z.shape()).containsExactly(6, 11 + pad, 5);
      assertSame(start(z, 11), y);
      Tensor gy = RandomTensors.normal(3, 6, 11, 5);
      Tensor gz = Tensor.zeros(6, 11 + pad, 5);
      for (int i = 0; i < 6; i++) {
        System.arraycopy(gy.data(), i * 55, gz.data(), i * (11 + pad) * 5, 55);
      }
      assertClose(transposed(conv.backward(transposed(gz))), causal.backward(gy));
      assertClose(conv.weight().grad(), causal.weight().grad());
      assertClose(conv.bias().grad(), causal.bias().grad());
    }
  }

  /** More steps than a block of rows has, of one sequence and of several. */
  @Test
  void longSequencesAreComputedAsShortOnes() {
    CausalConv1d conv = new CausalConv1d(2, 3, 4, 2, new Generator(4));
    Tensor x = RandomTensors.normal(5, 3, 1500, 2);
    Tensor gy = RandomTensors.normal(6, 3, 1500, 3);
    Tensor y = conv.forward(x);
    Tensor gx = conv.backward(gy);
    Tensor whole = conv.weight().grad().copy();
    conv.zeroGrad();
    for (int i = 0; i < 3; i++) {
      assertSame(conv.forward(row(x, i)), row(y, i));
      assertSame(conv.backward(row(gy, i)), row(gx, i));
    }
    assertClose(conv.weight().grad(), whole);
    double[] start = conv.infer(Tensor.wrap(Arrays.copyOf(x.data(), 1030 * 2), 1030, 2)).data();
    assertThat(start).isEqualTo(Arrays.copyOf(y.data(), 1030 * 3));
  }

  /** Of rows so wide a block has fewer, 256. */
  @Test
  void wideRowsHaveTheBitsOfLinearLayersOverThem() {
    int in = 40;
    int kernel = 60;
    int steps = 700;
    CausalConv1d conv = new CausalConv1d(in, 2, kernel, 1, new Generator(4));
    Linear linear = new Linear(in * kernel, 2, new Generator(4));
    assertThat(linear.weight().value().data()).isEqualTo(conv.weight().value().data());
    Tensor x = RandomTensors.normal(5, steps, in);
    Tensor rows = Tensor.zeros(steps, in * kernel);
    for (int s = 0; s < steps; s++) {
      for (int i = Math.max(0, kernel - 1 - s); i < kernel; i++) {
        for (int c = 0; c < in; c++) {
          rows.set(x.get(s - (kernel - 1 - i), c), s, c * kernel + i);
        }
      }
    }
    assertSame(linear.forward(rows), conv.forward(x));
    Tensor gy = RandomTensors.normal(6, steps, 2);
    linear.backward(gy);
    conv.backward(gy);
    assertThat(conv.weight().grad().data()).isEqualTo(linear.weight().grad().data());
    assertSame(linear.bias().grad(), conv.bias().grad());
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    SplittableRandom random = new SplittableRandom(12);
    for (int seed = 0; seed < SHAPES; seed++) {
      int in = 1 + random.nextInt(4);
      CausalConv1d conv =
          new CausalConv1d(
              in,
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              new Generator(seed));
      int steps = 1 + random.nextInt(9);
      int n = random.nextInt(4);
      Tensor x =
          n == 0 ? RandomTensors.normal(seed, steps, in) : RandomTensors.normal(seed, n, steps, in);
      GradientCheck.check(conv, x);
    }
  }

  @Test
  void theDefaultGeneratorIsUsedWhereNoneIsPassed() {
    Generator.manualSeed(5);
    CausalConv1d byDefault = new CausalConv1d(2, 3, 2);
    CausalConv1d expected = new CausalConv1d(2, 3, 2, 1, new Generator(5));
    assertSame(byDefault.bias().value(), expected.bias().value());
  }

  @Test
  void tellsItsSettings() {
    CausalConv1d conv = new CausalConv1d(4, 6, 3, 2, new Generator(1));
    assertThat(conv.inChannels()).isEqualTo(4);
    assertThat(conv.outChannels()).isEqualTo(6);
    assertThat(conv.kernelSize()).isEqualTo(3);
    assertThat(conv.dilation()).isEqualTo(2);
    assertThat(conv.weight().value().shape()).containsExactly(6, 4, 3);
    assertThat(conv).hasToString("CausalConv1d(4 → 6, kernel 3, dilation 2)");
  }

  @Test
  void sizesBelowOneAreRefused() {
    Generator g = new Generator(1);
    refused(() -> new CausalConv1d(0, 2, 3), "in must be at least 1, got 0");
    refused(() -> new CausalConv1d(2, 0, 3), "out must be at least 1, got 0");
    refused(() -> new CausalConv1d(2, 2, 0), "kernel must be at least 1, got 0");
    refused(() -> new CausalConv1d(2, 2, 3, 0, g), "dilation must be at least 1, got 0");
  }

  /** Of the widest rows 256 are as many numbers as an array can have. */
  @Test
  void kernelsTooWideForARowAreRefusedBeforeAnythingIsDrawn() {
    Generator g = new Generator(1);
    refused(
        () -> new CausalConv1d(2, 1, 4_194_304, 1, g),
        "kernel must be from 1 to 4194303, got 4194304");
    assertThat(g.random64()).isEqualTo(new Generator(1).random64());
  }

  @Test
  void aStepperThatWouldHaveToRememberTooMuchIsRefused() {
    CausalConv1d conv = new CausalConv1d(4, 1, 2, 1 << 30, new Generator(1));
    assertThat(conv.infer(Tensor.zeros(3, 4)).shape()).containsExactly(3, 1);
    assertThatThrownBy(conv::stepper)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "CausalConv1d cannot be answered step by step: it would have to remember 1073741824"
                + " steps, more than an array has room for");
  }

  @Test
  void parametersOfAnotherShapeAreRefused() {
    refused(
        Tensor.zeros(3, 2, 4, 1),
        Tensor.zeros(3),
        "weight must have shape [3, 2, 4] but got [3, 2, 4, 1]");
    refused(Tensor.zeros(3, 2, 4), Tensor.zeros(2), "bias must have shape [3] but got [2]");
  }

  private static void refused(Tensor weight, Tensor bias, String message) {
    Map<String, Parameter> parameters =
        Map.of("weight", new Parameter(weight), "bias", new Parameter(bias));
    Parts parts = new Parts(Map.of("dilation", 1), parameters, Map.of(), Map.of(), Map.of());
    refused(() -> new CausalConv1d(parts), message);
  }

  /** After a collection nothing is left of the working arrays that the way forth has made. */
  @Test
  void theWayBackMakesTheArraysThatItNeeds() {
    CausalConv1d conv = new CausalConv1d(9, 2, 9);
    Tensor x = RandomTensors.normal(1, 500, 9);
    Tensor gy = conv.forward(x);
    System.gc();
    Tensor gx = conv.backward(gy);
    // The gradient of the weight, which comes first, is not asked for.
    conv.parameters().forEach(p -> p.frozen(true));
    System.gc();
    assertSame(conv.backward(gy), gx);
  }

  /** [n, a, b] as [n, b, a]. */
  private static Tensor transposed(Tensor x) {
    Tensor y = Tensor.zeros(x.dim(0), x.dim(2), x.dim(1));
    for (int i = 0; i < x.dim(0); i++) {
      for (int a = 0; a < x.dim(1); a++) {
        for (int b = 0; b < x.dim(2); b++) {
          y.set(x.get(i, a, b), i, b, a);
        }
      }
    }
    return y;
  }

  private static Tensor start(Tensor x, int steps) {
    Tensor y = Tensor.zeros(x.dim(0), steps, x.dim(2));
    for (int i = 0; i < x.dim(0); i++) {
      System.arraycopy(
          x.data(), i * x.dim(1) * x.dim(2), y.data(), i * steps * x.dim(2), steps * x.dim(2));
    }
    return y;
  }

  private static Tensor row(Tensor x, int i) {
    int size = x.dim(1) * x.dim(2);
    return Tensor.wrap(Arrays.copyOfRange(x.data(), i * size, (i + 1) * size), x.dim(1), x.dim(2));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
