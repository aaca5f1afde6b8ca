package doppio.internal;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.function.Consumer;

/** Checks what a kernel writes: all of its output, to the bit, and nothing else. */
final class Written {
  /** A NaN that no arithmetic makes, but some hands on; and a number that none leaves as it is. */
  private static final double[] SENTINELS = {
    Double.longBitsToDouble(0x7ff8_dead_0000_beefL), -12.34
  };

  private static final int GUARDS = 9;

  private Written() {}

  /**
   * Runs the kernel twice, on an output array that fits exactly and on one with guards behind.
   *
   * @param before what the output holds when the kernel begins; null for guard values
   * @param inputs what the kernel must not change
   * @return the number of runs
   */
  static int check(
      Object name,
      double[] before,
      double[] expected,
      Consumer<double[]> kernel,
      double[]... inputs) {
    int runs = 0;
    for (int guards = 0; guards <= GUARDS; guards += GUARDS) {
      double[] output = guarded(0, before, expected.length, guards);
      double[][] copies = copies(inputs);
      kernel.accept(output);
      assertWritten(name, output, 0, expected);
      assertUnchanged(name, inputs, copies);
      runs++;
    }
    return runs;
  }

  /** An array of guard values that holds the given numbers, null for none, from a place on. */
  static double[] guarded(int from, double[] numbers, int length, int guards) {
    double[] output = new double[from + length + guards];
    Arrays.setAll(output, Written::sentinel);
    if (numbers != null) {
      System.arraycopy(numbers, 0, output, from, length);
    }
    return output;
  }

  /** The array holds the expected numbers from a place on, and guard values elsewhere. */
  static void assertWritten(Object name, double[] output, int from, double[] expected) {
    for (int i = 0; i < output.length; i++) {
      boolean inside = i >= from && i < from + expected.length;
      if (inside
          ? !sameBits(output[i], expected[i - from])
          : Double.doubleToRawLongBits(output[i]) != Double.doubleToRawLongBits(sentinel(i))) {
        String wanted = inside ? Double.toHexString(expected[i - from]) : "nothing to be written";
        String got = Double.toHexString(output[i]);
        fail("%s: expected %s at %d, got %s", name, wanted, i - from, got);
      }
    }
  }

  static double[][] copies(double[]... arrays) {
    return Arrays.stream(arrays).map(a -> a == null ? null : a.clone()).toArray(double[][]::new);
  }

  static void assertUnchanged(Object name, double[][] inputs, double[][] copies) {
    if (!Arrays.deepEquals(inputs, copies)) {
      fail("%s: an input was changed", name);
    }
  }

  private static double sentinel(int i) {
    return SENTINELS[i % SENTINELS.length];
  }

  /** The same number, zeros told apart, any NaN for any other. */
  private static boolean sameBits(double a, double b) {
    return Double.doubleToLongBits(a) == Double.doubleToLongBits(b);
  }
}
