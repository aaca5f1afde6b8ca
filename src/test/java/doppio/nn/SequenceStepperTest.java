package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.nn.StepperLawsTest.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recurrent layers and causal convolutions, step by step. */
class SequenceStepperTest {
  private static final int LONGEST = 70;
  private static final int[][] WIDTHS = {{1, 1}, {3, 5}, {7, 13}, {31, 9}, {5, 67}, {16, 32}};

  /** A sequence alone and in a batch, which the kernels multiply otherwise. */
  @ParameterizedTest
  @EnumSource
  void recurrentLayersGiveTheBitsOfTheWholeSequence(RecurrentTest.Kind kind) {
    for (int[] width : WIDTHS) {
      for (int layers = 1; layers <= 2; layers++) {
        Generator g = new Generator(width[1]);
        checkAllLengths(kind.of(width[0], width[1], layers, false, g), width[0]);
      }
    }
  }

  @Test
  void causalConvolutionsGiveTheBitsOfTheWholeSequence() {
    for (int[] width : WIDTHS) {
      for (int kernel : new int[] {1, 2, 3, 5}) {
        for (int dilation : new int[] {1, 2, 7}) {
          Generator g = new Generator(kernel);
          checkAllLengths(new CausalConv1d(width[0], width[1], kernel, dilation, g), width[0]);
        }
      }
    }
  }

  @Test
  void aNetworkOfAllGivesTheBitsOfTheWholeSequence() {
    Generator g = new Generator(1);
    Module network =
        new Sequential(
            new CausalConv1d(3, 5, 3, 2, g),
            new Residual(new Sequential(new GRU(5, 7, g), new Linear(7, 5, g))),
            new LSTM(5, 11, 2, false, g),
            new RNN(11, 3, g),
            new Linear(3, 2, g));
    checkAllLengths(network, 3);
  }

  private static void checkAllLengths(Module module, int in) {
    Tensor batch = RandomTensors.normal(2, 25, LONGEST, in);
    double[] last = new double[LONGEST * in];
    System.arraycopy(batch.data(), 24 * last.length, last, 0, last.length);
    Tensor x = Tensor.wrap(last, LONGEST, in);
    Tensor stepped = steps(module.stepper(), x);
    double[] inBatch = module.infer(batch).data();
    int size = stepped.size();
    for (int i = 0; i < size; i++) {
      assertThat(inBatch[24 * size + i]).isEqualTo(stepped.data()[i]);
    }
    for (int length = 1; length <= LONGEST; length++) {
      double[] start = new double[length * in];
      System.arraycopy(last, 0, start, 0, start.length);
      double[] y = module.infer(Tensor.wrap(start, length, in)).data();
      for (int i = 0; i < y.length; i++) {
        assertThat(y[i]).isEqualTo(stepped.data()[i]);
      }
    }
  }

  @Test
  void theLastStepOfAStreamIsTheLatest() {
    Generator g = new Generator(1);
    Module network = new Sequential(new GRU(2, 3, g), new LastStep(), new Linear(3, 1, g));
    Stepper stepper = network.stepper();
    Tensor x = RandomTensors.normal(3, 5, 2);
    for (int length = 1; length <= 5; length++) {
      double[] start = Arrays.copyOf(x.data(), 2 * length);
      Tensor now = Tensor.of(start[2 * length - 2], start[2 * length - 1]);
      assertSame(stepper.step(now), network.infer(Tensor.wrap(start, length, 2)));
    }
  }

  @Test
  void copiesAndSavedStatesGoOnToTheSameBits() {
    Generator g = new Generator(1);
    Module network =
        new Sequential(
            new CausalConv1d(3, 5, 3, 4, g), new LSTM(5, 4, 2, false, g), new GRU(4, 2, g));
    Stepper stepper = network.stepper();
    steps(stepper, RandomTensors.normal(4, 13, 3));
    Map<String, Tensor> state = stepper.stateDict();
    assertThat(state.keySet())
        .containsExactly("0.inputs", "1.h_l0", "1.c_l0", "1.h_l1", "1.c_l1", "2.h_l0");
    Stepper copy = stepper.copy();
    Stepper loaded = network.stepper();
    loaded.loadStateDict(state);
    Tensor rest = RandomTensors.normal(5, 11, 3);
    Tensor expected = steps(stepper, rest);
    assertSame(steps(copy, rest), expected);
    assertSame(steps(loaded, rest), expected);
    assertThat(state.get("1.c_l1").data()).isNotEqualTo(stepper.stateDict().get("1.c_l1").data());
  }

  @Test
  void statesThatDoNotFitAreRefused() {
    Stepper stepper = new LSTM(2, 3).stepper();
    Map<String, Tensor> state = new LinkedHashMap<>(stepper.stateDict());
    state.put("h_l0", Tensor.zeros(4));
    state.remove("c_l0");
    assertThatThrownBy(() -> stepper.loadStateDict(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("state does not fit LSTM(2 → 3): h_l0 expects [3] but got [4]; missing c_l0");
  }

  @Test
  void whatNeedsTheWholeSequenceIsRefusedByName() {
    refused(
        new GRU(3, 2, 1, true, new Generator(1)),
        "GRU cannot be answered step by step: its second direction begins at the end of a sequence");
    refused(
        new MeanOverSteps(),
        "MeanOverSteps cannot be answered step by step: it is a mean over all steps of a sequence");
    refused(
        new Sequential(new LSTM(3, 2), new MeanOverSteps()),
        "1 (MeanOverSteps) cannot be answered step by step: it is a mean over all steps of a"
            + " sequence");
  }

  /** The state is as it was: the right step may follow. */
  @Test
  void aStepOfAnotherWidthIsRefusedAndChangesNothing() {
    LSTM lstm = new LSTM(2, 3, new Generator(1));
    Stepper stepper = lstm.stepper();
    stepper.step(Tensor.of(1, 2));
    assertThatThrownBy(() -> stepper.step(Tensor.of(1, 2, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "LSTM(2 → 3) expects input [n, t, 2] or [t, 2] of at least one step but got [1, 3]");
    double[] y = lstm.infer(Tensor.of(1, 2, 3, 4).reshape(2, 2)).data();
    assertThat(stepper.step(Tensor.of(3, 4)).data()).containsExactly(y[3], y[4], y[5]);
    Stepper causal = new CausalConv1d(2, 1, 2).stepper();
    assertThatThrownBy(() -> causal.step(Tensor.of(1, 2, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "CausalConv1d(2 → 1, kernel 2) expects input [n, t, 2] or [t, 2] of at least one step"
                + " but got [1, 3]");
  }

  private static void refused(Module module, String message) {
    assertThatThrownBy(module::stepper)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(message);
  }
}
