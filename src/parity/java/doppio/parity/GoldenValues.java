package doppio.parity;

import doppio.Tensor;
import doppio.golden.Golden;
import doppio.golden.LossCase;
import doppio.golden.NetworkCase;
import doppio.golden.OptimizerCase;
import doppio.golden.SeededNetwork;
import doppio.io.Dtype;
import doppio.io.SafeTensors;
import doppio.nn.GoldenLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;

/**
 * Makes the golden values: what the default tests expect, computed by libtorch alone. The command,
 * in the project's root, is {@code mvn -Pparity test-compile exec:exec@golden}.
 */
public final class GoldenValues {
  private static final Path RESOURCES = Path.of("src/test/resources");

  /** How many losses are kept of each network. */
  private static final Map<NetworkCase, Integer> LOSSES =
      Map.of(NetworkCase.TANH, 200, NetworkCase.SIGMOID, 5, NetworkCase.RELU, 5);

  private GoldenValues() {}

  /** Writes the files; takes no arguments. */
  public static void main(String[] args) throws IOException {
    torch.set_num_threads(1);
    Map<String, Tensor> values = new LinkedHashMap<>();
    put(values, "layer/", GoldenLayers.results());
    for (LossCase c : LossCase.all(1)) {
      put(values, "loss/" + c.name() + "/", TorchLosses.results(c));
    }
    for (OptimizerCase c : OptimizerCase.all()) {
      put(values, "optimizer/" + c + "/", TorchOptimizers.results(c, OptimizerCase::isRecorded));
    }
    put(values, "seed 0 exact/", TorchSeedDraws.exact());
    put(values, "seed 0 close/", TorchSeedDraws.close());
    put(values, "seed 0 close single/", TorchSeedDraws.closeInSinglePrecision());
    for (NetworkCase network : NetworkCase.values()) {
      TorchNetworks twin = new TorchNetworks(network, network.model().stateDict());
      double[] losses = twin.train(LOSSES.get(network));
      values.put("network/" + network, Tensor.of(losses));
    }
    for (NetworkCase network : new NetworkCase[] {NetworkCase.SIGMOID, NetworkCase.RELU}) {
      TorchSeededNetwork twin = new TorchSeededNetwork(network);
      values.put("seed 66/" + network, twin.infer(SeededNetwork.inputs()));
      String hashes = SeededNetwork.hashes(twin.state());
      Files.writeString(RESOURCES.resolve(SeededNetwork.FILE), hashes);
    }
    SafeTensors.save(
        RESOURCES.resolve(Golden.FILE), values, Dtype.F64, Map.of("libtorch", "2.7.1"));
  }

  private static void put(Map<String, Tensor> values, String prefix, Map<String, Tensor> results) {
    results.forEach((name, tensor) -> values.put(prefix + name, tensor));
  }
}
