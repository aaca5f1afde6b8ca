package doppio.nn;

import static doppio.TensorAssertions.assertClose;
import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecurrentTest {
  private static final int SHAPES = 200;

  /** tanh of it is 1, and σ of it but for 4e-18. */
  private static final double MUCH = 40;

  /** The three layers. */
  enum Kind {
    RNN(1),
    GRU(3),
    LSTM(4);

    final int gates;

    Kind(int gates) {
      this.gates = gates;
    }

    Recurrent of(int in, int hidden, int layers, boolean bidirectional, Generator g) {
      return switch (this) {
        case RNN -> new RNN(in, hidden, layers, bidirectional, g);
        case GRU -> new GRU(in, hidden, layers, bidirectional, g);
        case LSTM -> new LSTM(in, hidden, layers, bidirectional, g);
      };
    }

    Recurrent of(int in, int hidden, long seed) {
      return of(in, hidden, 1, false, new Generator(seed));
    }
  }

  @Test
  void aPlainStateIsTheTanhOfItsSums() {
    RNN rnn = new RNN(2, 1);
    set(rnn, "weight_ih_l0", 0.5, -1);
    set(rnn, "bias_ih_l0", 0.25);
    set(rnn, "weight_hh_l0", 2);
    set(rnn, "bias_hh_l0", -0.125);
    double[] y = rnn.infer(Tensor.of(1, 0.5, 0, -1, 2, 1).reshape(3, 2)).data();
    double first = Math.tanh(0.5 - 0.5 + 0.125);
    double second = Math.tanh(1 + 0.125 + 2 * first);
    double third = Math.tanh(1 - 1 + 0.125 + 2 * second);
    assertThat(y).containsExactly(new double[] {first, second, third}, within(1e-15));
  }

  /** With gates half open and 1 to write, c is 1/2, 3/4, 7/8. */
  @Test
  void theMemoryOfAnLstmKeepsHalfAndTakesHalf() {
    LSTM lstm = new LSTM(1, 1);
    lstm.parameters().forEach(p -> p.value().fill(0));
    set(lstm, "bias_ih_l0", 0, 0, MUCH, 0);
    double[] y = lstm.infer(Tensor.zeros(1, 3, 1)).data();
    assertThat(y[0]).isCloseTo(Math.tanh(0.5) / 2, within(1e-15));
    assertThat(y[1]).isCloseTo(Math.tanh(0.75) / 2, within(1e-15));
    assertThat(y[2]).isCloseTo(Math.tanh(0.875) / 2, within(1e-15));
  }

  /** The input opens one gate or closes it: what is written stays, and is shown on demand. */
  @Test
  void theGatesOfAnLstmAreInPyTorchsOrder() {
    LSTM lstm = new LSTM(4, 1);
    lstm.parameters().forEach(p -> p.value().fill(0));
    lstm.stateDict().get("weight_ih_l0").data()[0] = MUCH; // i by the first feature
    lstm.stateDict().get("weight_ih_l0").data()[4 + 1] = MUCH; // f by the second
    lstm.stateDict().get("weight_ih_l0").data()[8 + 2] = 1; // g by the third
    lstm.stateDict().get("weight_ih_l0").data()[12 + 3] = MUCH; // o by the fourth
    Tensor x = Tensor.of(new double[][] {{1, -1, 0.5, 1}, {-1, 1, 9, -1}, {-1, 1, 9, 1}});
    double[] y = lstm.infer(x).data();
    double c = Math.tanh(0.5);
    assertThat(y).containsExactly(new double[] {Math.tanh(c), 0, Math.tanh(c)}, within(1e-15));
  }

  /** h = (1 − z) n + z h, with z = 1/2 and n = 1. */
  @Test
  void theStateOfAGruKeepsHalfAndTakesHalf() {
    GRU gru = new GRU(1, 1);
    gru.parameters().forEach(p -> p.value().fill(0));
    set(gru, "bias_ih_l0", 0, 0, MUCH);
    assertThat(gru.infer(Tensor.zeros(3, 1)).data()).containsExactly(0.5, 0.75, 0.875);
  }

  /** r works on W h + b together, its bias included. */
  @Test
  void theResetGateOfAGruWorksOnTheProduct() {
    GRU gru = new GRU(1, 1);
    gru.parameters().forEach(p -> p.value().fill(0));
    set(gru, "weight_ih_l0", MUCH, 0, 0);
    set(gru, "bias_ih_l0", 0, -MUCH, 0.25);
    set(gru, "weight_hh_l0", 0, 0, 3);
    set(gru, "bias_hh_l0", 0, 0, 0.5);
    double[] y = gru.infer(Tensor.of(1, 1, -1).reshape(3, 1)).data();
    double first = Math.tanh(0.25 + 0.5);
    double second = Math.tanh(0.25 + 3 * first + 0.5);
    assertThat(y).containsExactly(new double[] {first, second, Math.tanh(0.25)}, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void theSecondDirectionIsTheFirstOnTheSequenceFromItsEnd(Kind kind) {
    Recurrent both = kind.of(3, 5, 1, true, new Generator(1));
    Recurrent forth = kind.of(3, 5, 2);
    Recurrent back = kind.of(3, 5, 3);
    Map<String, Tensor> state = both.stateDict();
    load(forth, state, name -> name);
    load(back, state, name -> name + "_reverse");
    Tensor x = RandomTensors.normal(4, 2, 7, 3);
    Tensor y = both.infer(x);
    Tensor first = forth.infer(x);
    Tensor second = reversed(back.infer(reversed(x)));
    for (int i = 0; i < 2 * 7; i++) {
      assertThat(Arrays.copyOfRange(y.data(), 10 * i, 10 * i + 5))
          .containsExactly(Arrays.copyOfRange(first.data(), 5 * i, 5 * i + 5));
      assertThat(Arrays.copyOfRange(y.data(), 10 * i + 5, 10 * i + 10))
          .containsExactly(Arrays.copyOfRange(second.data(), 5 * i, 5 * i + 5));
    }
  }

  @ParameterizedTest
  @EnumSource
  void layersAreAChainOfLayers(Kind kind) {
    Recurrent both = kind.of(3, 5, 2, true, new Generator(1));
    Recurrent lower = kind.of(3, 5, 1, true, new Generator(2));
    Recurrent upper = kind.of(10, 5, 1, true, new Generator(3));
    load(lower, both.stateDict(), name -> name);
    load(upper, both.stateDict(), name -> name.replace("_l0", "_l1"));
    Sequential chain = new Sequential(lower, upper);
    Tensor x = RandomTensors.normal(4, 3, 6, 3);
    Tensor y = both.forward(x);
    assertSame(chain.forward(x), y);
    Tensor gy = RandomTensors.normal(5, 3, 6, 10);
    assertSame(chain.backward(gy), both.backward(gy));
    List<Parameter> expected = chain.parameters();
    List<Parameter> parameters = both.parameters();
    assertThat(parameters).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertSame(parameters.get(i).grad(), expected.get(i).grad());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("once")
  void gradientsAreRightOnRandomShapes(Kind kind) {
    SplittableRandom random = new SplittableRandom(12);
    for (int seed = 0; seed < SHAPES; seed++) {
      int in = 1 + random.nextInt(4);
      Recurrent layer =
          kind.of(
              in,
              1 + random.nextInt(4),
              1 + random.nextInt(3),
              random.nextBoolean(),
              new Generator(seed));
      int steps = 1 + random.nextInt(6);
      int n = random.nextInt(4);
      Tensor x =
          n == 0 ? RandomTensors.normal(seed, steps, in) : RandomTensors.normal(seed, n, steps, in);
      GradientCheck.check(layer, x);
    }
  }

  @Test
  void gradientsOfThreeLayersAreRightThroughFortySteps() {
    Generator g = new Generator(3);
    Module network =
        new Sequential(new LSTM(2, 5, g), new GRU(5, 4, g), new RNN(4, 3, g), new Linear(3, 2, g));
    GradientCheck.check(network, RandomTensors.normal(1, 2, 40, 2));
    Module last = new Sequential(network, new LastStep());
    GradientCheck.check(last, RandomTensors.normal(2, 3, 40, 2));
  }

  /** A block of inputs' products ends within the sequence. */
  @ParameterizedTest
  @EnumSource
  void longSequencesAreComputedAsShortOnes(Kind kind) {
    Recurrent layer = kind.of(3, 2, 6);
    Tensor x = RandomTensors.normal(7, 1, 1100, 3);
    double[] y = layer.infer(x).data();
    for (int steps : new int[] {1, 2, 511, 512, 513, 1024}) {
      Tensor start = Tensor.wrap(Arrays.copyOf(x.data(), 3 * steps), steps, 3);
      assertThat(layer.infer(start).data()).isEqualTo(Arrays.copyOf(y, 2 * steps));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchHasTheBitsOfItsSequences(Kind kind) {
    for (int[] size : new int[][] {{1, 1}, {3, 7}, {7, 13}, {31, 9}, {8, 40}}) {
      Recurrent layer = kind.of(size[0], size[1], 2, true, new Generator(8));
      for (int n : new int[] {2, 5, 24, 37}) {
        Tensor x = RandomTensors.normal(n, n, 6, size[0]);
        double[] y = layer.infer(x).data();
        for (int i = 0; i < n; i++) {
          int in = 6 * size[0];
          int out = 6 * 2 * size[1];
          double[] one = Arrays.copyOfRange(x.data(), i * in, (i + 1) * in);
          assertThat(layer.infer(Tensor.wrap(one, 6, size[0])).data())
              .isEqualTo(Arrays.copyOfRange(y, i * out, (i + 1) * out));
        }
      }
    }
  }

  /** The products with the inputs are made for so many steps at a time. */
  @ParameterizedTest
  @EnumSource
  void manyStepsOfABatchHaveTheBitsOfTheirSequences(Kind kind) {
    Recurrent layer = kind.of(2, 3, 1, false, new Generator(8));
    int steps = 600;
    Tensor x = RandomTensors.normal(1, 5, steps, 2);
    double[] y = layer.infer(x).data();
    for (int i = 0; i < 5; i++) {
      double[] one = Arrays.copyOfRange(x.data(), i * steps * 2, (i + 1) * steps * 2);
      assertThat(layer.infer(Tensor.wrap(one, steps, 2)).data())
          .isEqualTo(Arrays.copyOfRange(y, i * steps * 3, (i + 1) * steps * 3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void frozenParametersGetNoGradientAndChangeNoOther(Kind kind) {
    Recurrent layer = kind.of(3, 4, 2, true, new Generator(1));
    Module twin = layer.copy();
    Tensor x = RandomTensors.normal(2, 3, 5, 3);
    Tensor gy = RandomTensors.normal(3, 3, 5, 8);
    twin.forward(x);
    twin.backward(gy);
    layer
        .namedParameters()
        .forEach((name, p) -> p.frozen(name.contains("weight") == name.contains("l0")));
    layer.forward(x);
    layer.accumulateGradients(gy);
    layer
        .namedParameters()
        .forEach(
            (name, p) -> {
              assertThat(p.hasGradient()).isEqualTo(!p.isFrozen());
              if (!p.isFrozen()) {
                assertSame(p.grad(), twin.namedParameters().get(name).grad());
              }
            });
  }

  /** Buffers are used again: of a long pass nothing may show in a shorter one. */
  @ParameterizedTest
  @EnumSource
  void aPassDoesNotDependOnTheOneBefore(Kind kind) {
    Recurrent layer = kind.of(3, 4, 2, true, new Generator(1));
    Module fresh = layer.copy();
    Tensor large = RandomTensors.normal(2, 5, 9, 3);
    layer.backward(layer.forward(large));
    layer.infer(large);
    layer.zeroGrad();
    Tensor x = RandomTensors.normal(3, 2, 4, 3);
    assertSame(layer.infer(x), fresh.infer(x));
    Tensor y = layer.forward(x);
    assertSame(fresh.forward(x), y);
    assertSame(layer.backward(y), fresh.backward(y));
    for (int i = 0; i < layer.parameters().size(); i++) {
      assertSame(layer.parameters().get(i).grad(), fresh.parameters().get(i).grad());
    }
  }

  @ParameterizedTest
  @EnumSource
  void parametersHaveTheNamesAndShapesOfPyTorch(Kind kind) {
    int width = 5 * kind.gates;
    Map<String, Tensor> state = kind.of(3, 5, 2, true, new Generator(1)).stateDict();
    assertThat(state.keySet())
        .containsExactly(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_ih_l0_reverse",
            "weight_hh_l0_reverse",
            "bias_ih_l0_reverse",
            "bias_hh_l0_reverse",
            "weight_ih_l1",
            "weight_hh_l1",
            "bias_ih_l1",
            "bias_hh_l1",
            "weight_ih_l1_reverse",
            "weight_hh_l1_reverse",
            "bias_ih_l1_reverse",
            "bias_hh_l1_reverse");
    assertThat(state.get("weight_ih_l0").shape()).containsExactly(width, 3);
    assertThat(state.get("weight_hh_l0_reverse").shape()).containsExactly(width, 5);
    assertThat(state.get("weight_ih_l1").shape()).containsExactly(width, 10);
    assertThat(state.get("bias_hh_l1").shape()).containsExactly(width);
  }

  @ParameterizedTest
  @EnumSource
  void tellsItsSettings(Kind kind) {
    Recurrent layer = kind.of(3, 5, 2, true, new Generator(1));
    assertThat(layer.inputSize()).isEqualTo(3);
    assertThat(layer.hiddenSize()).isEqualTo(5);
    assertThat(layer.layers()).isEqualTo(2);
    assertThat(layer.isBidirectional()).isTrue();
    assertThat(layer).hasToString(kind + "(3 → 5, layers 2, bidirectional)");
    assertThat(kind.of(3, 5, 1)).hasToString(kind + "(3 → 5)");
    assertThat(kind.of(3, 5, 1).isBidirectional()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void sizesBelowOneAreRefused(Kind kind) {
    Generator g = new Generator(1);
    refused(() -> kind.of(0, 5, 1, false, g), "in must be at least 1, got 0");
    refused(() -> kind.of(3, -1, 1, false, g), "hidden must be at least 1, got -1");
    refused(() -> kind.of(3, 5, 0, false, g), "layers must be at least 1, got 0");
    refused(
        () -> kind.of(3, 5, 1 << 30, true, g),
        "layers must be from 1 to 268435455, got 1073741824");
    assertThat(g.random64()).isEqualTo(new Generator(1).random64());
  }

  @Test
  void parametersOfAnotherShapeAreRefused() {
    GRU gru = new GRU(3, 5, new Generator(1));
    Map<String, Parameter> parameters = new HashMap<>(gru.namedParameters());
    Map<String, Object> settings = gru.describe().settings();
    parameters.put("weight_hh_l0", new Parameter(Tensor.zeros(15, 4)));
    assertThatThrownBy(() -> new GRU(new Parts(settings, parameters, Map.of(), Map.of(), Map.of())))
        .isInstanceOf(ShapeException.class)
        .hasMessage("GRU(3 → 5) expects weight_hh_l0 [15, 5] but got [15, 4]");
    parameters.remove("weight_hh_l0");
    assertThatThrownBy(() -> new GRU(new Parts(settings, parameters, Map.of(), Map.of(), Map.of())))
        .isInstanceOf(ShapeException.class)
        .hasMessage("GRU(3 → 5) expects weight_hh_l0 [15, 5] but got none");
  }

  /** A file may say anything, and arrays of so many layers must not be made. */
  @Test
  void moreLayersThanParametersAreRefused() {
    GRU gru = new GRU(3, 5, new Generator(1));
    Map<String, Object> settings = new HashMap<>(gru.describe().settings());
    settings.put("numLayers", Integer.MAX_VALUE);
    Parts parts = new Parts(settings, gru.namedParameters(), Map.of(), Map.of(), Map.of());
    refused(() -> new GRU(parts), "GRU(3 → 5, layers 2147483647) cannot be made of 4 parameters");
  }

  @ParameterizedTest
  @EnumSource
  void parametersAreDrawnUpToOneByTheRootOfTheState(Kind kind) {
    for (Parameter p : kind.of(9, 100, 2, true, new Generator(1)).parameters()) {
      double[] drawn = p.value().data().clone();
      Arrays.sort(drawn);
      assertThat(drawn[0]).isBetween(-0.1, -0.08);
      assertThat(drawn[drawn.length - 1]).isBetween(0.08, 0.1);
    }
  }

  /** Four layers may be made of four parameters, but these are those of the first. */
  @Test
  void asManyLayersAsParametersMissTheFirstOfTheSecond() {
    GRU gru = new GRU(3, 5, new Generator(1));
    Map<String, Object> settings = new HashMap<>(gru.describe().settings());
    settings.put("numLayers", 4);
    Parts parts = new Parts(settings, gru.namedParameters(), Map.of(), Map.of(), Map.of());
    refused(() -> new GRU(parts), "GRU(3 → 5, layers 4) expects weight_ih_l1 [15, 5] but got none");
  }

  /**
   * The largest array has 2147483647 elements: steps and the state before, each with six numbers.
   */
  @Test
  void theRoomForASequenceIsThatOfTheLargestArray() {
    int most = Integer.MAX_VALUE;
    LSTM lstm = new LSTM(1, 1, new Generator(1));
    lstm.requireRoom(most - 1, 1, false);
    refused(() -> lstm.requireRoom(most, 1, false));
    lstm.requireRoom(most / 6 - 1, 1, true);
    refused(() -> lstm.requireRoom(most / 6, 1, true));
    // Of one step all six numbers are needed, whether it goes back or not.
    lstm.requireRoom(1, most / 6, false);
    refused(() -> lstm.requireRoom(1, most / 6 + 1, false));
    // An RNN keeps no numbers, but has a gate.
    RNN rnn = new RNN(1, 1, new Generator(1));
    rnn.requireRoom(most - 1, 1, true);
    refused(() -> rnn.requireRoom(most, 1, true));
    GRU gru = new GRU(1, 2, new Generator(1));
    gru.requireRoom(most / 8 - 1, 1, true);
    refused(() -> gru.requireRoom(most / 8, 1, true));
  }

  /** 2147484 steps of 1000 numbers, and as many before the first. */
  @Test
  void aPassAsksForTheRoomFirst() {
    RNN rnn = new RNN(1, 1000, new Generator(1));
    Tensor x = Tensor.zeros(2_147_484, 1);
    refused(() -> rnn.compute(x, Tensor.zeros(0)));
    refused(() -> rnn.record(x, Tensor.zeros(0)));
  }

  @ParameterizedTest
  @EnumSource
  void withoutSamplesThereIsNothingToDoHoweverManySteps(Kind kind) {
    Module layer = kind.of(1, 2, 2, true, new Generator(1));
    Tensor x = Tensor.zeros(0, Integer.MAX_VALUE, 1);
    assertThat(layer.infer(x).shape()).containsExactly(0, Integer.MAX_VALUE, 4);
    assertThat(layer.backward(layer.forward(x)).shape()).containsExactly(x.shape());
    layer.parameters().forEach(p -> assertThat(p.grad().data()).containsOnly(0));
  }

  /** Six numbers are kept for each element of an output. */
  @Test
  void sequencesTooLongForTheWayBackAreRefused() {
    LSTM lstm = new LSTM(1, 100, new Generator(1));
    lstm.requireRoom(3_500_000, 1, true);
    lstm.requireRoom(4_000_000, 1, false);
    refused(
        () -> lstm.requireRoom(4_000_000, 1, true),
        "LSTM(1 → 100): an input of 1 × 4000000 steps needs an array of more elements than there can"
            + " be for the way back");
    refused(
        () -> lstm.requireRoom(1_000_000, 50, false),
        "LSTM(1 → 100): an input of 50 × 1000000 steps needs an array of more elements than there can"
            + " be");
  }

  @Test
  void theDefaultGeneratorIsUsedWhereNoneIsPassed() {
    Generator.manualSeed(5);
    Module[] byDefault = {new RNN(2, 3), new GRU(2, 3), new LSTM(2, 3)};
    Generator g = new Generator(5);
    Module[] expected = {new RNN(2, 3, g), new GRU(2, 3, g), new LSTM(2, 3, g)};
    for (int i = 0; i < 3; i++) {
      assertClose(
          byDefault[i].stateDict().get("bias_hh_l0"), expected[i].stateDict().get("bias_hh_l0"));
    }
  }

  private static void set(Module layer, String name, double... values) {
    System.arraycopy(values, 0, layer.stateDict().get(name).data(), 0, values.length);
  }

  private static void load(
      Module layer, Map<String, Tensor> state, java.util.function.UnaryOperator<String> source) {
    layer
        .stateDict()
        .forEach(
            (name, t) ->
                System.arraycopy(state.get(source.apply(name)).data(), 0, t.data(), 0, t.size()));
  }

  /** The steps of each sequence from the last to the first. */
  private static Tensor reversed(Tensor x) {
    int steps = x.dim(1);
    int width = x.dim(2);
    Tensor y = Tensor.zeros(x.shape());
    for (int i = 0; i < x.dim(0); i++) {
      for (int s = 0; s < steps; s++) {
        System.arraycopy(
            x.data(),
            (i * steps + s) * width,
            y.data(),
            (i * steps + steps - 1 - s) * width,
            width);
      }
    }
    return y;
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(ShapeException.class);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
