package doppio.nn;

import static doppio.TensorAssertions.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.check.GradientCheck;
import doppio.loss.MSE;
import doppio.optim.Adam;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformerEncoderLayerTest {
  private static final int SHAPES = 200;

  /**
   * With all weights 0 both halves are 0. The norms make ±1 of 1 and 3, ε aside; the norms first
   * leave the input alone.
   */
  @Test
  void withoutWeightsTheNormsBehindAreLeft() {
    Generator g = new Generator(1);
    Tensor x = Tensor.of(new double[][] {{1, 3}, {8, 6}});
    for (boolean normFirst : new boolean[] {false, true}) {
      Module layer = new TransformerEncoderLayer(2, 1, 3, 0, new ReLU(), normFirst, false, g);
      layer.namedParameters().forEach((name, p) -> p.value().fill(isNorm(name) ? 1 : 0));
      layer.stateDict().get("norm1.bias").fill(0);
      layer.stateDict().get("norm2.bias").fill(0);
      double[] expected = normFirst ? x.data() : new double[] {-1, 1, 1, -1};
      assertThat(layer.forward(x).data()).containsExactly(expected, within(2e-5));
    }
  }

  /** Each half again, out of its own layers. */
  @Test
  void theHalvesAreThoseOfTheFormula() {
    Generator g = new Generator(2);
    for (boolean normFirst : new boolean[] {false, true}) {
      Module layer = new TransformerEncoderLayer(6, 3, 5, 0.1, new Tanh(), normFirst, true, g);
      layer.parameters().forEach(p -> g.uniform(p.value().data(), -1, 1));
      Tensor x = RandomTensors.normal(1, 2, 4, 6);
      Tensor a = half(layer, x, normFirst, "norm1", "self_attn");
      Tensor y = half(layer, a, normFirst, "norm2", "linear1", "activation", "linear2");
      assertSame(layer.infer(x), y);
    }
  }

  @Test
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(5);
    for (int i = 0; i < SHAPES; i++) {
      int heads = 1 + below(random, 3);
      int dim = heads * (1 + below(random, 3));
      Module activation = i % 3 == 0 ? new Tanh() : new GELU();
      Module layer =
          new TransformerEncoderLayer(
              Math.max(2, dim),
              dim == 1 ? 1 : heads,
              1 + below(random, 5),
              0,
              activation,
              i % 2 == 0,
              i % 4 < 2,
              random);
      int[] shape = {1 + below(random, 2), 1 + below(random, 5), Math.max(2, dim)};
      GradientCheck.check(layer, RandomTensors.normal(i, shape));
    }
  }

  /** As {@code torch.manual_seed(7)} and {@code TransformerEncoderLayer(4, 2, 6)} do. */
  @Test
  void aSeedGivesPyTorchsWeightsUnderItsNames() {
    Generator.manualSeed(7);
    Map<String, Tensor> state = new TransformerEncoderLayer(4, 2, 6).stateDict();
    Map<String, double[]> firsts = new LinkedHashMap<>();
    firsts.put("self_attn.in_proj_weight", new double[] {0.5195270662526112, 0.4472820485491936});
    firsts.put("self_attn.in_proj_bias", new double[] {0, 0});
    firsts.put(
        "self_attn.out_proj.weight", new double[] {-0.22061957009359598, -0.22630628634823433});
    firsts.put("self_attn.out_proj.bias", new double[] {0, 0});
    firsts.put("linear1.weight", new double[] {0.025005178085956477, -0.18045679964552183});
    firsts.put("linear1.bias", new double[] {-0.2369006287608445, -0.1243026800614957});
    firsts.put("linear2.weight", new double[] {-0.11575821426789222, -0.31317727329269684});
    firsts.put("linear2.bias", new double[] {-0.25752973379255584, -0.4022514725706668});
    firsts.put("norm1.weight", new double[] {1, 1});
    firsts.put("norm1.bias", new double[] {0, 0});
    firsts.put("norm2.weight", new double[] {1, 1});
    firsts.put("norm2.bias", new double[] {0, 0});
    assertThat(state.keySet()).containsExactlyElementsOf(firsts.keySet());
    firsts.forEach(
        (name, first) ->
            assertThat(Arrays.copyOf(state.get(name).data(), 2)).as(name).containsExactly(first));
  }

  @Test
  void theDefaultsAreThoseOfPyTorch() {
    TransformerEncoderLayer layer = new TransformerEncoderLayer(4, 2, 6);
    assertThat(layer.isNormFirst()).isFalse();
    Module first =
        new TransformerEncoderLayer(4, 2, 6, 0, new ReLU(), true, false, new Generator(1));
    assertThat(((TransformerEncoderLayer) first.copy()).isNormFirst()).isTrue();
    assertThat(layer)
        .hasToString(
            """
            TransformerEncoderLayer(
              (self_attn): SelfAttention(4, heads 2, dropout 0.1)
              (linear1): Linear(4 → 6)
              (dropout): Dropout(0.1)
              (linear2): Linear(6 → 4)
              (norm1): LayerNorm(4)
              (norm2): LayerNorm(4)
              (dropout1): Dropout(0.1)
              (dropout2): Dropout(0.1)
              (activation): ReLU()
            )\
            """);
  }

  /** Which of two steps holds the larger number: no step alone can know. */
  @Test
  void aStackLearnsWhatTakesBothSteps() {
    Generator g = new Generator(3);
    Sequential model =
        new Sequential(
            new Linear(1, 8, g),
            new TransformerEncoderLayer(8, 2, 16, 0, new GELU(), true, false, g),
            new Linear(8, 1, g));
    Tensor x = RandomTensors.normal(1, 64, 2, 1);
    Tensor y = Tensor.zeros(64, 2, 1);
    for (int i = 0; i < 128; i++) {
      y.data()[i] = x.data()[i] > x.data()[i ^ 1] ? 1 : 0;
    }
    MSE loss = new MSE();
    Adam optimizer = new Adam(model.parameters(), 0.01);
    double first = loss.forward(model.forward(x), y);
    for (int step = 0; step < 200; step++) {
      optimizer.zeroGrad();
      loss.forward(model.forward(x), y);
      model.accumulateGradients(loss.backward());
      optimizer.step();
    }
    assertThat(loss.forward(model.infer(x), y)).isLessThan(0.05).isLessThan(first / 4);
  }

  /** Each of the three alone has something to drop: 1, of which 0 or 2 is left. */
  @Test
  void allThreeDropoutsDropInTraining() {
    int dim = 40;
    for (String source : new String[] {"self_attn.out_proj.bias", "linear2.bias", "linear1.bias"}) {
      Module layer =
          new TransformerEncoderLayer(dim, 1, dim, 0.5, new ReLU(), true, false, new Generator(1));
      layer.parameters().forEach(p -> p.value().fill(0));
      Map<String, Tensor> state = layer.stateDict();
      state.get(source).fill(1);
      boolean inner = source.equals("linear1.bias");
      for (int i = 0; inner && i < dim; i++) {
        state.get("linear2.weight").set(1, i, i);
      }
      double[] y = layer.forward(Tensor.zeros(3, dim)).data();
      // The inner one's 2 goes through the outer one, too.
      assertThat(y).as(source).containsOnly(0, inner ? 4 : 2);
      assertThat(layer.infer(Tensor.zeros(3, dim)).data()).containsOnly(1);
      assertThat(layer.eval().forward(Tensor.zeros(3, dim)).data()).containsOnly(1);
    }
  }

  @Test
  void numbersThatMakeNoLayerAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransformerEncoderLayer(6, 4, 8))
        .withMessage("dim must be a multiple of heads, got 6 and 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransformerEncoderLayer(6, 2, 0))
        .withMessage("feedForward must be at least 1, got 0");
    Generator g = new Generator(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TransformerEncoderLayer(6, 2, 8, 0.1, null, false, false, g))
        .withMessage("activation of TransformerEncoderLayer is null");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TransformerEncoderLayer(4, 2, 1 << 30, 0, new ReLU(), false, false, g))
        .withMessage("feedForward must be from 1 to 536870911, got 1073741824");
    assertThat(g.random64()).as("nothing was drawn").isEqualTo(new Generator(1).random64());
  }

  private static Tensor half(
      Module layer, Tensor x, boolean normFirst, String norm, String... inner) {
    Tensor y = normFirst ? layer.get(norm).infer(x) : x;
    for (String name : inner) {
      y = layer.get(name).infer(y);
    }
    Tensor sum = Tensor.zeros(x.shape());
    Tensor part = y;
    Arrays.setAll(sum.data(), i -> x.data()[i] + part.data()[i]);
    return normFirst ? sum : layer.get(norm).infer(sum);
  }

  private static boolean isNorm(String name) {
    return name.startsWith("norm");
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
