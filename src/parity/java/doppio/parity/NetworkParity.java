package doppio.parity;

import doppio.golden.NetworkCase;
import doppio.nn.Sequential;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
class NetworkParity {
  private static final int STEPS = 200;

  @ParameterizedTest
  @EnumSource
  void lossesOfTheFirstTwoHundredSteps(NetworkCase network) {
    Sequential model = network.model();
    try (PointerScope scope = new PointerScope()) {
      TorchNetworks twin = new TorchNetworks(network, model.stateDict());
      double[] expected = twin.train(STEPS);
      double[] actual = network.train(model, STEPS);
      for (int step = 0; step < STEPS; step++) {
        Tally.compare(
            network + ", loss of step " + step,
            new double[] {actual[step]},
            new double[] {expected[step]},
            step == 0 ? Tally.Bound.ONE_PASS : Tally.Bound.TWO_HUNDRED_STEPS);
      }
      String end = network + " after " + STEPS + " steps,";
      Tally.compare(end, model.stateDict(), twin.state(), Tally.Bound.TWO_HUNDRED_STEPS);
    }
  }
}
