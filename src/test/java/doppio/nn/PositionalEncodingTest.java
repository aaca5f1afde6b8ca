package doppio.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.check.GradientCheck;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionalEncodingTest {
  private static final int SHAPES = 200;

  /** The frequencies of four numbers are 1 and 1/100. */
  @Test
  void sinesAndCosinesAreAddedInTurn() {
    double[] y = new PositionalEncoding(4).forward(Tensor.full(10, 2, 3, 4)).data();
    double[] expected = {
      0,
      1,
      0,
      1,
      Math.sin(1),
      Math.cos(1),
      Math.sin(0.01),
      Math.cos(0.01),
      Math.sin(2),
      Math.cos(2),
      Math.sin(0.02),
      Math.cos(0.02)
    };
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isCloseTo(10 + expected[i % 12], within(4e-15));
    }
    assertThat(new PositionalEncoding(1).infer(Tensor.zeros(3, 1)).data())
        .containsExactly(new double[] {0, Math.sin(1), Math.sin(2)}, within(1e-16));
  }

  @Test
  void aPlaceHasTheSameNumbersInSequencesOfAllLengths() {
    double[] longest = new PositionalEncoding(6).infer(Tensor.zeros(500, 6)).data();
    PositionalEncoding encoding = new PositionalEncoding(6);
    for (int t : new int[] {1, 2, 7, 3, 100, 499, 500}) {
      assertThat(encoding.infer(Tensor.zeros(t, 6)).data())
          .containsExactly(Arrays.copyOf(longest, 6 * t));
    }
    assertThat(longest[6 * 499 + 4])
        .isCloseTo(Math.sin(499 * Math.pow(10_000, -4 / 6.0)), within(1e-13));
  }

  /** 256 places of 4096 numbers are what is kept. */
  @Test
  void placesBehindTheTableAreComputedToTheSameBits() {
    int dim = 4096;
    double[] y = new PositionalEncoding(dim).infer(Tensor.zeros(2, 260, dim)).data();
    PositionalEncoding other = new PositionalEncoding(dim);
    Stepper stepper = other.stepper();
    for (int p = 0; p < 260; p++) {
      double[] row = stepper.step(Tensor.zeros(dim)).data();
      assertThat(Arrays.equals(row, 0, dim, y, p * dim, (p + 1) * dim)).as("%d", p).isTrue();
      assertThat(row[6]).isCloseTo(Math.sin(p * Math.pow(10_000, -6.0 / dim)), within(1e-13));
    }
    assertThat(Arrays.equals(y, 0, 260 * dim, y, 260 * dim, 520 * dim)).isTrue();
  }

  /** A stream of a million steps a second is there after 36 minutes. */
  @Test
  void placesBeyondWhatAnIntCountsGoOn() {
    Stepper stepper = new PositionalEncoding(2).stepper();
    stepper.loadStateDict(Map.of("place", Tensor.of(2147483647.0)));
    for (double p = 2147483647.0; p < 2147483650.0; p++) {
      assertThat(stepper.step(Tensor.zeros(2)).data())
          .containsExactly(StrictMath.sin(p), StrictMath.cos(p));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stepper.loadStateDict(Map.of("place", Tensor.of(0x1p53))))
        .withMessage("PositionalEncoding(2) has no place 9.007199254740992E15");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stepper.loadStateDict(Map.of("place", Tensor.of(0.5))))
        .withMessage("PositionalEncoding(2) has no place 0.5");
    Stepper wide = new PositionalEncoding(1 << 12).stepper();
    wide.loadStateDict(Map.of("place", Tensor.of(0x1p50)));
    assertThat(wide.step(Tensor.zeros(1 << 12)).data()[0]).isEqualTo(StrictMath.sin(0x1p50));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> wide.loadStateDict(Map.of("place", Tensor.of(0x1p51))))
        .withMessage("PositionalEncoding(4096) has no place 2.251799813685248E15");
  }

  @Test
  void theLearnedOneAddsItsRows() {
    PositionalEncoding encoding = PositionalEncoding.learned(3, 2, new Generator(1));
    encoding.parameters().get(0).value().data()[3] = 7;
    double[] w = encoding.parameters().get(0).value().data();
    Tensor x = Tensor.of(new double[][] {{1, 2}, {3, 4}});
    assertThat(encoding.forward(x).data()).containsExactly(1 + w[0], 2 + w[1], 3 + w[2], 11);
    Tensor gy = Tensor.wrap(new double[] {1, 2, 3, 4, 10, 20, 30, 40}, 2, 2, 2);
    encoding.forward(Tensor.zeros(2, 2, 2));
    assertThat(encoding.backward(gy).data()).containsExactly(gy.data());
    Tensor grad = encoding.parameters().get(0).grad();
    assertThat(grad.data()).containsExactly(11, 22, 33, 44, 0, 0);
    encoding.forward(Tensor.zeros(3, 2));
    encoding.accumulateGradients(Tensor.full(1, 3, 2));
    assertThat(grad.data()).containsExactly(12, 23, 34, 45, 1, 1);
    encoding.zeroGrad();
    encoding.forward(Tensor.zeros(1, 2));
    encoding.accumulateGradients(Tensor.full(5, 1, 2));
    assertThat(encoding.parameters().get(0).grad().data()).containsExactly(5, 5, 0, 0, 0, 0);
  }

  /** As {@code torch.manual_seed(7)} and {@code Embedding(5, 4)} do, to the last bits. */
  @Test
  void aSeedGivesTheWeightsOfPyTorchsEmbedding() {
    PositionalEncoding encoding = PositionalEncoding.learned(5, 4, new Generator(7));
    assertThat(encoding.stateDict().keySet()).containsExactly("weight");
    assertThat(Arrays.copyOf(encoding.stateDict().get("weight").data(), 4))
        .containsExactly(
            new double[] {
              0.06626753966449943, 0.04699155524392409, 1.8365386300294015, 1.367690398536778
            },
            within(1e-14));
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(6);
    for (int i = 0; i < SHAPES; i++) {
      int dim = 1 + below(random, 6);
      int t = 1 + below(random, 6);
      Module encoding =
          i % 2 == 0
              ? new PositionalEncoding(dim)
              : PositionalEncoding.learned(t + below(random, 3), dim, random);
      int[] shape = i % 3 == 0 ? new int[] {t, dim} : new int[] {1 + below(random, 4), t, dim};
      GradientCheck.check(encoding, RandomTensors.normal(i, shape));
    }
  }

  @Test
  void settingsMakeTheSameAgain() {
    PositionalEncoding learned = PositionalEncoding.learned(3, 2, new Generator(1));
    assertThat(learned).hasToString("PositionalEncoding(learned 3, 2)");
    assertThat(learned.copy()).hasToString(learned.toString());
    assertThat(new PositionalEncoding(7)).hasToString("PositionalEncoding(7)");
    assertThat(learned.describe().settings()).isEqualTo(Map.of("dim", 2));
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PositionalEncoding(0))
        .withMessage("dim must be at least 1, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PositionalEncoding.learned(0, 2, new Generator(1)))
        .withMessage("maxLength must be at least 1, got 0");
    for (int[] shape : new int[][] {{4, 3}, {2}, {4, 2, 1}}) {
      Parameter weight = new Parameter(Tensor.zeros(shape));
      Parts parts =
          new Parts(Map.of("dim", 2), Map.of("weight", weight), Map.of(), Map.of(), Map.of());
      assertThatThrownBy(() -> new PositionalEncoding(parts))
          .isInstanceOf(ShapeException.class)
          .hasMessage("PositionalEncoding expects a weight [maxLength, 2] but got " + weight);
    }
  }

  /** Places that the shorter one has not keep what the longer one has added. */
  @Test
  void gradientsOfSequencesOfSeveralLengthsAddUp() {
    PositionalEncoding learned = PositionalEncoding.learned(4, 2, new Generator(1));
    learned.forward(Tensor.zeros(3, 2));
    learned.backward(Tensor.of(1, 2, 3, 4, 5, 6).reshape(3, 2));
    learned.forward(Tensor.zeros(1, 2));
    learned.backward(Tensor.of(10, 20).reshape(1, 2));
    assertThat(learned.parameters().get(0).grad().data()).containsExactly(11, 22, 3, 4, 5, 6, 0, 0);
  }

  /** Behind the last place nothing is left to be answered, but that is a state, too. */
  @Test
  void aSavedPlaceOfTheLearnedOneIsOneThatItHasOrTheEnd() {
    Stepper stepper = PositionalEncoding.learned(2, 1, new Generator(1)).stepper();
    stepper.loadStateDict(Map.of("place", Tensor.of(2.0)));
    assertThatThrownBy(() -> stepper.step(Tensor.of(0.0)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("PositionalEncoding(learned 2, 1) has no place for one more step");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stepper.loadStateDict(Map.of("place", Tensor.of(3.0))))
        .withMessage("PositionalEncoding(learned 2, 1) has no place 3.0");
    assertThat(stepper.stateDict().get("place").data()).containsExactly(2);
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
