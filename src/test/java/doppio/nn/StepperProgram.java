package doppio.nn;

import com.sun.management.ThreadMXBean;
import doppio.RandomTensors;
import doppio.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/** Steps networks with whatever kernels and threads there are, for {@link SteppedNetworksTest}. */
final class StepperProgram {
  static final String ALLOCATION = "allocation";

  /**
   * The shapes that composites ask for, and what hands parts on: 1,248 bytes in the interpreter for
   * the encoder. The JIT makes some of them go away, and which differs from one JVM to the next.
   */
  static final long ALLOWED = 1300;

  private static final int LENGTH = 130;

  /** Objects that do not escape are gone when all is compiled, after so many steps at most. */
  private static final int ROUNDS = 2000;

  private static final int STEPS = 20;

  /** What attention looks back at grows with a sequence. */
  private static final int ROUNDS_OF_A_SEQUENCE = 10;

  private StepperProgram() {}

  /**
   * Prints for each network a hash of its steps, which have to be those of the whole sequence; or
   * the bytes that a step allocates beside what it returns.
   */
  public static void main(String[] arguments) {
    boolean allocation = Arrays.asList(arguments).contains(ALLOCATION);
    for (Map.Entry<String, Module> network : SteppedNetworks.all().entrySet()) {
      if (allocation) {
        System.out.println(network.getKey() + ": " + allocated(network.getValue()));
        continue;
      }
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

  /** The least of many rounds: in some of them nothing that a sequence needs has to grow. */
  private static long allocated(Module network) {
    Stepper stepper = network.stepper();
    Tensor x = RandomTensors.normal(6, SteppedNetworks.FEATURES);
    Tensor[] returned = new Tensor[1];
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS && least > ALLOWED; round++) {
      if (round % ROUNDS_OF_A_SEQUENCE == 0) {
        stepper.reset();
      }
      long start = bytes();
      for (int i = 0; i < STEPS; i++) {
        returned[0] = stepper.step(x);
      }
      long middle = bytes();
      for (int i = 0; i < STEPS; i++) {
        returned[0] = returned[0].copy();
      }
      // A copy shares the shape, which is an array of one number.
      long shapes = 24L * STEPS;
      least = Math.min(least, ((middle - start) - (bytes() - middle) - shapes) / STEPS);
    }
    return least;
  }

  private static long bytes() {
    ThreadMXBean jvm = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return jvm.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
