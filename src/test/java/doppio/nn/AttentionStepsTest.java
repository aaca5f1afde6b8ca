package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Causal attention step by step. */
class AttentionStepsTest {
  private static final int DIM = 6;

  private final Generator g = new Generator(1);

  @ParameterizedTest
  @CsvSource({"6, 1", "6, 2", "8, 8", "34, 2", "300, 1"})
  void attentionGivesTheBitsOfTheWholeSequence(int dim, int heads) {
    Module attention = spread(new SelfAttention(dim, heads, true, g));
    Tensor x = RandomTensors.normal(1, dim == 6 ? 300 : 140, dim);
    Stepper stepper = attention.stepper();
    assertSame(StepperLawsTest.steps(stepper, x), attention.infer(x));
  }

  /** Of 1 to 70 steps, each against the whole. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void anEncoderGivesTheBitsOfEverySequence(boolean normFirst, boolean learned) {
    Module encoder = encoder(normFirst, learned);
    Stepper stepper = encoder.stepper();
    Tensor x = RandomTensors.normal(1, 70, DIM);
    Tensor y = StepperLawsTest.steps(stepper, x);
    for (int t = 1; t <= 70; t++) {
      Tensor first = Tensor.wrap(Arrays.copyOf(x.data(), t * DIM), t, DIM);
      assertThat(encoder.infer(first).data()).containsExactly(Arrays.copyOf(y.data(), t * DIM));
    }
  }

  @Test
  void copiesAndSavedStatesGoOnFromWhereTheyWere() {
    Module encoder = encoder(true, false);
    Tensor x = RandomTensors.normal(2, 60, DIM);
    double[] whole = encoder.infer(x).data();
    Stepper stepper = encoder.stepper();
    Stepper copy = null;
    Stepper loaded = encoder.stepper();
    for (int t = 0; t < 60; t++) {
      if (t == 17) {
        copy = stepper.copy();
        Map<String, Tensor> state = stepper.stateDict();
        assertThat(state.keySet())
            .containsExactlyInAnyOrder(
                "0.place",
                "1.self_attn.keys",
                "1.self_attn.values",
                "2.self_attn.keys",
                "2.self_attn.values");
        assertThat(state.get("1.self_attn.keys").shape()).containsExactly(17, DIM);
        loaded.step(step(x, 3));
        loaded.loadStateDict(state);
        stepper.step(step(x, 5));
        stepper.reset();
        stepper.step(step(x, 5));
      }
      if (t < 17) {
        assertThat(stepper.step(step(x, t)).data()).containsExactly(at(whole, t));
      } else {
        assertThat(copy.step(step(x, t)).data()).containsExactly(at(whole, t));
        assertThat(loaded.step(step(x, t)).data()).containsExactly(at(whole, t));
      }
    }
  }

  @Test
  void aStepThatIsRefusedLeavesTheStateAsItWas() {
    Module encoder = encoder(false, false);
    Tensor x = RandomTensors.normal(2, 3, DIM);
    double[] whole = encoder.infer(x).data();
    Stepper stepper = encoder.stepper();
    for (int t = 0; t < 3; t++) {
      assertShapeException(
          () -> stepper.step(Tensor.zeros(4)),
          "PositionalEncoding(6) expects input [n, t, 6] or [t, 6] of at least one step but got"
              + " [1, 4] (layer 0 of Sequential)");
      assertThat(stepper.step(step(x, t)).data()).containsExactly(at(whole, t));
    }
    assertShapeException(
        () -> new SelfAttention(4, 2, true, g).stepper().step(Tensor.zeros(5)),
        "SelfAttention(4, heads 2, causal) expects input [n, t, 4] or [t, 4] of at least one step"
            + " but got [1, 5]");
  }

  @Test
  void learnedPlacesComeToAnEnd() {
    Stepper stepper = PositionalEncoding.learned(2, 3, g).stepper();
    stepper.step(Tensor.zeros(3));
    stepper.step(Tensor.zeros(3));
    assertShapeException(
        () -> stepper.step(Tensor.zeros(3)),
        "PositionalEncoding(learned 2, 3) has no place for one more step");
    stepper.reset();
    stepper.step(Tensor.zeros(3));
  }

  /** A file of the state is then the same in each JVM. */
  @Test
  void aStateNamesTheKeysBeforeTheValues() {
    Stepper stepper = new SelfAttention(4, 2, true, new Generator(1)).stepper();
    assertThat(List.copyOf(stepper.stateDict().keySet())).containsExactly("keys", "values");
  }

  @Test
  void whatSeesLaterStepsCannotBeStepped() {
    assertThatThrownBy(() -> new SelfAttention(4, 2).stepper())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "SelfAttention cannot be answered step by step: it sees later steps; a causal one sees"
                + " none");
    assertThatThrownBy(
            () -> new Sequential(new Tanh(), new TransformerEncoderLayer(4, 2, 8)).stepper())
        .hasMessage(
            "1.self_attn (SelfAttention) cannot be answered step by step: it sees later steps; a"
                + " causal one sees none");
  }

  @Test
  void statesThatAreNoneAreRefused() {
    Stepper stepper = new SelfAttention(4, 2, true, g).stepper();
    stepper.step(Tensor.of(1, 2, 3, 4));
    Tensor next = stepper.copy().step(Tensor.of(4, 3, 2, 1));
    for (String spoilt : new String[] {"keys", "values"}) {
      Map<String, Tensor> state = new LinkedHashMap<>(stepper.stateDict());
      state.put(spoilt, Tensor.zeros(2, 3));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> stepper.loadStateDict(state))
          .withMessageContaining(spoilt);
      state.remove(spoilt);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> stepper.loadStateDict(state))
          .withMessageContaining(spoilt);
    }
    Map<String, Tensor> flat = new LinkedHashMap<>(stepper.stateDict());
    flat.put("keys", Tensor.zeros(4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stepper.loadStateDict(flat))
        .withMessageContaining("keys expects [0, 4] but got [4]");
    Stepper places = new PositionalEncoding(2).stepper();
    for (double place : new double[] {-1, 0.5, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> places.loadStateDict(Map.of("place", Tensor.of(place))))
          .withMessage("PositionalEncoding(2) has no place " + place);
    }
    assertSame(stepper.step(Tensor.of(4, 3, 2, 1)), next);
  }

  private Module encoder(boolean normFirst, boolean learned) {
    return spread(
        new Sequential(
            learned ? PositionalEncoding.learned(70, DIM, g) : new PositionalEncoding(DIM),
            new TransformerEncoderLayer(DIM, 2, 9, 0.1, new GELU(), normFirst, true, g),
            new TransformerEncoderLayer(DIM, 3, 9, 0.1, new ReLU(), normFirst, true, g),
            new LayerNorm(DIM)));
  }

  private Module spread(Module module) {
    module.parameters().forEach(p -> g.uniform(p.value().data(), -0.7, 0.7));
    return module;
  }

  private static Tensor step(Tensor x, int t) {
    return Tensor.of(at(x.data(), t));
  }

  private static double[] at(double[] rows, int t) {
    return Arrays.copyOfRange(rows, t * DIM, (t + 1) * DIM);
  }
}
