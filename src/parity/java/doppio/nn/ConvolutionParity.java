package doppio.nn;

import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import doppio.Generator;
import doppio.RandomTensors;
import doppio.ShapeException;
import doppio.Tensor;
import doppio.loss.MSE;
import doppio.optim.SGD;
import doppio.parity.Tally;
import doppio.parity.Tally.Bound;
import doppio.parity.Torch;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Conv1dImpl;
import org.bytedeco.pytorch.Conv1dOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions and pools of random shapes, first weights and training, against libtorch. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class ConvolutionParity {
  private static final int SHAPES = 600;
  private static final int STEPS = 30;
  private static final double RATE = 0.05;

  private final Generator g = new Generator(8);

  @Test
  void imagesOfRandomShapes() {
    for (int i = 0; i < SHAPES; i++) {
      int groups = 1 + below(3);
      Window window =
          Window.of(1 + below(4), 1 + below(4))
              .stride(1 + below(3), 1 + below(3))
              .padding(below(3), below(3))
              .dilation(1 + below(2), 1 + below(3));
      int in = groups * (1 + below(9));
      Conv2d conv = new Conv2d(in, groups * (1 + below(9)), window, groups, i % 3 > 0, g);
      compare(conv, shape(i, in, 1 + below(20), 1 + below(20)));
    }
  }

  @Test
  void sequencesOfRandomShapes() {
    for (int i = 0; i < SHAPES; i++) {
      int groups = 1 + below(3);
      Window window =
          Window.of(1 + below(5)).stride(1 + below(3)).padding(below(3)).dilation(1 + below(3));
      int in = groups * (1 + below(9));
      Conv1d conv = new Conv1d(in, groups * (1 + below(9)), window, groups, i % 3 > 0, g);
      compare(conv, shape(i, in, 1 + below(60)));
    }
  }

  @Test
  void poolsOfRandomShapes() {
    for (int i = 0; i < SHAPES; i++) {
      int height = 1 + below(5);
      int width = 1 + below(5);
      Window window =
          Window.of(height, width)
              .stride(1 + below(4), 1 + below(4))
              .padding(below(height / 2 + 1), below(width / 2 + 1))
              .ceilMode(i % 2 == 0);
      int[] shape = shape(i, 1 + below(4), 1 + below(14), 1 + below(14));
      compare(new AvgPool2d(window, i % 3 > 0), shape);
      // A dilated window may see nothing but padding; libtorch gives its gradient to another row.
      Window dilated = window.padding(0).dilation(1 + below(2), 1 + below(3));
      compare(new MaxPool2d(i % 4 < 2 ? window : dilated), shape);
    }
  }

  /** A batch, or one image or sequence. */
  private int[] shape(int i, int... single) {
    if (i % 5 == 0) {
      return single;
    }
    int[] batch = new int[single.length + 1];
    batch[0] = 1 + below(6);
    System.arraycopy(single, 0, batch, 1, single.length);
    return batch;
  }

  private static void compare(Layer layer, int... shape) {
    try {
      layer.outputShape(shape);
    } catch (ShapeException e) {
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor x = RandomTensors.normal(shape.length + shape[0], shape);
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
      for (int i = 0; i < 60; i++) {
        int groups = 1 + below(2);
        int in = groups * (1 + below(20));
        int out = groups * (1 + below(20));
        int height = 1 + below(5);
        int width = 1 + below(5);
        boolean bias = i % 3 > 0;
        Generator seed = new Generator(i);
        Generator draws = single ? seed.singlePrecision() : seed;
        manual_seed(i);
        if (i % 2 == 0) {
          Conv2dOptions options =
              new Conv2dOptions(in, out, new LongPointer(new long[] {height, width}));
          options.groups().put(groups);
          options.bias().put(bias);
          Conv2dImpl theirs = new Conv2dImpl(options);
          Conv2d ours = new Conv2d(in, out, Window.of(height, width), groups, bias, draws);
          compare(ours, theirs.weight(), bias ? theirs.bias() : null);
        } else {
          Conv1dOptions options = new Conv1dOptions(in, out, new LongPointer(new long[] {width}));
          options.groups().put(groups);
          options.bias().put(bias);
          Conv1dImpl theirs = new Conv1dImpl(options);
          Conv1d ours = new Conv1d(in, out, Window.of(width), groups, bias, draws);
          compare(ours, theirs.weight(), bias ? theirs.bias() : null);
        }
      }
    } finally {
      Torch.defaultType(ScalarType.Float);
    }
  }

  private static void compare(
      Module ours, org.bytedeco.pytorch.Tensor weight, org.bytedeco.pytorch.Tensor bias) {
    Map<String, Tensor> theirs = new LinkedHashMap<>();
    theirs.put("weight", Torch.from(weight));
    if (bias != null) {
      theirs.put("bias", Torch.from(bias));
    }
    Tally.compare(ours + " of a seed", ours.stateDict(), theirs, Bound.BITS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void thirtySteps(long seed) {
    Generator random = new Generator(seed);
    Sequential model =
        new Sequential(
            new Conv2d(2, 4, Window.of(3).padding(1), random),
            new Tanh(),
            new Conv2d(4, 3, Window.of(2).stride(2), random));
    SGD optimizer = new SGD(model.parameters(), RATE);
    MSE loss = new MSE();
    try (PointerScope scope = new PointerScope()) {
      IdentityHashMap<Parameter, org.bytedeco.pytorch.Tensor> leaves = new IdentityHashMap<>();
      model.parameters().forEach(p -> leaves.put(p, Torch.leaf(p.value())));
      for (int step = 0; step < STEPS; step++) {
        Tensor x = RandomTensors.normal(100 * seed + step, 5, 2, 6, 8);
        Tensor y = RandomTensors.normal(100 * seed + step + 50, 5, 3, 3, 4);
        optimizer.zeroGrad();
        loss.forward(model.forward(x), y);
        model.accumulateGradients(loss.backward());
        optimizer.step();
        org.bytedeco.pytorch.Tensor prediction = Torch.of(x);
        for (Module m : model.children().values()) {
          prediction =
              m instanceof Tanh
                  ? prediction.tanh()
                  : ConvolutionTwin.forward(m, prediction, leaves::get);
        }
        mse_loss(prediction, Torch.of(y)).backward();
        leaves.replaceAll(
            (p, leaf) ->
                leaf.detach().sub(leaf.grad().mul(new Scalar(RATE))).set_requires_grad(true));
        String what = "step " + step + " of seed " + seed + ",";
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
