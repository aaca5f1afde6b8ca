package doppio.internal;

import doppio.internal.choice.KernelChoice;
import doppio.internal.scalar.Enough;

/** Prints which kernels it has after some work, and ends at once. */
final class ShortProgram {
  private static final int WIDTH = 512;
  private static final long MOST = 1L << 34;

  private ShortProgram() {}

  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "little" -> product();
      case "much" -> much();
      default -> Enough.seen(KernelChoice.kernels());
    }
    System.out.println(KernelChoice.kernels().getClass().getSimpleName());
  }

  private static void much() {
    Class<?> first = KernelChoice.kernels().getClass();
    for (long work = 0; work < MOST && KernelChoice.kernels().getClass().equals(first); ) {
      work += product();
    }
  }

  private static long product() {
    double[] a = new double[WIDTH * WIDTH];
    double[] c = new double[WIDTH * WIDTH];
    KernelChoice.kernels().linear(a, 0, a, 0, null, 0, c, 0, WIDTH, WIDTH, WIDTH);
    return (long) WIDTH * WIDTH * WIDTH;
  }
}
