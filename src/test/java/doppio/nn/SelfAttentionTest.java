package doppio.nn;

import static doppio.TensorAssertions.assertClose;
import static doppio.TensorAssertions.assertSame;
import static doppio.TensorAssertions.assertShapeException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfAttentionTest {
  private static final int SHAPES = 240;

  /** With identities for projections, the scores of the steps (1, 0) and (0, 2) are 1, 0, 0, 4. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStepGathersAllOrThoseUpToItself(boolean causal) {
    SelfAttention attention = identity(causal);
    double own = Math.exp(1 / Math.sqrt(2));
    double second = Math.exp(4 / Math.sqrt(2));
    double p = causal ? 1 : own / (own + 1);
    double q = second / (second + 1);
    assertThat(attention.forward(Tensor.of(new double[][] {{1, 0}, {0, 2}})).data())
        .containsExactly(new double[] {p, 2 * (1 - p), 1 - q, 2 * q}, within(1e-15));
  }

  /** Of the outputs' sum, through the weight q of the second step alone: dq/ds = q (1 − q). */
  @Test
  void gradientsAreThoseWorkedByHand() {
    SelfAttention attention = identity(true);
    attention.forward(Tensor.of(new double[][] {{1, 0}, {0, 2}}));
    double second = Math.exp(4 / Math.sqrt(2));
    double q = second / (second + 1);
    double slope = q * (1 - q) / Math.sqrt(2);
    Tensor gx = attention.backward(Tensor.of(new double[][] {{0, 0}, {1, 1}}));
    // The second output is (1 − q) (1, 0) + q (0, 2), its sum 1 + q; s₂₂ = x₂·x₂/√2, s₂₁ =
    // x₂·x₁/√2.
    assertThat(gx.data())
        .containsExactly(
            new double[] {
              1 - q, 1 - q - 2 * slope, q - slope, q + 4 * slope,
            },
            within(1e-15));
    assertThat(attention.get("out_proj").parameters().get(1).grad().data()).containsExactly(1, 1);
  }

  @Test
  void outputsAreThoseOfTheFormulaOnRandomShapes() {
    Generator random = new Generator(3);
    for (int i = 0; i < SHAPES; i++) {
      int heads = 1 + below(random, 4);
      int dim = heads * (1 + below(random, 9));
      boolean causal = i % 2 == 0;
      SelfAttention attention = randomised(dim, heads, causal, random);
      int n = below(random, 4);
      int t = 1 + below(random, i % 20 == 0 ? 200 : 12);
      Tensor x = RandomTensors.normal(i, n, t, dim);
      Tensor y = attention.infer(x);
      assertClose(y, Tensor.wrap(formula(attention, dim, x), y.shape()));
      assertSame(attention.forward(x), y);
    }
  }

  @Test
  @Tag("once")
  void gradientsAreRightOnRandomShapes() {
    Generator random = new Generator(4);
    for (int i = 0; i < SHAPES; i++) {
      int heads = 1 + below(random, 3);
      int dim = heads * (1 + below(random, 4));
      SelfAttention attention = randomised(dim, heads, i % 2 == 0, random);
      int t = 1 + below(random, 7);
      int[] shape = i % 5 == 0 ? new int[] {t, dim} : new int[] {1 + below(random, 3), t, dim};
      GradientCheck.check(attention, RandomTensors.normal(i, shape));
    }
    GradientCheck.check(randomised(4, 2, true, random), RandomTensors.normal(1, 1, 70, 4));
    GradientCheck.check(randomised(4, 2, false, random), RandomTensors.normal(2, 1, 130, 4));
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "6, 3", "20, 2", "600, 2"})
  void causalOutputsAreTheFirstOfALongerSequenceToTheBit(int dim, int heads) {
    SelfAttention attention = randomised(dim, heads, true, new Generator(dim));
    int longest = dim == 4 ? 530 : 140;
    Tensor x = RandomTensors.normal(7, longest, dim);
    double[] y = attention.infer(x).data();
    for (int t = 1; t <= longest; t += t < 70 ? 1 : 31) {
      double[] first = attention.infer(first(x, t)).data();
      assertThat(first).as("of %d steps", t).isEqualTo(Arrays.copyOf(y, t * dim));
    }
  }

  /** Nothing that a later step holds, NaN and the like included, reaches an earlier output. */
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, -1e200})
  void laterStepsAreLeftOut(double value) {
    int dim = 6;
    SelfAttention attention = randomised(dim, 3, true, new Generator(1));
    for (int t : new int[] {2, 5, 64, 65, 150}) {
      for (int from : new int[] {1, t / 2, t - 1}) {
        Tensor x = RandomTensors.normal(t, t, dim);
        double[] expected = Arrays.copyOf(attention.infer(x).data(), from * dim);
        Arrays.fill(x.data(), from * dim, t * dim, value);
        assertThat(Arrays.copyOf(attention.infer(x).data(), from * dim))
            .as("%d of %d steps", from, t)
            .isEqualTo(expected);
        assertThat(Arrays.copyOf(attention.forward(x).data(), from * dim)).isEqualTo(expected);
      }
    }
  }

  /** A weight so small that its product with a value vanishes leaves a zero of either sign. */
  @Test
  void aZeroHasTheSameSignWhateverComesLater() {
    SelfAttention attention = identity(true);
    Tensor x = Tensor.of(new double[][] {{-0.0, -1e-320}, {30, 5}, {-1e-310, -0.0}, {3, 4}});
    double[] y = attention.infer(x).data();
    for (int t = 1; t < 4; t++) {
      assertThat(attention.infer(first(x, t)).data()).isEqualTo(Arrays.copyOf(y, 2 * t));
    }
  }

  @Test
  void aSequenceHasTheBitsOfItsBatch() {
    SelfAttention attention = randomised(12, 2, false, new Generator(2));
    Tensor x = RandomTensors.normal(1, 5, 33, 12);
    Tensor y = attention.forward(x);
    Tensor gy = RandomTensors.normal(2, 5, 33, 12);
    double[] gx = attention.backward(gy).data();
    for (int i = 0; i < 5; i++) {
      int from = i * 33 * 12;
      Tensor one = Tensor.wrap(Arrays.copyOfRange(x.data(), from, from + 33 * 12), 33, 12);
      double[] expected = Arrays.copyOfRange(y.data(), from, from + 33 * 12);
      assertThat(attention.forward(one).data()).isEqualTo(expected);
      Tensor g = Tensor.wrap(Arrays.copyOfRange(gy.data(), from, from + 33 * 12), 33, 12);
      assertThat(attention.backward(g).data())
          .isEqualTo(Arrays.copyOfRange(gx, from, from + 33 * 12));
    }
  }

  /** As {@code torch.manual_seed(7)} and {@code MultiheadAttention(4, 2)} of PyTorch 1.13 do. */
  @Test
  void aSeedGivesPyTorchsWeights() {
    SelfAttention attention = new SelfAttention(4, 2, false, new Generator(7));
    Map<String, Tensor> state = attention.stateDict();
    assertThat(state.keySet())
        .containsExactly("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias");
    assertThat(Arrays.copyOf(state.get("in_proj_weight").data(), 3))
        .containsExactly(0.5195270662526112, 0.4472820485491936, 0.19633285666186226);
    assertThat(state.get("in_proj_weight").get(11, 3)).isEqualTo(-0.05050731260001797);
    assertThat(Arrays.copyOf(state.get("out_proj.weight").data(), 3))
        .containsExactly(-0.22061957009359598, -0.22630628634823433, 0.3620929614176254);
    assertThat(state.get("out_proj.weight").get(3, 3)).isEqualTo(0.3475435705335523);
    assertThat(state.get("in_proj_bias").data()).containsOnly(0).hasSize(12);
    assertThat(state.get("out_proj.bias").data()).containsOnly(0).hasSize(4);
    Tensor x = Tensor.zeros(2, 3, 4);
    Arrays.setAll(x.data(), i -> i / 10.0 - 1);
    assertThat(Arrays.copyOf(attention.infer(x).data(), 5))
        .containsExactly(
            new double[] {
              0.061473975469079296,
              -0.2649552964986822,
              -0.06810611429299993,
              0.6094281173394873,
              0.07136909228909695
            },
            within(1e-15));
  }

  /** With one step and identities the output is the step, kept or dropped by heads. */
  @Test
  void dropoutDropsWeightsInTrainingAlone() {
    SelfAttention attention = new SelfAttention(200, 200, 0.25, false, new Generator(1));
    toIdentity(attention, 200);
    Tensor x = Tensor.full(1, 5, 1, 200);
    double[] y = attention.forward(x).data();
    assertThat(y).containsOnly(0, 1 / 0.75);
    assertThat(Arrays.stream(y).filter(v -> v == 0).count()).isBetween(200L, 300L);
    double[] gx = attention.backward(Tensor.full(1, 5, 1, 200)).data();
    assertThat(gx).containsExactly(y);
    assertThat(attention.infer(x).data()).containsOnly(1);
    assertThat(attention.eval().forward(x).data()).containsOnly(1);
    assertThat(attention.namedGenerators()).hasSize(1);
    assertThat(new SelfAttention(4, 2).namedGenerators()).isEmpty();
  }

  @Test
  void frozenProjectionsGetNoGradient() {
    SelfAttention attention = randomised(4, 2, false, new Generator(1));
    List<Parameter> parameters = attention.parameters();
    parameters.subList(0, 2).forEach(p -> p.frozen(true));
    attention.forward(RandomTensors.normal(1, 2, 3, 4));
    attention.accumulateGradients(RandomTensors.normal(2, 2, 3, 4));
    assertThat(parameters.stream().map(Parameter::hasGradient))
        .containsExactly(false, false, true, true);
  }

  @Test
  void settingsMakeTheSameAgain() {
    SelfAttention attention = new SelfAttention(6, 3, 0.5, true, new Generator(1));
    assertThat(attention.describe().settings())
        .isEqualTo(Map.of("embedDim", 6, "numHeads", 3, "dropout", 0.5, "causal", true));
    assertThat(attention).hasToString("SelfAttention(6, heads 3, dropout 0.5, causal)");
    SelfAttention copy = (SelfAttention) attention.copy();
    assertThat(copy.heads()).isEqualTo(3);
    assertThat(copy.isCausal()).isTrue();
    assertThat(copy.dropout()).isEqualTo(0.5);
    assertThat(new SelfAttention(2, 1)).hasToString("SelfAttention(2, heads 1)");
  }

  @Test
  void whatFitsNoHeadsIsRefusedBeforeAnythingIsDrawn() {
    Generator generator = new Generator(5);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put(
        "dim must be a multiple of heads, got 8 and 3",
        () -> new SelfAttention(8, 3, false, generator));
    calls.put("dim must be at least 1, got 0", () -> new SelfAttention(0, 1, false, generator));
    calls.put(
        "dim must be from 1 to 26754, got 40000",
        () -> new SelfAttention(40_000, 1, false, generator));
    calls.put("heads must be at least 1, got -2", () -> new SelfAttention(8, -2, true, generator));
    calls.put(
        "dropout must be in [0, 1), got 1.0", () -> new SelfAttention(8, 2, 1, true, generator));
    calls.forEach(
        (message, call) ->
            assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message));
    assertThat(generator.state()).containsExactly(new Generator(5).state());
  }

  /** 64 queries' scores, three times on the way back, and of dropout one bit for each weight. */
  @Test
  void sequencesTooLongForAnArrayAreRefusedBeforeAnythingIsDrawn() {
    Generator generator = new Generator(5);
    SelfAttention attention = new SelfAttention(1, 1, 0.5, false, generator);
    long[] state = generator.state();
    String message =
        "SelfAttention(1, heads 1, dropout 0.5): sequences of %s steps need an array of more"
            + " elements than there can be";
    assertShapeException(
        () -> attention.infer(Tensor.zeros(12_000_000, 1)), message.formatted("12000000"));
    assertShapeException(
        () -> attention.forward(Tensor.zeros(1, 50_000, 1)), message.formatted("50000"));
    assertThat(generator.state()).containsExactly(state);
    assertThat(attention.infer(Tensor.zeros(0, 12_000_000, 1)).size()).isZero();
  }

  @Test
  void projectionsThatDoNotFitEachOtherAreRefused() {
    projectionsAreRefused(
        "in_proj_weight Parameter[12, 4], in_proj_bias Parameter[4], out_proj Linear(4 → 4)",
        new Linear(4, 4),
        Tensor.zeros(12, 4),
        Tensor.zeros(4));
    projectionsAreRefused(
        "in_proj_weight Parameter[4, 12], in_proj_bias Parameter[12], out_proj Linear(4 → 4)",
        new Linear(4, 4),
        Tensor.zeros(4, 12),
        Tensor.zeros(12));
    projectionsAreRefused(
        "in_proj_weight Parameter[12, 4], in_proj_bias Parameter[12], out_proj Linear(4 → 3)",
        new Linear(4, 3),
        Tensor.zeros(12, 4),
        Tensor.zeros(12));
  }

  @Test
  void aProjectionOfAnotherClassIsRefused() {
    Parts own = Parts.of(new SelfAttention(4, 2));
    Map<String, Module> children = Map.of("out_proj", new Tanh());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SelfAttention(
                    new Parts(own.settings(), Map.of(), own.buffers(), children, own.generators())))
        .withMessage("child out_proj must be a Linear, got Tanh()");
  }

  private static void projectionsAreRefused(String listed, Linear out, Tensor weight, Tensor bias) {
    Parts own = Parts.of(new SelfAttention(4, 2));
    Map<String, Parameter> parameters =
        Map.of("in_proj_weight", new Parameter(weight), "in_proj_bias", new Parameter(bias));
    Parts parts =
        new Parts(
            own.settings(), parameters, own.buffers(), Map.of("out_proj", out), own.generators());
    assertThatThrownBy(() -> new SelfAttention(parts))
        .isInstanceOf(ShapeException.class)
        .hasMessage("the projections of a SelfAttention(4, heads 2) do not fit: " + listed);
  }

  /** softmax(q kᵀ / √w) v for each head, as the paper has it. */
  private static double[] formula(SelfAttention attention, int dim, Tensor x) {
    Map<String, Tensor> state = attention.stateDict();
    int heads = attention.heads();
    int w = dim / heads;
    int n = x.dim(0);
    int t = x.dim(1);
    double[] y = new double[n * t * dim];
    for (int s = 0; s < n; s++) {
      double[][] qkv = new double[t][];
      for (int i = 0; i < t; i++) {
        double[] row = Arrays.copyOfRange(x.data(), (s * t + i) * dim, (s * t + i + 1) * dim);
        qkv[i] = affine(state.get("in_proj_weight"), state.get("in_proj_bias"), row);
      }
      for (int i = 0; i < t; i++) {
        double[] mixed = new double[dim];
        for (int h = 0; h < heads; h++) {
          int seen = attention.isCausal() ? i + 1 : t;
          double[] p = new double[seen];
          double sum = 0;
          for (int j = 0; j < seen; j++) {
            double score = 0;
            for (int c = h * w; c < (h + 1) * w; c++) {
              score += qkv[i][c] * qkv[j][dim + c];
            }
            p[j] = Math.exp(score / Math.sqrt(w));
            sum += p[j];
          }
          for (int j = 0; j < seen; j++) {
            for (int c = h * w; c < (h + 1) * w; c++) {
              mixed[c] += p[j] / sum * qkv[j][2 * dim + c];
            }
          }
        }
        double[] row = affine(state.get("out_proj.weight"), state.get("out_proj.bias"), mixed);
        System.arraycopy(row, 0, y, (s * t + i) * dim, dim);
      }
    }
    return y;
  }

  private static double[] affine(Tensor weight, Tensor bias, double[] x) {
    double[] y = bias.data().clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight.get(o, i) * x[i];
      }
    }
    return y;
  }

  private static SelfAttention identity(boolean causal) {
    SelfAttention attention = new SelfAttention(2, 1, causal, new Generator(1));
    toIdentity(attention, 2);
    return attention;
  }

  private static void toIdentity(SelfAttention attention, int dim) {
    Map<String, Tensor> state = attention.stateDict();
    Tensor in = state.get("in_proj_weight").fill(0);
    Tensor out = state.get("out_proj.weight").fill(0);
    for (int i = 0; i < dim; i++) {
      out.set(1, i, i);
      for (int part = 0; part < 3; part++) {
        in.set(1, part * dim + i, i);
      }
    }
  }

  private static SelfAttention randomised(int dim, int heads, boolean causal, Generator random) {
    SelfAttention attention = new SelfAttention(dim, heads, causal, random);
    attention.parameters().forEach(p -> random.uniform(p.value().data(), -0.7, 0.7));
    return attention;
  }

  private static Tensor first(Tensor x, int steps) {
    int dim = x.dim(1);
    return Tensor.wrap(Arrays.copyOf(x.data(), steps * dim), steps, dim);
  }

  private static int below(Generator random, int n) {
    return (int) (random.random32() % n);
  }
}
