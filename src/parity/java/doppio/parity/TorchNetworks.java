package doppio.parity;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.mse_loss;

import doppio.golden.NetworkCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** The networks of {@link NetworkCase} by libtorch. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
final class TorchNetworks {
  private final NetworkCase network;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final SGD optimizer;

  /** The network before training, with the given parameters. */
  TorchNetworks(NetworkCase network, Map<String, doppio.Tensor> state) {
    this.network = network;
    state.forEach((name, w) -> parameters.put(name, Torch.leaf(w)));
    SGDOptions options = new SGDOptions(network.rate());
    options.momentum().put(network == NetworkCase.TANH ? 0 : NetworkCase.MOMENTUM);
    optimizer = new SGD(new TensorVector(parameters.values().toArray(Tensor[]::new)), options);
  }

  /** The loss before each step. */
  double[] train(int steps) {
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      try (PointerScope scope = new PointerScope()) {
        optimizer.zero_grad();
        Tensor y = forward(Torch.of(network.inputs(step)));
        Tensor loss =
            network == NetworkCase.TANH
                ? mse_loss(y, Torch.of(network.targets(step)))
                : TorchLosses.crossEntropy(y, network.targets(step));
        loss.backward();
        optimizer.step();
        losses[step] = loss.item_double();
      }
    }
    return losses;
  }

  /** The parameters by name. */
  Map<String, doppio.Tensor> state() {
    Map<String, doppio.Tensor> state = new LinkedHashMap<>();
    parameters.forEach((name, w) -> state.put(name, Torch.from(w)));
    return state;
  }

  private Tensor forward(Tensor x) {
    List<String> layers = new ArrayList<>();
    for (String name : parameters.keySet()) {
      if (name.endsWith(".weight")) {
        layers.add(name.replace(".weight", ""));
      }
    }
    Tensor y = x;
    for (int i = 0; i < layers.size(); i++) {
      TensorOptional bias = new TensorOptional(parameters.get(layers.get(i) + ".bias"));
      y = linear(y, parameters.get(layers.get(i) + ".weight"), bias);
      y = activation(y, i == layers.size() - 1);
    }
    return y;
  }

  private Tensor activation(Tensor x, boolean last) {
    if (network == NetworkCase.TANH) {
      return x.tanh();
    }
    if (last) {
      return x;
    }
    return network == NetworkCase.SIGMOID ? x.sigmoid() : x.relu();
  }
}
