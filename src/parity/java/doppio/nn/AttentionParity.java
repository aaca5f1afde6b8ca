package doppio.nn;

import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.optim.SGD;
import doppio.parity.Tally;
import doppio.parity.Tally.Bound;
import doppio.parity.Torch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MultiheadAttentionImpl;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.TransformerEncoderLayerImpl;
import org.bytedeco.pytorch.TransformerEncoderLayerOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention and encoder layers of random shapes, their first weights and their training, against
 * libtorch's own modules, which take [t, n, dim], and where it has none (norms first) against its
 * operations.
 */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class AttentionParity {
  private static final int SHAPES = 80;
  private static final int STEPS = 30;
  private static final double RATE = 0.05;

  private final Generator g = new Generator(8);

  @Test
  void attentionOfRandomShapes() {
    Torch.defaultType(ScalarType.Double);
    try {
      for (int i = 0; i < SHAPES; i++) {
        int heads = 1 + below(4);
        int dim = heads * (1 + below(12));
        boolean causal = i % 2 == 0;
        Module ours = spread(new SelfAttention(dim, heads, causal, g));
        int t = 1 + below(i % 10 == 0 ? 150 : 20);
        compare(
            ours, new Theirs(dim, heads), RandomTensors.normal(i, 1 + below(5), t, dim), causal);
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  @Test
  void encoderLayersOfRandomShapesInTrainingAndInEvaluation() {
    Torch.defaultType(ScalarType.Double);
    try {
      for (int i = 0; i < SHAPES; i++) {
        int heads = 1 + below(4);
        int dim = heads * (2 + below(6));
        int feedForward = 1 + below(30);
        boolean causal = i % 2 == 0;
        double dropout = i % 4 < 2 ? 0 : 0.1;
        Module ours =
            spread(
                new TransformerEncoderLayer(
                    dim, heads, feedForward, dropout, new ReLU(), false, causal, g));
        Theirs theirs = new Theirs(dim, heads, feedForward, dropout);
        if (dropout > 0) {
          ours.eval();
          theirs.module.eval();
        }
        Tensor x = RandomTensors.normal(i, 1 + below(4), 1 + below(20), dim);
        compare(ours, theirs, x, causal);
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  @Test
  void encoderLayersWithTheNormsFirst() {
    for (int i = 0; i < SHAPES; i++) {
      int heads = 1 + below(4);
      int dim = heads * (2 + below(6));
      Module activation = i % 3 == 0 ? new Tanh() : new GELU();
      Module ours =
          spread(
              new TransformerEncoderLayer(
                  dim, heads, 1 + below(30), 0, activation, true, i % 2 == 0, g));
      try (PointerScope scope = new PointerScope()) {
        Tensor x = RandomTensors.normal(i, 1 + below(4), 1 + below(20), dim);
        Map<String, Tensor> expected = new LayerTwin(ours, 1).results(x);
        Tally.compare("norms first " + i, LayerResults.of(ours, x), expected, Bound.ONE_PASS);
        Tally.covers(ours);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstWeightsOfASeed(boolean single) {
    Torch.defaultType(single ? ScalarType.Float : ScalarType.Double);
    try (PointerScope scope = new PointerScope()) {
      for (int i = 0; i < 20; i++) {
        int heads = 1 + below(4);
        int dim = heads * (1 + below(12));
        int feedForward = 1 + below(40);
        Generator seed = new Generator(i);
        Generator draws = single ? seed.singlePrecision() : seed;
        manual_seed(i);
        Theirs attention = new Theirs(dim, heads);
        Theirs layer = new Theirs(dim, heads, feedForward, 0.1);
        Module ours = new SelfAttention(dim, heads, false, draws);
        Tally.compare(ours + " of a seed", ours.stateDict(), attention.state(), Bound.BITS);
        Module whole =
            new TransformerEncoderLayer(
                dim, heads, feedForward, 0.1, new ReLU(), false, false, draws);
        Tally.compare("layer of a seed", whole.stateDict(), layer.state(), Bound.BITS);
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void thirtySteps(long seed) {
    Torch.defaultType(ScalarType.Double);
    Generator random = new Generator(seed);
    boolean causal = seed % 2 == 0;
    Module ours =
        seed < 4
            ? new SelfAttention(6, 2, causal, random)
            : new TransformerEncoderLayer(6, 3, 9, 0, new ReLU(), false, causal, random);
    SGD optimizer = new SGD(ours.parameters(), RATE);
    MSE loss = new MSE();
    try (PointerScope scope = new PointerScope()) {
      Theirs theirs = seed < 4 ? new Theirs(6, 2) : new Theirs(6, 3, 9, 0);
      theirs.load(ours.stateDict());
      for (int step = 0; step < STEPS; step++) {
        Tensor x = RandomTensors.normal(100 * seed + step, 4, 7, 6);
        Tensor y = RandomTensors.normal(100 * seed + step + 50, 4, 7, 6);
        optimizer.zeroGrad();
        double value = loss.forward(ours.forward(x), y);
        ours.accumulateGradients(loss.backward());
        optimizer.step();
        theirs.module.zero_grad(true);
        org.bytedeco.pytorch.Tensor expected =
            mse_loss(theirs.forward(Torch.of(x), causal), Torch.of(y));
        expected.backward();
        theirs.step();
        String what = "step " + step + " of seed " + seed;
        Tally.compare(what, Tensor.full(value), Torch.from(expected), Bound.TWO_HUNDRED_STEPS);
        Tally.compare(what, ours.stateDict(), theirs.state(), Bound.TWO_HUNDRED_STEPS);
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  /** libtorch's own module. */
  private static final class Theirs {
    private final org.bytedeco.pytorch.Module module;

    Theirs(int dim, int heads) {
      module = new MultiheadAttentionImpl(dim, heads);
    }

    Theirs(int dim, int heads, int feedForward, double dropout) {
      TransformerEncoderLayerOptions options = new TransformerEncoderLayerOptions(dim, heads);
      options.dim_feedforward().put(feedForward);
      options.dropout().put(dropout);
      module = new TransformerEncoderLayerImpl(options);
    }

    org.bytedeco.pytorch.Tensor forward(org.bytedeco.pytorch.Tensor x, boolean causal) {
      org.bytedeco.pytorch.Tensor none = new org.bytedeco.pytorch.Tensor();
      org.bytedeco.pytorch.Tensor mask = causal ? AttentionTwin.mask((int) x.size(1)) : none;
      org.bytedeco.pytorch.Tensor turned = x.transpose(0, 1);
      org.bytedeco.pytorch.Tensor y =
          module instanceof MultiheadAttentionImpl attention
              ? attention.forward(turned, turned, turned, none, false, mask, true).get0()
              : ((TransformerEncoderLayerImpl) module).forward(turned, mask, none);
      return y.transpose(0, 1);
    }

    Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      each((name, parameter) -> state.put(name, Torch.from(parameter)));
      return state;
    }

    void load(Map<String, Tensor> state) {
      each((name, parameter) -> parameter.detach().copy_(Torch.of(state.get(name))));
    }

    void step() {
      each((name, p) -> p.detach().sub_(p.grad().mul(new Scalar(RATE))));
    }

    Map<String, Tensor> results(Tensor input, boolean causal) {
      Map<String, Tensor> results = new LinkedHashMap<>();
      org.bytedeco.pytorch.Tensor x = Torch.leaf(input);
      org.bytedeco.pytorch.Tensor y = forward(x, causal);
      results.put("output", Torch.from(y));
      Torch.backward(y, Torch.of(LayerResults.outputGradient(input.shape())));
      results.put("input gradient", Torch.gradient(x));
      each((name, p) -> results.put("gradient of " + name, Torch.gradient(p)));
      return results;
    }

    private void each(BiConsumer<String, org.bytedeco.pytorch.Tensor> action) {
      StringTensorDict named = module.named_parameters();
      for (long i = 0; i < named.size(); i++) {
        action.accept(named.keys().get(i).getString(), named.values().get(i));
      }
    }
  }

  private static void compare(Module ours, Theirs theirs, Tensor x, boolean causal) {
    try (PointerScope scope = new PointerScope()) {
      theirs.load(ours.stateDict());
      Map<String, Tensor> expected = theirs.results(x, causal);
      String what = ours.title() + " of " + Arrays.toString(x.shape()) + ",";
      Tally.compare(what, LayerResults.of(ours, x), expected, Bound.ONE_PASS);
      Tally.covers(ours);
    }
  }

  /** Biases and factors of norms that are not 0 and 1. */
  private Module spread(Module module) {
    module.parameters().forEach(p -> g.uniform(p.value().data(), -0.6, 0.6));
    return module;
  }

  private int below(int n) {
    return (int) (g.random32() % n);
  }
}
