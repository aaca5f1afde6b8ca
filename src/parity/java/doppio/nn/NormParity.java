package doppio.nn;

import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.mse_loss;
import static org.bytedeco.pytorch.global.torch.relu;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.loss.MSE;
import doppio.optim.SGD;
import doppio.parity.Tally;
import doppio.parity.Torch;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thirty steps of networks that normalise: losses, parameters and running statistics. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class NormParity {
  private static final int STEPS = 30;
  private static final double RATE = 0.05;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void trainingMovesRunningStatisticsAlike(long seed) {
    Generator g = new Generator(seed);
    int width = 2 + (int) (g.random32() % 9);
    Sequential model =
        new Sequential(
            new Linear(5, width, g),
            new BatchNorm1d(width),
            new ReLU(),
            new Linear(width, width, g),
            new LayerNorm(width),
            new GELU(),
            new Linear(width, 2, g));
    SGD optimizer = new SGD(model.parameters(), RATE);
    MSE loss = new MSE();
    try (PointerScope scope = new PointerScope()) {
      IdentityHashMap<Parameter, Tensor> leaves = new IdentityHashMap<>();
      IdentityHashMap<doppio.Tensor, Tensor> buffers = new IdentityHashMap<>();
      model.parameters().forEach(p -> leaves.put(p, Torch.leaf(p.value())));
      model.namedBuffers().values().forEach(b -> buffers.put(b, Torch.of(b)));
      for (int step = 0; step < STEPS; step++) {
        int rows = 2 + (int) (g.random32() % 30);
        doppio.Tensor x = RandomTensors.normal(100 * seed + step, rows, 5);
        doppio.Tensor y = RandomTensors.normal(100 * seed + step + 50, rows, 2);
        optimizer.zeroGrad();
        double value = loss.forward(model.forward(x), y);
        model.accumulateGradients(loss.backward());
        optimizer.step();

        Tensor expected = mse_loss(forward(model, Torch.of(x), leaves, buffers), Torch.of(y));
        expected.backward();
        String what = "step " + step + " of seed " + seed;
        Tally.compare(
            what, doppio.Tensor.full(value), Torch.from(expected), Tally.Bound.TWO_HUNDRED_STEPS);
        leaves.replaceAll(
            (p, leaf) ->
                leaf.detach().sub(leaf.grad().mul(new Scalar(RATE))).set_requires_grad(true));
        compare(what, model, leaves, buffers);
      }
    }
  }

  private static void compare(
      String what,
      Module model,
      Map<Parameter, Tensor> leaves,
      Map<doppio.Tensor, Tensor> buffers) {
    Map<String, doppio.Tensor> actual = new LinkedHashMap<>();
    Map<String, doppio.Tensor> expected = new LinkedHashMap<>();
    model
        .namedParameters()
        .forEach(
            (name, p) -> {
              actual.put(name, p.value());
              expected.put(name, Torch.from(leaves.get(p)));
            });
    model
        .namedBuffers()
        .forEach(
            (name, b) -> {
              // libtorch's function leaves the counting to the module around it.
              if (!name.endsWith("num_batches_tracked")) {
                actual.put(name, b);
                expected.put(name, Torch.from(buffers.get(b)));
              }
            });
    Tally.compare(what, actual, expected, Tally.Bound.TWO_HUNDRED_STEPS);
  }

  private static Tensor forward(
      Sequential model,
      Tensor x,
      Map<Parameter, Tensor> leaves,
      Map<doppio.Tensor, Tensor> buffers) {
    Tensor y = x;
    for (Module m : model.children().values()) {
      if (m instanceof Linear l) {
        y = linear(y, leaves.get(l.weight()), new TensorOptional(leaves.get(l.bias())));
      } else if (m instanceof ReLU) {
        y = relu(y);
      } else if (m instanceof GELU) {
        y = gelu(y);
      } else {
        y = NormTwin.forward(m, y, leaves::get, buffers::get);
      }
    }
    return y;
  }
}
