package doppio.nn;

import doppio.RandomTensors;
import doppio.Tensor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Steps networks with whatever kernels and threads there are, for {@link SteppedNetworksTest}. */
final class StepperProgram {
  private static final int LENGTH = 130;

  private StepperProgram() {}

  /** Prints for each network a hash of its steps, which have to be those of the whole sequence. */
  public static void main(String[] arguments) {
    for (Map.Entry<String, Module> network : SteppedNetworks.all().entrySet()) {
      Tensor x = RandomTensors.normal(5, LENGTH, SteppedNetworks.FEATURES);
      Tensor whole = network.getValue().infer(x);
      Tensor steps = StepperLawsTest.steps(network.getValue().stepper(), x);
      if (!Arrays.equals(steps.data(), whole.data())) {
        throw new AssertionError(network.getKey() + " steps to other bits");
      }
      System.out.println(
          network.getKey() + " " + HexFormat.of().toHexDigits(Arrays.hashCode(steps.data())));
    }
  }
}
