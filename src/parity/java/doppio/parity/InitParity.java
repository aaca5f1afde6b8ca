package doppio.parity;

import static org.bytedeco.pytorch.global.torch.kaiming_normal_;
import static org.bytedeco.pytorch.global.torch.kaiming_uniform_;
import static org.bytedeco.pytorch.global.torch.normal_;
import static org.bytedeco.pytorch.global.torch.uniform_;
import static org.bytedeco.pytorch.global.torch.xavier_normal_;
import static org.bytedeco.pytorch.global.torch.xavier_uniform_;

import doppio.Generator;
import doppio.Tensor;
import doppio.golden.NetworkCase;
import doppio.golden.SeededNetwork;
import doppio.nn.Init;
import doppio.nn.Linear;
import doppio.nn.Module;
import doppio.parity.SeedParity.Precision;
import doppio.parity.Tally.Bound;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.FanModeType;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Nonlinearity;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kFanIn;
import org.bytedeco.pytorch.kFanOut;
import org.bytedeco.pytorch.kLeakyReLU;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same seed gives the same weights. */
class InitParity {
  private static final int[][] SHAPES = {
    {1, 1}, {1, 3}, {3, 1}, {2, 2}, {5, 3}, {7, 5}, {64, 7}, {10, 64}, {128, 784}, {300, 100}
  };

  private PointerScope scope;

  @BeforeEach
  void open() {
    scope = new PointerScope();
  }

  @AfterEach
  void close() {
    scope.close();
    Torch.defaultType(ScalarType.Float);
  }

  /** Fills a tensor and returns it. */
  @FunctionalInterface
  private interface Ours {
    Tensor fill(Tensor weight, Generator g);
  }

  /** Fills a tensor of libtorch's. */
  @FunctionalInterface
  private interface Theirs {
    void fill(org.bytedeco.pytorch.Tensor weight);
  }

  @ParameterizedTest
  @EnumSource
  void initialisers(Precision precision) {
    FanModeType in = new FanModeType(new kFanIn());
    FanModeType out = new FanModeType(new kFanOut());
    Nonlinearity leaky = new Nonlinearity(new kLeakyReLU());
    Bound normal = precision.normalBound();
    for (double a : new double[] {0, 0.01, 0.2, 1, Math.sqrt(5)}) {
      compare(
          "kaimingUniform " + a,
          precision,
          Bound.BITS,
          (w, g) -> Init.kaimingUniform(w, a, g),
          w -> kaiming_uniform_(w, a, in, leaky));
      compare(
          "kaimingUniform of the outputs " + a,
          precision,
          Bound.BITS,
          (w, g) -> Init.kaimingUniform(w, a, Init.Fan.OUT, g),
          w -> kaiming_uniform_(w, a, out, leaky));
      compare(
          "kaimingNormal of the outputs " + a,
          precision,
          normal,
          (w, g) -> Init.kaimingNormal(w, a, Init.Fan.OUT, g),
          w -> kaiming_normal_(w, a, out, leaky));
      compare(
          "kaimingNormal " + a,
          precision,
          normal,
          (w, g) -> Init.kaimingNormal(w, a, g),
          w -> kaiming_normal_(w, a, in, leaky));
    }
    for (double gain : new double[] {1, 5.0 / 3, Math.sqrt(2)}) {
      compare(
          "xavierUniform " + gain,
          precision,
          Bound.BITS,
          (w, g) -> Init.xavierUniform(w, gain, g),
          w -> xavier_uniform_(w, gain));
      compare(
          "xavierNormal " + gain,
          precision,
          normal,
          (w, g) -> Init.xavierNormal(w, gain, g),
          w -> xavier_normal_(w, gain));
    }
    compare(
        "uniform",
        precision,
        Bound.BITS,
        (w, g) -> Init.uniform(w, -0.3, 0.7, g),
        w -> uniform_(w, -0.3, 0.7));
    compare(
        "normal",
        precision,
        normal,
        (w, g) -> Init.normal(w, 0.1, 0.02, g),
        w -> normal_(w, 0.1, 0.02));
    compare(
        "truncatedNormal",
        precision,
        normal,
        (w, g) -> Init.truncatedNormal(w, 0.1, 0.02, 0.05, 0.14, g),
        w -> truncatedNormal(w, 0.1, 0.02, 0.05, 0.14));
  }

  /** What {@code torch.nn.init.trunc_normal_} does, which libtorch lacks. */
  private static void truncatedNormal(
      org.bytedeco.pytorch.Tensor w, double mean, double std, double low, double high) {
    uniform_(w, 2 * cdf((low - mean) / std) - 1, 2 * cdf((high - mean) / std) - 1);
    w.erfinv_();
    w.mul_(new Scalar(std * Math.sqrt(2)));
    w.add_(new Scalar(mean));
    w.clamp_(new ScalarOptional(new Scalar(low)), new ScalarOptional(new Scalar(high)));
  }

  private static double cdf(double z) {
    return (1 + torch.erf(Torch.of(Tensor.full(z / Math.sqrt(2)))).item_double()) / 2;
  }

  private static void compare(
      String what, Precision precision, Bound bound, Ours ours, Theirs theirs) {
    for (int[] shape : SHAPES) {
      int size = shape[0] * shape[1];
      TorchGenerator t = precision.torch(size);
      org.bytedeco.pytorch.Tensor w = Torch.uninitialised(precision.type(), shape[0], shape[1]);
      theirs.fill(w);
      Generator g = precision.generator(size);
      Tally.compare(what, ours.fill(Tensor.zeros(shape), g), Torch.from(w), bound);
      t.compareNext(what, g);
    }
  }

  @ParameterizedTest
  @EnumSource
  void linears(Precision precision) {
    Torch.defaultType(precision.type());
    for (int[] shape : SHAPES) {
      for (boolean bias : new boolean[] {true, false}) {
        torch.manual_seed(shape[0]);
        LinearOptions options = new LinearOptions(shape[1], shape[0]);
        options.bias().put(bias);
        Map<String, Tensor> theirs = state(new LinearImpl(options), bias);
        Generator g = precision.generator(shape[0]);
        Map<String, Tensor> ours = new Linear(shape[1], shape[0], bias, g).stateDict();
        Tally.compare("Linear " + precision, ours, theirs, Bound.BITS);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SIGMOID", "RELU"})
  void theNetworkOfSeed66InSinglePrecision(NetworkCase network) {
    Module ours = SeededNetwork.build(network);
    TorchSeededNetwork theirs = new TorchSeededNetwork(network);
    Tally.compare("seed 66,", ours.stateDict(), theirs.state(), Bound.BITS);
    Tensor x = SeededNetwork.inputs();
    Tally.compare("seed 66", ours.infer(x), theirs.infer(x), Bound.SINGLE_PRECISION);
  }

  private static Map<String, Tensor> state(LinearImpl linear, boolean bias) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("weight", Torch.from(linear.weight()));
    if (bias) {
      state.put("bias", Torch.from(linear.bias()));
    }
    return state;
  }
}
