package doppio.parity;

import doppio.Tensor;
import doppio.golden.SeedDraws;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The draws of {@link SeedDraws} by libtorch. */
final class TorchSeedDraws {
  private TorchSeedDraws() {}

  static Map<String, Tensor> exact() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int[] shape : SeedDraws.linears()) {
      String name = shape[1] + " to " + shape[0];
      put(draws, "Linear double " + name, linear(shape, ScalarType.Double));
      put(draws, "Linear single " + name, linear(shape, ScalarType.Float));
    }
    draws.put("permutation", Tensor.of(torch(ScalarType.Double).permutation(50)));
    draws.put("mask", Tensor.of(torch(ScalarType.Double).bernoulli(50, 0.3)));
    draws.put("normal single 15", Tensor.of(torch(ScalarType.Float).normal(15, 0.5, 2)));
    return draws;
  }

  static Map<String, Tensor> close() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int n : new int[] {15, 16, 35}) {
      draws.put("normal double " + n, Tensor.of(torch(ScalarType.Double).normal(n, 0.5, 2)));
    }
    return draws;
  }

  static Map<String, Tensor> closeInSinglePrecision() {
    Map<String, Tensor> draws = new LinkedHashMap<>();
    for (int n : new int[] {16, 35}) {
      draws.put("normal single " + n, Tensor.of(torch(ScalarType.Float).normal(n, 0.5, 2)));
    }
    return draws;
  }

  private static TorchGenerator torch(ScalarType type) {
    return new TorchGenerator(0, type);
  }

  private static LinearImpl linear(int[] shape, ScalarType type) {
    Torch.defaultType(type);
    torch.manual_seed(0);
    LinearImpl linear = new LinearImpl(shape[1], shape[0]);
    Torch.defaultType(ScalarType.Float);
    return linear;
  }

  private static void put(Map<String, Tensor> draws, String name, LinearImpl linear) {
    draws.put(name + " weight", Torch.from(linear.weight()));
    draws.put(name + " bias", Torch.from(linear.bias()));
  }
}
