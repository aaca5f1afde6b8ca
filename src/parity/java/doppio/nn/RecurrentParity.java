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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GRUImpl;
import org.bytedeco.pytorch.GRUOptions;
import org.bytedeco.pytorch.LSTMImpl;
import org.bytedeco.pytorch.LSTMOptions;
import org.bytedeco.pytorch.RNNImpl;
import org.bytedeco.pytorch.RNNOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers and causal convolutions of random shapes, their first weights and training. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class RecurrentParity {
  private static final int SHAPES = 100;
  private static final int STEPS = 30;
  private static final double RATE = 0.05;

  private final Generator g = new Generator(8);

  @ParameterizedTest
  @EnumSource
  void layersOfRandomShapes(RecurrentTest.Kind kind) {
    for (int i = 0; i < SHAPES; i++) {
      int in = 1 + below(40);
      Recurrent layer = kind.of(in, 1 + below(40), 1 + below(3), i % 2 == 0, g);
      compare(layer, in, i);
    }
  }

  @Test
  void causalConvolutionsOfRandomShapes() {
    for (int i = 0; i < SHAPES; i++) {
      int in = 1 + below(20);
      compare(new CausalConv1d(in, 1 + below(20), 1 + below(5), 1 + below(4), g), in, i);
    }
  }

  private void compare(Layer layer, int in, int i) {
    int steps = 1 + below(30);
    try (PointerScope scope = new PointerScope()) {
      Tensor x =
          i % 5 == 0
              ? RandomTensors.normal(i, steps, in)
              : RandomTensors.normal(i, 1 + below(40), steps, in);
      Map<String, Tensor> expected = new LayerTwin(layer, 1).results(x);
      Tally.compare(layer.toString(), LayerResults.of(layer, x), expected, Bound.ONE_PASS);
      Tally.covers(layer);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void firstWeightsOfASeed(boolean single) {
    Torch.defaultType(single ? ScalarType.Float : ScalarType.Double);
    try (PointerScope scope = new PointerScope()) {
      for (RecurrentTest.Kind kind : RecurrentTest.Kind.values()) {
        for (int i = 0; i < 20; i++) {
          int in = 1 + below(30);
          int hidden = 1 + below(30);
          int layers = 1 + below(3);
          boolean both = i % 2 == 0;
          Generator seed = new Generator(i);
          Recurrent ours =
              kind.of(in, hidden, layers, both, single ? seed.singlePrecision() : seed);
          manual_seed(i);
          TensorVector theirs = weights(kind, in, hidden, layers, both);
          Map<String, Tensor> expected = new LinkedHashMap<>();
          for (String name : ours.stateDict().keySet()) {
            expected.put(name, Torch.from(theirs.get(expected.size())));
          }
          Tally.compare(ours + " of a seed", ours.stateDict(), expected, Bound.BITS);
        }
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  private static TensorVector weights(
      RecurrentTest.Kind kind, int in, int hidden, int layers, boolean both) {
    switch (kind) {
      case RNN -> {
        RNNOptions options = new RNNOptions(in, hidden);
        options.num_layers().put(layers);
        options.bidirectional().put(both);
        return new RNNImpl(options).all_weights();
      }
      case GRU -> {
        GRUOptions options = new GRUOptions(in, hidden);
        options.num_layers().put(layers);
        options.bidirectional().put(both);
        return new GRUImpl(options).all_weights();
      }
      default -> {
        LSTMOptions options = new LSTMOptions(in, hidden);
        options.num_layers().put(layers);
        options.bidirectional().put(both);
        return new LSTMImpl(options).all_weights();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void thirtySteps(RecurrentTest.Kind kind) {
    for (long seed = 1; seed <= 4; seed++) {
      Generator random = new Generator(seed);
      Recurrent layer = kind.of(4, 6, 2, seed % 2 == 0, random);
      int width = layer.isBidirectional() ? 12 : 6;
      Linear head = new Linear(width, 2, random);
      train(new Sequential(layer, new LastStep(), head), layer, head, seed);
    }
  }

  private static void train(Sequential model, Recurrent layer, Linear head, long seed) {
    SGD optimizer = new SGD(model.parameters(), RATE);
    MSE loss = new MSE();
    try (PointerScope scope = new PointerScope()) {
      IdentityHashMap<Parameter, org.bytedeco.pytorch.Tensor> leaves = new IdentityHashMap<>();
      model.parameters().forEach(p -> leaves.put(p, Torch.leaf(p.value())));
      for (int step = 0; step < STEPS; step++) {
        Tensor x = RandomTensors.normal(100 * seed + step, 5, 1 + step, 4);
        Tensor y = RandomTensors.normal(100 * seed + step + 50, 5, 2);
        optimizer.zeroGrad();
        loss.forward(model.forward(x), y);
        model.accumulateGradients(loss.backward());
        optimizer.step();
        org.bytedeco.pytorch.Tensor all =
            SequenceTwin.recurrent(layer, Torch.of(x), leaves::get).select(-2, -1);
        org.bytedeco.pytorch.Tensor prediction =
            torch.linear(
                all, leaves.get(head.weight()), new TensorOptional(leaves.get(head.bias())));
        mse_loss(prediction, Torch.of(y)).backward();
        leaves.replaceAll(
            (p, leaf) ->
                leaf.detach().sub(leaf.grad().mul(new Scalar(RATE))).set_requires_grad(true));
        String what = "step " + step + " of seed " + seed + " of " + layer + ",";
        model
            .namedParameters()
            .forEach(
                (name, p) ->
                    Tally.compare(
                        what + " " + name,
                        p.value(),
                        Torch.from(leaves.get(p)),
                        Bound.TWO_HUNDRED_STEPS));
      }
    }
  }

  private int below(int n) {
    return (int) (g.random32() % n);
  }
}
