package doppio.parity;

import doppio.golden.NetworkCase;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The network of {@link doppio.golden.SeededNetwork} by libtorch, in float32. */
final class TorchSeededNetwork {
  private static final int[] WIDTHS = {784, 512, 1024, 512, 10};

  private final NetworkCase network;
  private final LinearImpl[] linears = new LinearImpl[WIDTHS.length - 1];

  TorchSeededNetwork(NetworkCase network) {
    this.network = network;
    Torch.defaultType(ScalarType.Float);
    torch.manual_seed(66);
    for (int i = 0; i < linears.length; i++) {
      linears[i] = new LinearImpl(WIDTHS[i], WIDTHS[i + 1]);
    }
  }

  /** The parameters under the names that nn.Sequential gives them. */
  Map<String, doppio.Tensor> state() {
    Map<String, doppio.Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < linears.length; i++) {
      state.put(2 * i + ".weight", Torch.from(linears[i].weight()));
      state.put(2 * i + ".bias", Torch.from(linears[i].bias()));
    }
    return state;
  }

  /** The logits, computed in float32. */
  doppio.Tensor infer(doppio.Tensor inputs) {
    Tensor x = Torch.of(inputs).to(ScalarType.Float);
    for (int i = 0; i < linears.length; i++) {
      x = linears[i].forward(x);
      if (i < linears.length - 1) {
        x = network == NetworkCase.SIGMOID ? x.sigmoid() : x.relu();
      }
    }
    return Torch.from(x);
  }
}
